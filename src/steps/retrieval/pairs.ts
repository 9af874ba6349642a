import type { Links } from "./links.ts";

/** b(t, p): the part of BM25 that a term of the question has in a passage. */
export type TermScores = Map<string, Map<string, number>>;

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** BM25 of a passage. */
export const textScore = (scores: TermScores, id: string): number => sum((scores.get(id) ?? new Map<string, number>()).values());

/** Passages that share a name with one of the first: the only ones besides the candidates whose scores `scorePairs` reads. */
export function partnersOf(first: string[], links: Links): Set<string> {
  const names = new Set(first.flatMap((id) => [...(links.names.get(id)?.keys() ?? [])]));
  return new Set([...names].flatMap((name) => [...links.chunks.get(name)!]));
}

/**
 * S = bm25 + 4 · max(bm25, best J), with J(p, p') = Σ over question terms of max(b(t, p), b(t, p')) + 1.5 · min(8, Σ idf of the
 * names they share), for p among the first 10 and p' linked to it (`retrieval.md`, step 3).
 */
export function scorePairs(first: string[], links: Links, scores: TermScores, candidates: Iterable<string>): Map<string, number> {
  const joint = new Map<string, number>();
  for (const p of first) {
    const shared = new Map<string, number>();
    for (const name of links.names.get(p)?.keys() ?? []) {
      for (const other of links.chunks.get(name) ?? []) if (other !== p) shared.set(other, (shared.get(other) ?? 0) + links.idf.get(name)!);
    }
    for (const [other, idf] of shared) {
      const j = best(scores.get(p), scores.get(other)) + 1.5 * Math.min(8, idf);
      for (const id of [p, other]) if (j > (joint.get(id) ?? 0)) joint.set(id, j);
    }
  }
  const result = new Map<string, number>();
  for (const id of new Set([...candidates, ...joint.keys()])) {
    const own = textScore(scores, id);
    result.set(id, own + 4 * Math.max(own, joint.get(id) ?? 0));
  }
  return result;
}

function best(a: Map<string, number> = new Map(), b: Map<string, number> = new Map()): number {
  let total = 0;
  for (const [term, value] of a) total += Math.max(value, b.get(term) ?? 0);
  for (const [term, value] of b) if (!a.has(term)) total += value;
  return total;
}
