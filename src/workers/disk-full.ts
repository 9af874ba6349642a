import { SluiceError } from "../errors.ts";

/** Whether the file system said that there is no room, or no more for this user. */
export const isDiskFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes((error as { code?: string } | null)?.code ?? "");

/** No room is no fault of the file that was read: it is read again when there is some. Other errors stay as they are. */
export const asDiskFull = (error: unknown): unknown =>
  isDiskFull(error) ? new SluiceError("store", "the disk is full where files are read; make room, it is tried again", { retryable: true, cause: error }) : error;
