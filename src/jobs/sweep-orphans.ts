import type { FileStore } from "../stores/files/file-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";

/** Far longer than an upload takes from its last byte to its row in the ledger, and than two machines' clocks are apart. */
const oldEnough = 86_400_000;

/** Removes files of documents that no row names: a process was killed before it had accepted them, or while it erased. */
export async function sweepOrphans(files: FileStore, documents: Pick<Ledger["documents"], "row">, signal: AbortSignal): Promise<void> {
  for await (const id of files.documents()) {
    if (signal.aborted) return;
    const changed = await files.changedAt(id);
    if (changed !== null && Date.now() - changed > oldEnough && !(await documents.row(id))) await files.removeAll(id);
  }
}
