import { errorCodes, SluiceError, type ErrorCode } from "../errors.ts";

/** An error as it crosses a process or thread: what only an instance knows is written out. */
export interface PlainError {
  code: ErrorCode | null;
  message: string;
  retryable: boolean;
  retryAfter: number | undefined;
  /** The library's own words; they may quote the document and become only a `cause`. */
  cause: string;
}

export function toPlainError(error: unknown): PlainError {
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!(error instanceof SluiceError)) return { code: null, message: "", retryable: false, retryAfter: undefined, cause };
  const inner = error.cause === undefined ? "" : String(error.cause);
  return { code: error.code, message: error.message, retryable: error.retryable, retryAfter: error.retryAfter, cause: inner };
}

/** `fallback` says what a foreign error means here. */
export function fromPlainError(plain: PlainError, fallback: { code: ErrorCode; message: string }): SluiceError {
  const cause = plain.cause === "" ? undefined : new Error(plain.cause);
  const known = plain.code !== null && errorCodes.includes(plain.code);
  const { code, message } = known ? { code: plain.code!, message: plain.message } : fallback;
  return new SluiceError(code, message, { retryable: plain.retryable, retryAfter: plain.retryAfter, cause });
}
