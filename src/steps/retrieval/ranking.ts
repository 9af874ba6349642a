/** Places by score, best first; equal scores by id, so that a ranking never depends on the order of storage. */
export function ranked(scores: Map<string, number>): string[] {
  return [...scores.entries()].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id);
}

/** Reciprocal-rank fusion, k = 60 (Cormack, Clarke & Büttcher 2009). */
export function fuse(rankings: string[][], k = 60): Map<string, number> {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    ranking.forEach((id, index) => scores.set(id, (scores.get(id) ?? 0) + 1 / (k + index + 1)));
  }
  return scores;
}
