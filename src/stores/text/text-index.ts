import type { Principal } from "../../data/principal.ts";
import type { Filters } from "../../data/query.ts";

export interface Found {
  chunkId: string;
  score: number;
}

/**
 * BM25 (Robertson & Zaragoza 2009; k1 1.2, b .75) over headings and text. Saturated term frequencies are stored with the
 * chunk, idf comes from the caller's visible chunks, so rankings are equal on every driver and hidden text changes nothing.
 */
export interface TextIndex {
  /** idf(t) = ln(1 + (N - n + .5) / (n + .5)) over the chunks the principal sees; `count` is N. Unknown terms are left out. */
  idf(principal: Principal, collections: string[], terms: string[]): Promise<{ count: number; idf: Map<string, number> }>;
  /** Best first. Score = Σ idf · saturated term frequency. */
  search(principal: Principal, collections: string[], weighted: Map<string, number>, limit: number, filters: Filters): Promise<Found[]>;
  /** Saturated term frequency of each term in each chunk; absent ones are left out. */
  termWeights(principal: Principal, chunkIds: string[], terms: string[]): Promise<Map<string, Map<string, number>>>;
  /** Of each phrase the chunks that hold its words one after the other, at most `limit`; `total` counts all of them. */
  phrases(principal: Principal, collections: string[], phrases: string[][], limit: number): Promise<Holding[]>;
}

export interface Holding {
  chunkIds: string[];
  total: number;
}
