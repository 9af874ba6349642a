import { sql } from "kysely";
import { allClasses, rank, type Class } from "../../data/classification.ts";
import type { Principal } from "../../data/principal.ts";
import { recountTerms, termRowsOf } from "./recount-terms.ts";
import { classIn, lockDocuments, type Sql } from "./sql.ts";

/**
 * The text statistics of collections whose text lies in a store that cannot count for each caller: chunks and, by term,
 * chunks that hold it, per collection and class. They change in the transaction that commits or erases a document.
 */
export interface TermCounts {
  /** idf(t) = ln(1 + (N - n + .5) / (n + .5)) over the chunks the principal may see; `count` is N. Unknown terms are left out. */
  idf(principal: Principal, collections: string[], terms: string[]): Promise<{ count: number; idf: Map<string, number> }>;
  /** The documents' chunks count as at least this strict, at once. */
  raise(documentIds: string[], value: Class): Promise<void>;
}

export function openTermCounts(database: Sql): TermCounts {
  return {
    async idf(principal, collections, terms) {
      const unique = [...new Set(terms)];
      // A question names few: as parameters they are looked up by key.
      const named = (list: string[]) => sql`(${list.length === 0 ? sql`null` : sql.join(list)})`;
      const inSight = sql`tenant = ${principal.tenant} and collection in ${named(collections)} and ${classIn(sql.ref("class"), principal.classes)}`;
      const { rows } = await sql<{ term: string | null; chunks: number }>`
        select null as term, coalesce(sum(chunks), 0) as chunks from ledger_chunk_counts where ${inSight}
        union all
        select term, sum(chunks) as chunks from ledger_term_counts where ${inSight} and term in ${named(unique)} group by term`.execute(database);
      const count = rows.find(({ term }) => term === null)!.chunks;
      const known = rows.flatMap(({ term, chunks }) => (term === null ? [] : [[term, Math.log(1 + (count - chunks + 0.5) / (chunks + 0.5))] as const]));
      return { count, idf: new Map(known) };
    },

    raise: (documentIds, value) =>
      database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, documentIds);
        const lower = allClasses.slice(0, rank(value));
        const before = (await termRowsOf(transaction, documentIds)).filter((row) => lower.includes(row.class));
        await recountTerms(transaction, before, before.map((row) => ({ ...row, class: value })));
      }),
  };
}
