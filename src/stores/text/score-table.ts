import { doubled, openKeyTable } from "./key-table.ts";

/** Scores of chunks by key, with the key of each one's document. */
export interface ScoreTable {
  /** Adds to the chunk's score; one that is new comes in unless `onlyKnown`. */
  add(chunk: number, document: number, score: number, onlyKnown: boolean): void;
  /** The score that so many chunks reach, 0 when there are fewer. */
  reachedBy(count: number): number;
  /** Chunks whose score is below the least go. */
  keep(least: number): void;
  documents(): Set<number>;
  /** Best first; equal scores in the order of the keys. */
  best(limit: number): { chunk: number; score: number }[];
}

export function openScoreTable(): ScoreTable {
  const chunks = openKeyTable();
  let scores = new Float64Array(chunks.keys.length);
  let documents = new Float64Array(chunks.keys.length);
  const reachedBy = (count: number): number => (count > chunks.size ? 0 : largest(scores.subarray(0, chunks.size), count));

  return {
    reachedBy,
    add(chunk, document, score, onlyKnown) {
      const known = chunks.placeOf(chunk);
      if (known >= 0) scores[known]! += score;
      if (known >= 0 || onlyKnown) return;
      const place = chunks.add(chunk);
      if (place === scores.length) [scores, documents] = [doubled(scores), doubled(documents)];
      scores[place] = score;
      documents[place] = document;
    },
    keep(least) {
      const { size } = chunks;
      chunks.clear();
      for (let place = 0; place < size; place++) {
        if (scores[place]! < least) continue;
        const kept = chunks.add(chunks.keys[place]!);
        scores[kept] = scores[place]!;
        documents[kept] = documents[place]!;
      }
    },
    documents: () => new Set(documents.subarray(0, chunks.size)),
    best(limit) {
      const least = reachedBy(limit);
      const found = Array.from(scores.subarray(0, chunks.size), (score, place) => ({ score, chunk: chunks.keys[place]! })).filter(({ score }) => score >= least);
      return found.sort((a, b) => b.score - a.score || a.chunk - b.chunk).slice(0, limit);
    },
  };
}

/** The value that so many reach: the root of a heap that holds the largest seen so far. */
function largest(values: Float64Array, count: number): number {
  const heap = values.slice(0, count).sort();
  for (let place = count; place < values.length; place++) {
    const value = values[place]!;
    if (value <= heap[0]!) continue;
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  }
  return heap[0]!;
}
