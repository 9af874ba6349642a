import type { DocumentPlan, Lease } from "../document-writer.ts";
import type { Replacements } from "../store-writer.ts";
import type { ChunkTerms } from "./chunk-terms.ts";

export type IntentPhase = "writing" | "cleaning" | "erasing" | "ended";

/** A replacement or an erasure that its worker did not bring to an end. */
export interface StaleIntent {
  documentId: string;
  jobId: string;
  revision: number;
  committed: number | null;
  phase: IntentPhase;
}

/**
 * One truth over several stores: what is being written or erased, and the revision of each document that readers see.
 * `writing` → commit → `cleaning` → done. Every change is durable when resolved, and may be asked for again after a
 * connection broke. Throws `conflict` when the lease was lost, `store` (retryable) while an intent is being mended.
 */
export interface IntentLedger {
  /**
   * Opens the documents' intents for this lease, or takes over those an earlier lease left: `revision` is one more than
   * any given out for the document before; `committed` is what readers see meanwhile, null while there is nothing.
   * Throws `not_found` for a document the ledger does not know and `conflict` for one that is being erased.
   */
  begin(documentIds: string[], lease: Lease): Promise<Map<string, { revision: number; committed: number | null }>>;
  /** Before each batch sent to a store: throws `conflict` when the lease was lost or an intent is no longer this one. */
  held(revisions: ReadonlyMap<string, number>, lease: Lease): Promise<void>;
  /**
   * In one transaction with all rows of the plans: makes the revisions the ones readers see, and the intents `cleaning`.
   * `terms`: the words of each document's chunks, where the ledger keeps the text statistics (null: it does not).
   * Asked again for revisions that are committed it changes nothing.
   */
  commit(plans: DocumentPlan[], revisions: ReadonlyMap<string, number>, lease: Lease, terms: ReadonlyMap<string, ChunkTerms[]> | null): Promise<void>;
  /** What vanished is cleaned up: the intent has ended. Nothing happens when a later one was opened meanwhile. */
  done(documentId: string, revision: number): Promise<void>;
  /** Gives up an intent that did not commit, after the stores were rolled back; clean-up that an earlier one owes stays open. */
  abandon(documentId: string, revision: number): Promise<void>;
  /** The tenant's documents between intent and done, and those whose intent ended in the last half minute. One read. */
  open(tenant: string): Promise<Replacements>;
  /**
   * Intents whose job is over or whose lease ran out, oldest first, to roll forward or back. They are held for a minute
   * for whoever asked: nobody else is given them, their worker can no longer commit, and `begin` waits its turn. Those that
   * ended half a minute ago are forgotten.
   */
  stale(limit: number): Promise<StaleIntent[]>;
  /** The documents and all below them; also those an interrupted erase removed already. */
  tree(documentIds: string[]): Promise<string[]>;
  /** From now on readers see nothing of these documents. The first one is erased, the others lie below it. */
  beginErase(documentIds: string[], lease: Lease): Promise<void>;
  /**
   * In one transaction: what the ledger holds of the documents goes, and their intents have ended. Gives the jobs whose threads are to
   * go. A lease of null is for whoever mends an erasure that `stale` handed out.
   */
  finishErase(documentIds: string[], lease: Lease | null): Promise<{ jobIds: string[] }>;
}
