import { repeat } from "../postgres/repeat.ts";
import type { Ledger } from "./ledger.ts";

type Parts = Omit<Ledger, "engine">;

/** What leaves the same behind when it is done twice: begun again even when nobody knows whether the first time was kept. */
const idempotent: { [Part in keyof Parts]: readonly (keyof Parts[Part])[] } = {
  documents: ["accept", "adopt", "update", "settle", "raiseClass"],
  releases: ["find", "hashes"],
  jobs: ["approve", "renew", "update", "finish", "abandon"],
  entries: ["accept", "lastJobs", "takeOver", "results", "sizeBelow"],
  keys: [],
  spend: ["settle", "expire"],
  memo: ["put", "invalidate"],
  audit: ["reserve"],
  usage: [],
  alerts: ["first"],
  tiers: ["answered"],
  holds: ["put", "list", "end"],
  intents: ["begin", "commit", "done", "abandon", "beginErase", "finishErase"],
  terms: ["raise"],
};

/** The ledger on a server whose connections can end; what `repeat` does not begin again is the caller's, as a retryable error. */
export function repeating(ledger: Parts): Parts {
  const parts = Object.entries(ledger) as unknown as [keyof Parts, Record<string, unknown>][];
  return Object.fromEntries(parts.map(([name, part]) => [name, repeatingPart(part, idempotent[name] as readonly string[])])) as unknown as Parts;
}

function repeatingPart(part: Record<string, unknown>, twice: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(part).map(([name, method]) => {
    // A list that is read page by page is no promise, and goes on where it was.
    if (typeof method !== "function" || name === "rows") return [name, method];
    const policy = repeat(twice.includes(name));
    return [name, (...given: unknown[]) => policy.execute(() => (method as (...given: unknown[]) => Promise<unknown>)(...given))];
  });
  return Object.fromEntries(entries);
}
