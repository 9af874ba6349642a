/**
 * The closed list of error codes. The HTTP door maps each to one status, the command line to one exit code.
 */
export const errorCodes = [
  "invalid_input", // the request or file is wrong: 400
  "unauthorized", // no or unknown API key: 401
  "forbidden", // the key's role does not allow it, or a foreign host or origin: 403
  "not_found", // absent, or above the caller's classes: 404
  "conflict", // the state does not allow it now: 409
  "too_large", // a bound on bytes, pages, entries or characters: 413
  "unsupported_type", // no parser reads this format: 415
  "unreadable", // damaged, encrypted, a bomb: 422
  "overloaded", // a bounded queue is full: 429
  "cancelled", // the caller or an operator ended it: 499
  "config", // configuration is wrong: exit code 2
  "internal", // a bug: 500
  "model_unavailable", // no model may or can answer: 503
  "model_failed", // the model answered with something unusable: 502
  "privacy_blocked", // the last gate stopped bytes from leaving: 403
  "store", // a store failed or is full: 503
  "timeout", // a deadline passed: 504
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error class. `message` says what happened, on which input (by id, never by its text), and what to do;
 * `cause` may hold a library's own words and is shown only on request and never stored for restricted documents.
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** Seconds after which trying again makes sense, when known. */
  readonly retryAfter: number | undefined;
  /** Of a request that the last gate stopped: how often each kind was found. */
  readonly kinds: Record<string, number> | undefined;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; retryAfter?: number; kinds?: Record<string, number>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter;
    this.kinds = options.kinds;
  }
}

/** No failure: what the work needs is under way (`waitingFor`: entries), and it goes on when that has come. */
export class Waiting extends Error {
  readonly waitingFor: string;

  constructor(waitingFor: string) {
    super(`waits for ${waitingFor}`);
    this.name = "Waiting";
    this.waitingFor = waitingFor;
  }
}

/** What may be stored and shown of any error: a foreign error's own message may quote the document, so it is left out. */
export function publicError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof SluiceError) return { code: error.code, message: error.message };
  return { code: "internal", message: "an internal error; the log names it by its request or job id" };
}

export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

/** Name, files and lines only: a foreign error's message may quote the document. */
export const placesOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${(error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 6).join(" ")}` : typeof error;
