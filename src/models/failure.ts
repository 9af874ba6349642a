import type { Location } from "../data/decision.ts";
import { isAbort, SluiceError } from "../errors.ts";

/** Why an attempt failed, in the words of the failure table. */
export type FailureKind =
  | "network" // no connection, or it broke before an answer
  | "timeout"
  | "server" // 408, 5xx
  | "rate_limit" // 429 that passes soon, a full queue, a slot that did not come free
  | "usage_limit" // 429 until the period ends
  | "payment" // 402
  | "auth" // 401, 403
  | "missing" // 404, 410: model absent or retired
  | "bad_request" // other 4xx
  | "broken_stream"
  | "empty"
  | "thinking_only" // all room went into thinking
  | "invalid" // an answer that does not fit its schema, repair included
  | "redirect"
  | "forwarded" // a server called local sent the text on
  | "circuit_open"
  | "blocked" // the last gate
  | "refused"; // the ledger: budget, token limit or class changed since the facts were read

/** One failed attempt. `refused` in `sent` terms: false means that no byte left. `message` never quotes text; the server's own words are the cause. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly sent: boolean;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** What had come before it failed, for the bill. */
  outputTokens = 0;
  backend = "";
  location: Location = "local";

  constructor(kind: FailureKind, message: string, details: { sent?: boolean; status?: number | null; retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "Failure";
    this.kind = kind;
    this.sent = details.sent ?? true;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** A reply that is not 200, as a failure. `text` is the server's own message: it decides between limits that pass and limits that stay. */
export function statusFailure(status: number, text: string, retryAfter: string | undefined): Failure {
  const seconds = Number(retryAfter);
  const retryAfterMs = retryAfter === undefined ? null : Number.isFinite(seconds) ? seconds * 1000 : Math.max(0, Date.parse(retryAfter) - Date.now() || 0);
  const details = { status, retryAfterMs, cause: new Error(text.slice(0, 500)) };
  if (status >= 300 && status < 400) return new Failure("redirect", `answered ${status}: redirects are refused`, details);
  if (status === 429) return /usage limit|quota|upgrade/iu.test(text) ? new Failure("usage_limit", "its usage limit is reached", details) : new Failure("rate_limit", "its rate limit is reached", details);
  if (status === 402) return new Failure("payment", "it asks for payment", details);
  if (status === 401 || status === 403) return new Failure("auth", `it refused the key (${status})`, details);
  if (status === 404 || status === 410) return new Failure("missing", `it does not have this model (${status})`, details);
  if (status === 503 && /busy|slot|pending|queue/iu.test(text)) return new Failure("rate_limit", "all its slots are busy", details);
  if (status === 408 || status >= 500) return new Failure("server", `it failed with ${status}`, details);
  return new Failure("bad_request", `it refused the request (${status})`, details);
}

/** How long a usage limit lasts, from its wording; an hour when it does not say. */
export function usagePeriodMs(failure: Failure): number {
  if (failure.retryAfterMs) return failure.retryAfterMs;
  const text = failure.cause instanceof Error ? failure.cause.message : "";
  const hour = 3_600_000;
  if (/month/iu.test(text)) return Math.max(hour, endOfMonth() - Date.now());
  if (/week/iu.test(text)) return 7 * 24 * hour;
  if (/dai?ly|\bday\b/iu.test(text)) return 24 * hour;
  if (/session/iu.test(text)) return 5 * hour;
  return hour;
}

function endOfMonth(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}

/** Anything thrown on the wire as a failure; an abort of the caller's and our own errors pass through. */
export function toFailure(error: unknown, caller: AbortSignal, timeout: AbortSignal): unknown {
  if (caller.aborted) return cancelled(caller);
  if (timeout.aborted) return new Failure("timeout", "no answer in time", { cause: error });
  if (error instanceof Failure) return error;
  if (error instanceof SluiceError && error.code === "privacy_blocked") return new Failure("blocked", error.message, { sent: false, cause: error });
  if (error instanceof SluiceError) return error;
  const code = (error as { code?: string }).code;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EHOSTUNREACH" || code === "ENETUNREACH") return new Failure("network", `no connection (${code})`, { sent: false, cause: error });
  if (error instanceof Error && error.message.startsWith("Did not receive done")) return new Failure("broken_stream", "its answer broke off", { cause: error });
  return new Failure("network", "the connection failed", { cause: error });
}

/** The caller's own reason when it is one of ours, else `cancelled`. */
export function cancelled(signal: AbortSignal): SluiceError {
  if (signal.reason instanceof SluiceError) return signal.reason;
  const late = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  if (late) return new SluiceError("timeout", "the caller's deadline passed while a model was asked", { retryable: true, cause: signal.reason });
  return new SluiceError("cancelled", "the call to a model was cancelled", { cause: isAbort(signal.reason) ? undefined : signal.reason });
}
