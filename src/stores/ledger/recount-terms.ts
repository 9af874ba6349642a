import { setImmediate as pause } from "node:timers/promises";
import { sql } from "kysely";
import type { Class } from "../../data/classification.ts";
import type { Scope } from "../../data/identity.ts";
import { runChanges, type Change } from "./commit-changes.ts";
import { engineOf, listed, lock, rowsOf, type Engine, type SqlTransaction } from "./sql.ts";

/** What one chunk adds to its collection's counts; `terms` are distinct. */
export interface TermRow extends Scope {
  documentId: string;
  chunkId: string;
  class: Class;
  terms: string[];
}

/** Chunks worked on before the event loop has a turn. */
const batch = 300;

async function* batches<T>(rows: readonly T[]): AsyncIterable<T[]> {
  for (let from = 0; from < rows.length; from += batch) {
    yield rows.slice(from, from + batch);
    await pause();
  }
}

export async function termRowsOf(transaction: SqlTransaction, documentIds: readonly string[]): Promise<TermRow[]> {
  const rows = await transaction.selectFrom("ledger_chunk_terms").selectAll().where("document_id", "in", listed(engineOf(transaction), documentIds)).execute();
  const found: TermRow[] = [];
  for await (const some of batches(rows)) {
    found.push(...some.map((row) => ({ documentId: row.document_id, chunkId: row.chunk_id, tenant: row.tenant, collection: row.collection, class: row.class as Class, terms: JSON.parse(row.terms) as string[] })));
  }
  return found;
}

/**
 * Puts `after` in the place of `before`, which are all the rows they replace, and moves the counts by what differs. Last
 * in its transaction: until it ends, others that count in the same collection wait.
 */
export async function recountTerms(transaction: SqlTransaction, before: readonly TermRow[], after: readonly TermRow[]): Promise<void> {
  const engine = engineOf(transaction);
  const stored = new Map(before.map((row) => [keyOf(row), row]));
  const wanted = new Map(after.map((row) => [keyOf(row), row]));
  const gone = before.filter((row) => !isSame(row, wanted.get(keyOf(row))));
  const come = after.filter((row) => !isSame(row, stored.get(keyOf(row))));
  const removed = gone.filter((row) => !wanted.has(keyOf(row)));
  for (const documentId of new Set(removed.map((row) => row.documentId))) {
    const chunks = removed.filter((row) => row.documentId === documentId).map(({ chunkId }) => chunkId);
    await transaction.deleteFrom("ledger_chunk_terms").where("document_id", "=", documentId).where("chunk_id", "in", listed(engine, chunks)).execute();
  }
  for await (const some of batches(come)) await runChanges(transaction, [storeRows(engine, some)]);
  const scopes = new Map([...gone, ...come].map(({ tenant, collection }) => [JSON.stringify([tenant, collection]), { tenant, collection }]));
  await lock(transaction, ...[...scopes.keys()].map((scope) => `terms ${scope}`));
  for (const scope of scopes.values()) await runChanges(transaction, await countChanges(engine, scope, gone.filter(isIn(scope)), come.filter(isIn(scope))));
}

const keyOf = (row: TermRow): string => `${row.documentId} ${row.chunkId}`;
const isIn = (scope: Scope) => (row: TermRow): boolean => row.tenant === scope.tenant && row.collection === scope.collection;
const isSame = (one: TermRow, other: TermRow | undefined): boolean => other !== undefined && one.class === other.class && one.terms.length === other.terms.length && one.terms.every((term, place) => term === other.terms[place]);

const storeRows = (engine: Engine, rows: readonly TermRow[]): Change => ({
  sql: sql`insert into ledger_chunk_terms (document_id, chunk_id, tenant, collection, class, terms)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    from ${rowsOf(engine, rows.map((row) => [row.documentId, row.chunkId, row.tenant, row.collection, row.class, JSON.stringify(row.terms)]))} where true
    on conflict (document_id, chunk_id) do update set class = excluded.class, terms = excluded.terms`,
});

async function countChanges(engine: Engine, { tenant, collection }: Scope, gone: readonly TermRow[], come: readonly TermRow[]): Promise<Change[]> {
  const chunks = new Map<Class, number>();
  const terms = new Map<string, Map<Class, number>>();
  const add = (row: TermRow, step: 1 | -1) => {
    chunks.set(row.class, (chunks.get(row.class) ?? 0) + step);
    for (const term of row.terms) {
      const counts = terms.get(term) ?? new Map<Class, number>();
      terms.set(term, counts.set(row.class, (counts.get(row.class) ?? 0) + step));
    }
  };
  for await (const some of batches(gone)) for (const row of some) add(row, -1);
  for await (const some of batches(come)) for (const row of some) add(row, 1);
  const moved = [...terms].flatMap(([term, counts]) => [...counts].map(([value, by]) => [term, value, by] as const)).filter(([, , by]) => by !== 0);
  const movedChunks = [...chunks].filter(([, by]) => by !== 0);
  const fewer = [...new Set(moved.filter(([, , by]) => by < 0).map(([term]) => term))];
  return [
    ...(movedChunks.length === 0 ? [] : [{
      sql: sql`insert into ledger_chunk_counts (tenant, collection, class, chunks)
        select cast(${tenant} as text), cast(${collection} as text), value ->> 0, cast(value ->> 1 as bigint) from ${rowsOf(engine, movedChunks)} where true
        on conflict (tenant, collection, class) do update set chunks = ledger_chunk_counts.chunks + excluded.chunks`,
    }]),
    { sql: sql`delete from ledger_chunk_counts where tenant = ${tenant} and collection = ${collection} and chunks = 0` },
    ...(moved.length === 0 ? [] : [{
      sql: sql`insert into ledger_term_counts (tenant, collection, term, class, chunks)
        select cast(${tenant} as text), cast(${collection} as text), value ->> 0, value ->> 1, cast(value ->> 2 as bigint) from ${rowsOf(engine, moved)} where true
        on conflict (tenant, collection, term, class) do update set chunks = ledger_term_counts.chunks + excluded.chunks`,
    }]),
    ...(fewer.length === 0 ? [] : [{ sql: sql`delete from ledger_term_counts where tenant = ${tenant} and collection = ${collection} and term in ${listed(engine, fewer)} and chunks = 0` }]),
  ];
}
