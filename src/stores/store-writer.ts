import type { Class } from "../data/classification.ts";
import type { DocumentPlan } from "./document-writer.ts";
import type { VerifiedStore } from "./verification.ts";

/**
 * What a store on a server offers the document writer. A document's *revision* counts its replacements (the ledger's
 * intents); every row, edge and point carries `since` and, once it vanished, `until` (revisions). Each call is idempotent,
 * so that whatever a crash left half done is done again. `held` is asked before each batch and throws `conflict` when the
 * job was taken by another worker: what a paused worker would write late is not sent, and what was sent is rolled back.
 */
export interface StoreWriter extends VerifiedStore {
  /**
   * What is new gets `since = revision`, what vanished `until = revision`; what stays is left alone. A class that rises is
   * written at once, one that falls is kept beside it for `settle`. Plans of one job come together: their merges follow
   * the entities of all of them.
   */
  write(plans: DocumentPlan[], revisions: ReadonlyMap<string, number>, held: () => Promise<void>): Promise<void>;
  /** After the commit: what vanished up to this revision goes, classes fall, entities nobody mentions go. */
  settle(documentId: string, revision: number): Promise<void>;
  /**
   * Back to the committed revision (null: nothing of the document stays): later rows go, later `until` is taken off.
   * Revisions below `following` were given up: their writers change nothing any more.
   */
  rollBack(documentId: string, committed: number | null, following: number): Promise<void>;
  /** What a writer that was overtaken wrote late: rows of this revision go, its `until` is taken off; others stay. */
  undo(documentId: string, revision: number): Promise<void>;
  /** Everything stored about the documents becomes at least as strict, at once. */
  raiseClass(documentIds: string[], value: Class): Promise<void>;
}

/** Documents between intent and done, by id: the revision readers see, or null while there is none. Others are whole. */
export type InFlight = ReadonlyMap<string, number | null>;

/** What a tenant's documents go through, and went through a short while ago: longer than any read takes. */
export interface Replacements {
  open: InFlight;
  /** By id the revision that was written (or given up, or erased), and the one readers see since: null for none. */
  ended: ReadonlyMap<string, { revision: number; committed: number | null }>;
}
export type ReadInFlight = (tenant: string) => Promise<Replacements>;

/** Reads that saw a document change meanwhile run again, at most this often; then without the documents that changed. */
const attempts = 3;

/**
 * One read of a server store that sees every document whole: the documents in flight are filtered by their committed
 * revision, and the list is read again after the store answered. `touches`: whether the result holds something of the document.
 */
export async function readWhole<T>(tenant: string, readInFlight: ReadInFlight, read: (inFlight: InFlight) => Promise<T>, touches: (result: T, documentId: string) => boolean = () => true): Promise<T> {
  let before = await readInFlight(tenant);
  for (let attempt = 1; ; attempt += 1) {
    const result = await read(before.open);
    const after = await readInFlight(tenant);
    const changed = changes(before, after);
    if (attempt > attempts || !changed.some((id) => touches(result, id))) return result;
    before = attempt < attempts ? after : { ...after, open: new Map([...after.open, ...changed.map((id) => [id, null] as const)]) };
  }
}

/** Documents that something happened to which the first list did not tell of. */
function changes(before: Replacements, after: Replacements): string[] {
  const ids = new Set([...before.open.keys(), ...after.open.keys(), ...after.ended.keys()]);
  return [...ids].filter((id) => (before.open.has(id) ? before.open.get(id) !== committedNow(after, id) : after.open.has(id) || endOf(before, id) !== endOf(after, id)));
}

const committedNow = ({ open, ended }: Replacements, id: string): number | null | undefined => (open.has(id) ? open.get(id) : ended.get(id)?.committed);
const endOf = ({ ended }: Replacements, id: string): string => `${ended.get(id)?.revision} ${ended.get(id)?.committed}`;
