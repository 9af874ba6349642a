import type { Class } from "../../data/classification.ts";
import type { Principal } from "../../data/principal.ts";

/** The distinct words of one chunk, as `words` reads them out of its headings and text. */
export interface ChunkTerms {
  chunkId: string;
  class: Class;
  terms: string[];
}

/**
 * The text statistics of collections whose text lies in a store that cannot count for each caller: chunks and, by term,
 * chunks that hold it, per collection and class. They change in the transaction that commits or erases a document.
 */
export interface TermCounts {
  /** idf(t) = ln(1 + (N - n + .5) / (n + .5)) over the chunks the principal may see; `count` is N. Unknown terms are left out. */
  idf(principal: Principal, collections: string[], terms: string[]): Promise<{ count: number; idf: Map<string, number> }>;
  /** The documents' chunks count as at least this strict, at once. */
  raise(documentIds: string[], value: Class): Promise<void>;
}
