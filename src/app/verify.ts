import type { DocumentRow, Ledger } from "../stores/ledger/ledger.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { recordKinds, type StoredRecords, type VerifiedStore } from "../stores/verification.ts";
import { expectedRecords } from "../steps/expected-records.ts";
import { gauge } from "../telemetry.ts";

/** One thing that differs. `missing` and `extra` count records; a document the ledger does not know is all extra. */
export interface Difference {
  documentId: string;
  store: string;
  kind: string;
  missing: number;
  extra: number;
}

export interface Verification {
  documents: number;
  differences: Difference[];
  /** Jobs that store these documents anew, and documents without a row that were removed. */
  repaired: { jobIds: string[]; removed: string[] };
}

export interface VerifyOptions {
  repair: boolean;
  signal: AbortSignal;
  /** Documents compared so far. */
  onProgress?: (documents: number) => void;
}

export interface VerifyParts {
  documents: Pick<Ledger["documents"], "every" | "row">;
  files: FileStore;
  stores: VerifiedStore[];
  /** Stores the document anew from what its version left, without asking a model for what it has answered. */
  storeAgain(document: DocumentRow): Promise<string>;
}

const differing = gauge("sluice_verify_differences", "Records that differed between the ledger, files and stores at the last verification", ["store"]);
const verifiedAt = gauge("sluice_verify_timestamp_seconds", "When the last verification ended, seconds since 1970");

/** Far longer than any write is on its way before its row is in the ledger. */
const oldEnough = 86_400_000;

/**
 * Compares what the ledger committed with the files, and those with every store; a document that is worked on meanwhile is
 * left to its job. With `repair`, what differs is stored again and what nobody knows is removed.
 */
export async function verify(parts: VerifyParts, options: VerifyOptions): Promise<Verification> {
  const found: Verification = { documents: 0, differences: [], repaired: { jobIds: [], removed: [] } };
  for (let after = ""; ; ) {
    const page = await parts.documents.every(after, 100);
    for (const document of page) {
      options.signal.throwIfAborted();
      found.documents += 1;
      const differences = await compareDocument(document, parts);
      found.differences.push(...differences);
      if (options.repair && differences.length > 0) await repairDocument(document, parts, found);
      options.onProgress?.(found.documents);
    }
    if (page.length < 100) break;
    after = page.at(-1)!.id;
  }
  for (const store of parts.stores) await findUnknown(store, parts, options, found);
  await findUnknownFiles(parts, options, found);
  differing.reset();
  for (const name of ["files", ...parts.stores.map((store) => store.name)]) differing.set({ store: name }, sum(found.differences.filter((each) => each.store === name)));
  verifiedAt.set(Date.now() / 1000);
  return found;
}

const isWhole = ({ status }: DocumentRow): boolean => status === "ready" || status === "partial";

async function compareDocument(document: DocumentRow, { documents, files, stores }: VerifyParts): Promise<Difference[]> {
  if (!isWhole(document)) return [];
  const { original, records } = await expectedRecords(files, document);
  const differences: Difference[] = [];
  const note = (store: string, kind: string, missing: number, extra: number) => missing + extra > 0 && differences.push({ documentId: document.id, store, kind, missing, extra });
  note("files", "original", original ? 0 : 1, 0);
  // An attachment nobody could read is committed without anything read from it.
  if (!records && document.counts.chunks > 0) note("files", "artifacts", 1, 0);
  const expected = records ?? (document.counts.chunks === 0 ? emptyRecords : null);
  for (const store of expected ? stores : []) {
    const stored = await store.stored(document.id);
    for (const kind of recordKinds) if (stored[kind]) note(store.name, kind, ...compare(kind, expected![kind] ?? [], stored[kind]));
  }
  const now = differences.length > 0 ? await documents.row(document.id) : null;
  return now && isWhole(now) && now.updatedAt === document.updatedAt ? differences : [];
}

const emptyRecords: StoredRecords = Object.fromEntries(recordKinds.map((kind) => [kind, []]));

/** A merge is stored only while both its entities are mentioned somewhere; a vector may wait for `reindex`. */
function compare(kind: string, expected: string[], stored: string[]): [missing: number, extra: number] {
  const [wanted, there] = [new Set(expected), new Set(stored)];
  const missing = kind === "merges" ? 0 : wanted.difference(there).size;
  return [missing, kind === "vectors" && wanted.size === 0 ? 0 : there.difference(wanted).size];
}

async function repairDocument(document: DocumentRow, parts: VerifyParts, found: Verification): Promise<void> {
  const root = await rootOf(document, parts);
  const jobId = root && (await parts.storeAgain(root));
  if (jobId && !found.repaired.jobIds.includes(jobId)) found.repaired.jobIds.push(jobId);
}

/** What is worked in a job of its own. */
async function rootOf(document: DocumentRow, { documents }: VerifyParts): Promise<DocumentRow | null> {
  let at: DocumentRow | null = document;
  while (at?.parentId && !at.isEntry) at = await documents.row(at.parentId);
  return at;
}

async function findUnknown(store: VerifiedStore, { documents }: VerifyParts, { repair, signal }: VerifyOptions, found: Verification): Promise<void> {
  for await (const id of store.documents()) {
    signal.throwIfAborted();
    if (await documents.row(id)) continue;
    const extra = Object.values(await store.stored(id)).reduce((count, ids) => count + ids.length, 0);
    found.differences.push({ documentId: id, store: store.name, kind: "document", missing: 0, extra: Math.max(1, extra) });
    if (!repair) continue;
    await store.erase([id]);
    found.repaired.removed.push(id);
  }
}

async function findUnknownFiles({ documents, files }: VerifyParts, { repair, signal }: VerifyOptions, found: Verification): Promise<void> {
  for await (const id of files.documents()) {
    signal.throwIfAborted();
    const changed = await files.changedAt(id);
    if (changed === null || Date.now() - changed < oldEnough || (await documents.row(id))) continue;
    found.differences.push({ documentId: id, store: "files", kind: "document", missing: 0, extra: 1 });
    if (!repair) continue;
    await files.removeAll(id);
    found.repaired.removed.push(id);
  }
}

const sum = (differences: Difference[]): number => differences.reduce((total, { missing, extra }) => total + missing + extra, 0);
