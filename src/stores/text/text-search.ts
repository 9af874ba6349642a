import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { keyOf } from "./keys.ts";
import { countTerms, lookUpTerm, scanTerm } from "./posting-lists.ts";
import { chunksPassing, idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";
import type { Found } from "./text-index.ts";

/** The saturated term frequency stays below k1 + 1. */
const highestWeight = 2.2;

/** A look-up of a document takes about as long as reading so many postings in a row (measured). */
const lookUpCost = 5;

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

/**
 * Saturated term frequencies, a row for each of the chunks and a column for each of the terms, 0 where it does not occur;
 * one array of numbers, since thousands of small ones take longer to cross between threads than to find. Terms must differ.
 */
export function termWeights(connection: Connection, question: Omit<Sight, "collections"> & { chunks: number[]; terms: string[] }): Float64Array {
  return snapshot(connection, () => {
    const { terms } = question;
    const chunks = connection
      .prepare("SELECT c.key, c.document, c.scope FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ? WHERE (1 << c.class) & ?")
      .raw()
      .all(JSON.stringify(question.chunks), question.tenant, question.mask) as [key: number, document: string, scope: number][];
    const visible = new Set(chunks.map(([key]) => key));
    const rowOf = new Map(question.chunks.flatMap((key, row) => (visible.has(key) ? [[key, row]] : [])));
    const scopes = JSON.stringify([...new Set(chunks.map(([, , scope]) => scope))]);
    const documents = [...new Set(chunks.map(([, document]) => document))].map(keyOf).sort((a, b) => a - b);
    const all = connection.prepare("SELECT count(*) FROM json_each(?) s CROSS JOIN text_documents d ON d.scope = s.value").pluck().get(scopes) as number;
    const counts = new Map(countTerms(connection, scopes, terms, question.mask).map(({ term, count }) => [term, Math.min(count, all)]));
    const weights = new Float64Array(question.chunks.length * terms.length);
    for (const [column, term] of terms.entries()) {
      const rows = counts.get(term)! <= lookUpCost * documents.length ? scanTerm(connection, scopes, term, question.mask) : lookUpTerm(connection, scopes, term, question.mask, documents);
      for (const { pairs } of rows) {
        for (let place = 0; place < pairs.length; place += 2) {
          const row = rowOf.get(pairs[place]!);
          if (row !== undefined) weights[row * terms.length + column] = pairs[place + 1]!;
        }
      }
    }
    return weights;
  });
}
