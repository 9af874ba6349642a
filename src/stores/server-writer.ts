import { SluiceError } from "../errors.ts";
import { checkPlan } from "./check-plan.ts";
import type { DocumentPlan, DocumentWriter, Lease } from "./document-writer.ts";
import type { IntentLedger } from "./ledger/intents.ts";
import type { ChunkTerms } from "./ledger/chunk-terms.ts";
import type { TermCounts } from "./ledger/term-counts.ts";
import type { StoreWriter } from "./store-writer.ts";
import { readTerms } from "./text/chunk-words.ts";

export interface ServerWriterParts {
  intents: IntentLedger;
  /** The ledger's text statistics, where the text lies in a store that cannot count for each caller. */
  termCounts: Pick<TermCounts, "raise"> | null;
  stores: StoreWriter[];
}

/**
 * One truth over several stores: intent in the ledger, idempotent writes, the commit mark with the ledger's own rows in one
 * transaction, clean-up. A crash at any point is mended by whoever takes the job up again, or by `mend`.
 */
export function openServerWriter({ intents, termCounts, stores }: ServerWriterParts): DocumentWriter & { mend(limit?: number): Promise<number> } {
  const all = (work: (store: StoreWriter) => Promise<void>): Promise<unknown> => Promise.all(stores.map(work));

  async function settle(documentId: string, revision: number): Promise<void> {
    await all((store) => store.settle(documentId, revision));
    await intents.done(documentId, revision);
  }

  /** A writer that was overtaken takes back what it sent late; any other leaves what it wrote to whoever goes on. */
  async function giveUp(error: unknown, revisions: ReadonlyMap<string, number>): Promise<never> {
    if (error instanceof SluiceError && error.code === "conflict") {
      for (const [id, revision] of revisions) await all((store) => store.undo(id, revision));
    }
    throw error;
  }

  async function replace(plans: DocumentPlan[], lease: Lease): Promise<void> {
    plans.forEach(checkPlan);
    const begun = await intents.begin(plans.map((plan) => plan.documentId), lease);
    const revisions = new Map([...begun].map(([id, { revision }]) => [id, revision]));
    const held = () => intents.held(revisions, lease);
    try {
      // What an interrupted writer left would pass for what is there already.
      for (const [id, { revision, committed }] of begun) if (revision > (committed ?? 0) + 1) await all((store) => store.rollBack(id, committed, revision));
      await all((store) => store.write(plans, revisions, held));
      await intents.commit(plans, revisions, lease, termCounts ? new Map(plans.map((plan) => [plan.documentId, termsOf(plan)])) : null);
    } catch (error) {
      await giveUp(error, revisions);
    }
    for (const [id, revision] of revisions) await settle(id, revision);
  }

  return {
    replace,
    async erase(documentId, lease) {
      const jobIds = new Set<string>();
      let documentIds = await intents.tree([documentId]);
      // A child that a late worker added meanwhile goes too.
      for (let erased = 0; erased < documentIds.length; documentIds = await intents.tree(documentIds)) {
        erased = documentIds.length;
        await intents.beginErase(documentIds, lease);
        await all((store) => store.erase(documentIds));
        for (const id of (await intents.finishErase(documentIds, lease)).jobIds) jobIds.add(id);
      }
      return { documentIds, jobIds: [...jobIds] };
    },
    async raiseClass(documentId, value, lease) {
      if (lease) await intents.held(new Map(), lease);
      await termCounts?.raise([documentId], value);
      await all((store) => store.raiseClass([documentId], value));
    },
    /** Finishes what crashes left: committed documents are cleaned up, abandoned ones go back to what readers see. */
    async mend(limit = 100) {
      const stale = await intents.stale(limit);
      for (const { documentId, revision, committed, phase } of stale) {
        if (phase === "cleaning") await settle(documentId, revision);
        else if (phase === "writing") {
          await all((store) => store.rollBack(documentId, committed, revision + 1));
          await intents.abandon(documentId, revision);
        }
      }
      return stale.length;
    },
  };
}

const termsOf = ({ chunks }: DocumentPlan): ChunkTerms[] => chunks.map((chunk) => ({ chunkId: chunk.id, class: chunk.class, terms: [...readTerms(chunk, 1).weights.keys()] }));
