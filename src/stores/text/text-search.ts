import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { keyOf } from "./keys.ts";
import { openKeyTable } from "./key-table.ts";
import { countTerms, lookUpTerm, scanTerm } from "./posting-lists.ts";
import { chunksPassing, idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";
import { openScoreTable } from "./score-table.ts";
import type { Found } from "./text-index.ts";

/** The saturated term frequency stays below k1 + 1. */
const highestWeight = 2.2;

/** A look-up of a document takes about as long as reading so many postings in a row (measured). */
const lookUpCost = 5;

/**
 * Exact best chunks by bounds (MaxScore, Turtle & Flood 1995): terms go from rare to frequent, and once what is left of
 * the terms cannot lift a new chunk into the result, only the documents of those that still may be in it are looked up.
 * Frequent words then cost no scan of their postings.
 */
export function searchText(connection: Connection, question: Sight & { weighted: [string, number][]; limit: number; filters: Filters }): Found[] {
  return snapshot(connection, () => {
    const keys = scopesOf(connection, question);
    const scopes = JSON.stringify(keys);
    const passing = chunksPassing(connection, keys, question.filters);
    const terms = question.weighted.filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const scores = openScoreTable();
    let [seen, left] = [0, terms.reduce((sum, [, weight]) => sum + weight * highestWeight, 0)];
    let closed = false;
    for (const [term, weight] of terms) {
      // No score is above what was seen, so before that no search for the last one of the result.
      const enough: number = closed || left < seen ? scores.reachedBy(question.limit) : 0;
      closed ||= left < enough;
      if (closed) scores.keep(enough - left);
      const rows = closed ? lookUpTerm(connection, scopes, term, question.mask, scores.documents()) : scanTerm(connection, scopes, term, question.mask);
      for (const { document, pairs } of rows) {
        for (let place = 0; place < pairs.length; place += 2) {
          const chunk = pairs[place]!;
          scores.add(chunk, document, weight * pairs[place + 1]!, closed || (passing !== null && !passing.has(chunk)));
        }
      }
      seen += weight * highestWeight;
      left -= weight * highestWeight;
    }
    const best = scores.best(question.limit);
    const ids = idsOf(connection, best.map(({ chunk }) => chunk));
    return best.map(({ chunk, score }) => ({ chunkId: ids.get(chunk)!, score }));
  });
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
    const rowOf = new Map(question.chunks.map((key, row) => [key, row]));
    const visible = openKeyTable();
    const rows = chunks.map(([key]) => (visible.add(key), rowOf.get(key)!));
    const scopes = JSON.stringify([...new Set(chunks.map(([, , scope]) => scope))]);
    const documents = [...new Set(chunks.map(([, document]) => document))].map(keyOf).sort((a, b) => a - b);
    const all = connection.prepare("SELECT count(*) FROM json_each(?) s CROSS JOIN text_documents d ON d.scope = s.value").pluck().get(scopes) as number;
    const counts = new Map(countTerms(connection, scopes, terms, question.mask).map(({ term, count }) => [term, Math.min(count, all)]));
    const weights = new Float64Array(question.chunks.length * terms.length);
    for (const [column, term] of terms.entries()) {
      const postings = counts.get(term)! <= lookUpCost * documents.length ? scanTerm(connection, scopes, term, question.mask) : lookUpTerm(connection, scopes, term, question.mask, documents);
      for (const { pairs } of postings) {
        for (let at = 0; at < pairs.length; at += 2) {
          const place = visible.placeOf(pairs[at]!);
          if (place >= 0) weights[rows[place]! * terms.length + column] = pairs[at + 1]!;
        }
      }
    }
    return weights;
  });
}
