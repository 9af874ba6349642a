import { setImmediate as pause } from "node:timers/promises";
import type { Chunk } from "../../data/chunk.ts";
import { words } from "./words.ts";

/** What the index keeps of one chunk. */
export interface ChunkWords {
  /** Number of words, headings included. */
  length: number;
  counts: Record<string, number>;
  /** The words one after the other between blanks; a line break stands where a phrase cannot go on. */
  sequence: string;
}

const longestTurn = 10;

/** Reads the words of all chunks, giving the event loop a turn every 10 ms. */
export async function readWords(chunks: readonly Chunk[]): Promise<Map<string, ChunkWords>> {
  const found = new Map<string, ChunkWords>();
  let started = performance.now();
  for (const chunk of chunks) {
    found.set(chunk.id, wordsOf(chunk));
    if (performance.now() - started < longestTurn) continue;
    await pause();
    started = performance.now();
  }
  return found;
}

export function wordsOf(chunk: Pick<Chunk, "headings" | "text">): ChunkWords {
  const parts = [...chunk.headings, chunk.text].map(words);
  const counts = new Map<string, number>();
  let length = 0;
  for (const part of parts) {
    length += part.length;
    for (const word of part) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { length, counts: Object.fromEntries(counts), sequence: ` ${parts.map((part) => part.join(" ")).join(" \n ")} ` };
}
