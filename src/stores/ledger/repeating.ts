import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { PostgresError } from "../postgres/postgres-error.ts";
import type { Ledger } from "./ledger.ts";

type Parts = Omit<Ledger, "engine">;

/** What leaves the same behind when it is done twice: begun again even when nobody knows whether the first time was kept. */
const idempotent: { [Part in keyof Parts]: readonly (keyof Parts[Part])[] } = {
  documents: ["accept", "adopt", "update", "settle", "raiseClass"],
  jobs: ["renew", "update", "abandon"],
  keys: [],
  spend: ["dispatched", "settle", "release", "expire"],
  memo: ["put", "invalidate"],
  audit: [],
  tiers: ["answered"],
  intents: ["begin", "commit", "done", "abandon", "beginErase", "finishErase"],
  terms: ["raise"],
};

/**
 * The ledger on a server whose connections can end. What certainly was not kept (a deadlock, a read, a connection that
 * ended before its commit) is begun again, for about five seconds; what may have been kept is, where doing it twice is
 * doing it once. Otherwise the caller gets the error, which says so and is retryable.
 */
export function repeating(ledger: Parts): Parts {
  const parts = Object.entries(ledger) as unknown as [keyof Parts, Record<string, unknown>][];
  return Object.fromEntries(parts.map(([name, part]) => [name, repeatingPart(part, idempotent[name] as readonly string[])])) as unknown as Parts;
}

function repeatingPart(part: Record<string, unknown>, twice: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(part).map(([name, method]) => {
    // A list that is read page by page is no promise, and goes on where it was.
    if (typeof method !== "function" || name === "rows") return [name, method];
    const policy = retry(handleWhen((error) => canRepeat(error, twice.includes(name))), { maxAttempts: 10, backoff: new ExponentialBackoff({ initialDelay: 20, maxDelay: 1_000 }) });
    return [name, (...given: unknown[]) => policy.execute(() => (method as (...given: unknown[]) => Promise<unknown>)(...given))];
  });
  return Object.fromEntries(entries);
}

const canRepeat = (error: unknown, twice: boolean): boolean => error instanceof PostgresError && error.retryable && (error.kept === "no" || twice);
