import { setImmediate as pause } from "node:timers/promises";
import { rank } from "../../data/classification.ts";
import type { Chunk } from "../../data/chunk.ts";
import { keyOf } from "./keys.ts";
import { words } from "./words.ts";

/** What the index keeps of a document. */
export interface DocumentWords {
  /** Chunk id → its words one after the other between blanks; a line break stands where a phrase cannot go on. */
  sequences: Map<string, string>;
  /** JSON list of `[term, class rank, number of chunks, pairs of float64 (chunk key, saturated frequency) in hexadecimal]`, sorted by term. */
  postings: string;
  /** JSON list of `[term, class rank]`. */
  terms: string;
}

const longestTurn = 10;

/** Gives the event loop a turn whenever 10 ms have passed. */
function turns(): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < longestTurn) return undefined;
    return pause().then(() => void (started = performance.now()));
  };
}

/** Reads the words of all chunks of one document. `meanLength`: words of an average chunk. */
export async function readWords(chunks: readonly Chunk[], meanLength: number): Promise<DocumentWords> {
  const turn = turns();
  const sequences = new Map<string, string>();
  const postings = new Map<string, number[]>();
  const sorted = chunks.toSorted((a, b) => keyOf(a.id) - keyOf(b.id));
  for (const chunk of sorted) {
    const { weights, sequence } = readTerms(chunk, meanLength);
    const value = rank(chunk.class);
    sequences.set(chunk.id, sequence);
    for (const [term, weight] of weights) {
      const row = `${term} ${value}`;
      const pair = [keyOf(chunk.id), weight] as const;
      const known = postings.get(row);
      if (known) known.push(...pair);
      else postings.set(row, [...pair]);
    }
    await turn();
  }
  const rows: string[] = [];
  const terms: string[] = [];
  for (const [row, pairs] of [...postings].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [term, value] = row.split(" ");
    rows.push(`["${term}",${value},${pairs.length / 2},"${Buffer.from(Float64Array.from(pairs).buffer).toString("hex")}"]`);
    terms.push(`["${term}",${value}]`);
    await turn();
  }
  return { sequences, postings: `[${rows.join(",")}]`, terms: `[${terms.join(",")}]` };
}

/** BM25's term frequency part, k1 1.2 and b .75; `length` in mean lengths. */
export const saturated = (count: number, length: number): number => (count * 2.2) / (count + 1.2 * (0.25 + 0.75 * length));

/** The words of one chunk: saturated frequency of each, and all of them one after the other between blanks. */
export function readTerms(chunk: Pick<Chunk, "headings" | "text">, meanLength: number): { weights: Map<string, number>; sequence: string } {
  const parts = [...chunk.headings, chunk.text].map(words);
  const weights = new Map<string, number>();
  let length = 0;
  for (const part of parts) {
    length += part.length;
    for (const word of part) weights.set(word, (weights.get(word) ?? 0) + 1);
  }
  for (const [word, count] of weights) weights.set(word, saturated(count, length / meanLength));
  return { weights, sequence: ` ${parts.map((part) => part.join(" ")).join(" \n ")} ` };
}
