import type { Selectable } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { Lease } from "../document-writer.ts";
import { engineOf, listed, type Sql, type SqlTransaction } from "./sql.ts";
import type { IntentTable } from "./tables.ts";

type Intent = Selectable<IntentTable>;

export async function intentsOf(database: Sql, documentIds: readonly string[]): Promise<Map<string, Intent>> {
  const rows = await database.selectFrom("ledger_intents").selectAll().where("document_id", "in", listed(engineOf(database), documentIds)).execute();
  return new Map(rows.map((row) => [row.document_id, row]));
}

/** ms an intent is held for whoever mends it. */
export const mending = 60_000;
/** ms ahead: what is held longer than that was written by a clock that was wrong. Twice the time, since clocks of machines differ a little. */
export const farthest = 2 * mending;

/** ms an intent that ended is remembered: readers that began before it ended must see that something changed. */
export const remembered = 30_000;

export const endedAt = (now: string) => ({ phase: "ended" as const, opened_at: now, unsettled: 0, held_until: null });

/** Held longer than it ever is: the clock was set back since. */
const isHeld = (until: string | null, now: string): until is string => until !== null && until > now && Date.parse(until) - Date.parse(now) <= farthest;

/** Whether the intent is still the one this lease opened with this revision, and nobody mends it. */
export const isOpenedBy = (intent: Intent | undefined, revision: number | undefined, lease: Lease): intent is Intent =>
  intent !== undefined && intent.revision === revision && intent.job_id === lease.jobId && intent.lease_number === lease.number && intent.held_until === null;

/** An intent that is being mended is taken over only when that is done, or took too long. */
export async function mustBeFree(transaction: SqlTransaction, documentIds: readonly string[], now: string): Promise<Map<string, Intent>> {
  const intents = await intentsOf(transaction, documentIds);
  for (const { document_id: id, held_until: until } of intents.values()) {
    if (!isHeld(until, now)) continue;
    throw new SluiceError("store", `[ledger] document ${id} is being mended after an interrupted write; try again`, { retryable: true, retryAfter: Math.ceil((Date.parse(until) - Date.parse(now)) / 1_000) });
  }
  return intents;
}

/** Tried again while its job is still held: it was mended while the worker, or its ledger, was away for longer than its lease. */
export const overtaken = (id: string): SluiceError => new SluiceError("conflict", `[ledger] document ${id}: this write was overtaken by another; nothing of it was kept`, { retryable: true });
