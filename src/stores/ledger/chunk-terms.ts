import type { Class } from "../../data/classification.ts";

/** The distinct words of one chunk, as `words` reads them out of its headings and text. */
export interface ChunkTerms {
  chunkId: string;
  class: Class;
  terms: string[];
}
