import { SluiceError } from "../../errors.ts";
import { isDiskFull } from "../../workers/disk-full.ts";

/** What an error of the file system means; paths stay in the cause. */
export function toFileError(error: unknown, documentId: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const code = (error as { code?: string } | null)?.code ?? "unknown";
  const on = `[files] document ${documentId}`;
  if (code === "ENOENT") return new SluiceError("not_found", `${on}: the file is not there; it may have been erased`, { cause: error });
  if (isDiskFull(error)) return new SluiceError("store", `${on}: the disk is full; nothing of this file was kept, make room and try again`, { retryable: true, cause: error });
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return new SluiceError("store", `${on}: the data folder may not be read or written (${code}); check its rights`, { cause: error });
  return new SluiceError("store", `${on}: the file system failed (${code}); nothing of this write was kept`, { retryable: true, cause: error });
}

export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
}
