import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { chunksPassing, idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";
import type { Found } from "./text-index.ts";

/** The saturated term frequency stays below k1 + 1. */
const highestWeight = 2.2;

/**
 * Exact best chunks by document-at-a-time bounds (MaxScore, Turtle & Flood 1995): terms go from rare to frequent, and once
 * what is left of the terms cannot lift a new chunk into the result, only the chunks at hand are looked up. Frequent words
 * then cost no scan of their postings.
 */
export function searchText(connection: Connection, question: Sight & { weighted: [string, number][]; limit: number; filters: Filters }): Found[] {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const passing = chunksPassing(connection, scopes, question.filters);
    const terms = question.weighted.filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    let left = terms.reduce((sum, [, weight]) => sum + weight * highestWeight, 0);
    let scores = new Map<number, number>();
    let closed = false;
    for (const [term, weight] of terms) {
      if (!closed && scores.size >= question.limit) {
        const enough = scoreAt(scores, question.limit);
        closed = left < enough;
        if (closed) scores = new Map([...scores].filter(([, score]) => score + left >= enough));
      }
      const postings = closed ? lookUp(connection, scopes, term, question.mask, [...scores.keys()]) : scan(connection, scopes, term, question.mask);
      for (const [chunk, frequency] of postings) {
        if (passing && !passing.has(chunk)) continue;
        scores.set(chunk, (scores.get(chunk) ?? 0) + weight * frequency);
      }
      left -= weight * highestWeight;
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, question.limit);
    const ids = idsOf(connection, best.map(([key]) => key));
    return best.map(([key, score]) => ({ chunkId: ids.get(key)!, score }));
  });
}

function scoreAt(scores: Map<number, number>, place: number): number {
  const sorted = Float64Array.from(scores.values()).sort();
  return sorted[sorted.length - place]!;
}

function scan(connection: Connection, scopes: number[], term: string, mask: number): [number, number][] {
  const sql = "SELECT p.chunk, p.weight FROM json_each(?) s CROSS JOIN postings p ON p.scope = s.value AND p.term = ? WHERE (1 << p.class) & ?";
  return connection.prepare(sql).raw().all(JSON.stringify(scopes), term, mask) as [number, number][];
}

function lookUp(connection: Connection, scopes: number[], term: string, mask: number, chunks: number[]): [number, number][] {
  const sql = "SELECT p.chunk, p.weight FROM json_each(?) j CROSS JOIN json_each(?) s CROSS JOIN postings p ON p.scope = s.value AND p.term = ? AND p.chunk = j.value WHERE (1 << p.class) & ?";
  return connection.prepare(sql).raw().all(JSON.stringify(chunks), JSON.stringify(scopes), term, mask) as [number, number][];
}

/** Rows `[chunk id, term, saturated term frequency]`. */
export function termWeights(connection: Connection, question: Omit<Sight, "collections"> & { chunks: number[]; terms: string[] }): [string, string, number][] {
  return connection
    .prepare(
      `SELECT c.id, p.term, p.weight FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ?
       CROSS JOIN json_each(?) t CROSS JOIN postings p ON p.scope = c.scope AND p.term = t.value AND p.chunk = c.key WHERE (1 << p.class) & ?`,
    )
    .raw()
    .all(JSON.stringify(question.chunks), question.tenant, JSON.stringify(question.terms), question.mask) as [string, string, number][];
}

/** Chunks with all words, fewest first, are read for the words in one piece. */
export function searchPhrase(connection: Connection, question: Sight & { words: string[]; limit: number }): { chunkIds: string[]; total: number } {
  return snapshot(connection, () => {
    const scopes = JSON.stringify(scopesOf(connection, question));
    const counted = connection
      .prepare("SELECT j.value AS term, (SELECT coalesce(sum(t.count), 0) FROM json_each(?) s CROSS JOIN term_counts t ON t.scope = s.value AND t.term = j.value WHERE (1 << t.class) & ?) AS count FROM json_each(?) j ORDER BY 2, 1")
      .all(scopes, question.mask, JSON.stringify([...new Set(question.words)])) as { term: string; count: number }[];
    const [rarest, ...others] = counted;
    if (!rarest || rarest.count === 0) return { chunkIds: [], total: 0 };
    const keys = connection
      .prepare(
        `SELECT p.chunk FROM json_each(?) s CROSS JOIN postings p ON p.scope = s.value AND p.term = ?
         ${others.map((_, place) => `CROSS JOIN postings p${place} ON p${place}.scope = p.scope AND p${place}.term = ? AND p${place}.chunk = p.chunk`).join("\n")}
         CROSS JOIN chunk_words w ON w.chunk = p.chunk
         WHERE (1 << p.class) & ? AND instr(w.words, ?) ORDER BY p.chunk`,
      )
      .pluck()
      .all(scopes, rarest.term, ...others.map(({ term }) => term), question.mask, ` ${question.words.join(" ")} `) as number[];
    const first = keys.slice(0, question.limit);
    const ids = idsOf(connection, first);
    return { chunkIds: first.map((key) => ids.get(key)!), total: keys.length };
  });
}
