import { siblingModule } from "../../workers/package-root.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { keyOf, maskOf, realIds } from "./keys.ts";
import { scopesSql } from "./scope-filter.ts";
import type { Found, Holding, TextIndex } from "./text-index.ts";
import { phraseWords } from "./words.ts";

const reader = siblingModule(import.meta.url, "text-search").href;
const phraseReader = siblingModule(import.meta.url, "phrase-search").href;

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
      const ids = realIds(chunkIds);
      const columns = [...new Set(terms)];
      const weights = await database.query<Float64Array>(reader, "termWeights", { tenant: principal.tenant, mask: maskOf(principal), chunks: ids.map(keyOf), terms: columns });
      const found = new Map<string, Map<string, number>>();
      for (const [row, id] of ids.entries()) {
        const own = new Map<string, number>();
        for (const [column, term] of columns.entries()) {
          const weight = weights[row * columns.length + column]!;
          if (weight > 0) own.set(term, weight);
        }
        if (own.size > 0) found.set(id, own);
      }
      return found;
    },
    async phrases(principal, collections, phrases, limit) {
      if (phrases.length === 0) return [];
      return database.query<Holding[]>(phraseReader, "searchPhrases", { tenant: principal.tenant, collections, mask: maskOf(principal), phrases: phrases.map(phraseWords), limit });
    },
  };
}
