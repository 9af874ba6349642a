import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { keyOf } from "./keys.ts";
import { lookUpTerm, scanTerm, toPairs } from "./posting-lists.ts";
import { chunksPassing, idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";
import type { Found } from "./text-index.ts";

/** The saturated term frequency stays below k1 + 1. */
const highestWeight = 2.2;

interface Scored {
  score: number;
  document: number;
}

/**
 * Exact best chunks by bounds (MaxScore, Turtle & Flood 1995): terms go from rare to frequent, and once what is left of
 * the terms cannot lift a new chunk into the result, only the documents at hand are looked up. Frequent words then cost
 * no scan of their postings.
 */
export function searchText(connection: Connection, question: Sight & { weighted: [string, number][]; limit: number; filters: Filters }): Found[] {
  return snapshot(connection, () => {
    const keys = scopesOf(connection, question);
    const scopes = JSON.stringify(keys);
    const passing = chunksPassing(connection, keys, question.filters);
    const terms = question.weighted.filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    let left = terms.reduce((sum, [, weight]) => sum + weight * highestWeight, 0);
    let scores = new Map<number, Scored>();
    let closed = false;
    for (const [term, weight] of terms) {
      if (!closed && scores.size >= question.limit) {
        const enough = scoreAt(scores, question.limit);
        closed = left < enough;
        if (closed) scores = new Map([...scores].filter(([, { score }]) => score + left >= enough));
      }
      const rows = closed ? lookUpTerm(connection, scopes, term, question.mask, new Set([...scores.values()].map(({ document }) => document))) : scanTerm(connection, scopes, term, question.mask);
      for (const { document, pairs } of rows) {
        for (let place = 0; place < pairs.length; place += 2) {
          const chunk = pairs[place]!;
          const known = scores.get(chunk);
          if (known) known.score += weight * pairs[place + 1]!;
          else if (!closed && (!passing || passing.has(chunk))) scores.set(chunk, { score: weight * pairs[place + 1]!, document });
        }
      }
      left -= weight * highestWeight;
    }
    const best = [...scores].sort((a, b) => b[1].score - a[1].score || a[0] - b[0]).slice(0, question.limit);
    const ids = idsOf(connection, best.map(([key]) => key));
    return best.map(([key, { score }]) => ({ chunkId: ids.get(key)!, score }));
  });
}

function scoreAt(scores: Map<number, Scored>, place: number): number {
  const sorted = Float64Array.from(scores.values(), ({ score }) => score).sort();
  return sorted[sorted.length - place]!;
}

/** Rows `[chunk id, term, saturated term frequency]`. */
export function termWeights(connection: Connection, question: Omit<Sight, "collections"> & { chunks: number[]; terms: string[] }): [string, string, number][] {
  return snapshot(connection, () => {
    const chunks = connection
      .prepare("SELECT c.key, c.id, c.document, c.scope FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ? WHERE (1 << c.class) & ?")
      .all(JSON.stringify(question.chunks), question.tenant, question.mask) as { key: number; id: string; document: string; scope: number }[];
    const ids = new Map(chunks.map(({ key, id }) => [key, id]));
    const documents = new Map(chunks.map(({ document, scope }) => [document, [scope, keyOf(document)]]));
    const rows = connection
      .prepare("SELECT p.term, p.chunks FROM json_each(?) d CROSS JOIN json_each(?) t CROSS JOIN postings p ON p.scope = d.value ->> 0 AND p.term = t.value AND p.document = d.value ->> 1 WHERE (1 << p.class) & ?")
      .raw()
      .all(JSON.stringify([...documents.values()]), JSON.stringify(question.terms), question.mask) as [string, Buffer][];
    const found: [string, string, number][] = [];
    for (const [term, blob] of rows) {
      const pairs = toPairs(blob);
      for (let place = 0; place < pairs.length; place += 2) {
        const id = ids.get(pairs[place]!);
        if (id) found.push([id, term, pairs[place + 1]!]);
      }
    }
    return found;
  });
}
