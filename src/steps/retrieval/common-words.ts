import { asking } from "../question-words.ts";

/** Passages of an imagined background collection, and the share of them that hold a common word. */
const background = 50;
const share = 0.8;

/**
 * In a small collection a word like "what" is rare by chance and would outweigh the words that matter. Common words are counted
 * as if 50 more passages had been seen, 40 of them with the word; in a large collection that changes nothing. idf as BM25's:
 * ln(1 + (N - n + .5) / (n + .5)), whence n = (N + 1) / e^idf - .5.
 */
export function settleCommonWords(idf: Map<string, number>, count: number): Map<string, number> {
  const settled = new Map<string, number>();
  for (const [term, value] of idf) {
    if (!asking.has(term)) {
      settled.set(term, value);
      continue;
    }
    const n = (count + 1) / Math.exp(value) - 0.5 + background * share;
    settled.set(term, Math.log(1 + (count + background - n + 0.5) / (n + 0.5)));
  }
  return settled;
}
