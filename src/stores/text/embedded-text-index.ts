import { siblingModule } from "../../workers/package-root.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { keysOf, maskOf } from "./keys.ts";
import { scopesSql } from "./scope-filter.ts";
import type { Found, TextIndex } from "./text-index.ts";
import { words as wordsIn } from "./words.ts";

const reader = siblingModule(import.meta.url, "text-search").href;
const phraseReader = siblingModule(import.meta.url, "phrase-search").href;
const mostJoinedWords = 30;

/** The text index in the shared SQLite file: postings with class and weight, counts by scope and class. */
export function openTextIndex(database: SqliteDatabase): TextIndex {
  return {
    async idf(principal, collections, terms) {
      const scope = [principal.tenant, JSON.stringify(collections)] as const;
      const mask = maskOf(principal);
      const total = database.read<{ count: number }>(`SELECT coalesce(sum(count), 0) AS count FROM chunk_counts WHERE scope IN (${scopesSql}) AND (1 << class) & ?`, ...scope, mask);
      const rows = database.read<{ term: string; count: number }>(
        `SELECT t.term, sum(t.count) AS count FROM (${scopesSql}) s CROSS JOIN json_each(?) j CROSS JOIN term_counts t ON t.scope = s.key AND t.term = j.value
         WHERE (1 << t.class) & ? GROUP BY t.term`,
        ...scope, JSON.stringify([...new Set(terms)]), mask,
      );
      const count = total[0]!.count;
      return { count, idf: new Map(rows.map((row) => [row.term, Math.log(1 + (count - row.count + 0.5) / (row.count + 0.5))])) };
    },
    search(principal, collections, weighted, limit, filters) {
      const argument = { tenant: principal.tenant, collections, mask: maskOf(principal, filters.classes), weighted: [...weighted], limit, filters };
      return database.query<Found[]>(reader, "searchText", argument);
    },
    async termWeights(principal, chunkIds, terms) {
      const argument = { tenant: principal.tenant, mask: maskOf(principal), chunks: keysOf(chunkIds), terms: [...new Set(terms)] };
      const found = new Map<string, Map<string, number>>();
      for (const [chunk, term, weight] of await database.query<[string, string, number][]>(reader, "termWeights", argument)) {
        if (!found.has(chunk)) found.set(chunk, new Map());
        found.get(chunk)!.set(term, weight);
      }
      return found;
    },
    async phrase(principal, collections, sequence, limit) {
      const words = sequence.flatMap(wordsIn);
      if (words.length === 0 || new Set(words).size > mostJoinedWords) return { chunkIds: [], total: 0 };
      return database.query(phraseReader, "searchPhrase", { tenant: principal.tenant, collections, mask: maskOf(principal), words, limit });
    },
  };
}
