import { PostgresAdapter, sql, type Expression, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import { allClasses, type Class } from "../../data/classification.ts";
import type { Lease } from "../document-writer.ts";
import { leaseLost } from "./ledger-errors.ts";
import type { LedgerTables } from "./tables.ts";

export type Sql = Kysely<LedgerTables>;
export type SqlTransaction = Transaction<LedgerTables>;

/** Milliseconds since 1970; the tests bring their own. */
export type Clock = () => number;
export const isoTime = (clock: Clock): string => new Date(clock()).toISOString();

export type Engine = "sqlite" | "postgres";
export const engineOf = (database: Sql): Engine => (database.getExecutor().adapter instanceof PostgresAdapter ? "postgres" : "sqlite");

/** True for rows whose class is in the list; one that is not known counts as `pii`. An empty list sees nothing. */
export function classIn(column: Expression<string | null>, classes: readonly Class[]): Expression<SqlBool> {
  if (classes.length === 0) return sql<SqlBool>`1 = 0`;
  return sql<SqlBool>`coalesce(${column}, 'pii') in (${sql.join([...classes])})`;
}

/** The stricter of a stored class (NULL is none yet) and a new one. */
export function raised(column: Expression<string | null>, value: Class): Expression<string> {
  const stricterOnes = allClasses.slice(allClasses.indexOf(value) + 1);
  if (stricterOnes.length === 0) return sql<string>`${value}`;
  return sql<string>`case when ${column} in (${sql.join(stricterOnes)}) then ${column} else ${value} end`;
}

/** A list of any length as rows with one column `value`, in one parameter; a list in the list is read with `value ->> 0`. */
export function rowsOf(engine: Engine, list: readonly unknown[]): RawBuilder<unknown> {
  const json = JSON.stringify(list);
  if (engine === "sqlite") return sql`json_each(${json})`;
  return typeof list[0] === "object" ? sql`jsonb_array_elements(${json}::jsonb) as listed (value)` : sql`jsonb_array_elements_text(${json}::jsonb) as listed (value)`;
}

export const listed = (engine: Engine, list: readonly string[]): RawBuilder<string> => sql<string>`(select value from ${rowsOf(engine, list)})`;

/**
 * What names the same thing happens one after the other until the transaction ends. On SQLite all transactions do. Taken
 * before the first read that counts: afterwards each statement sees what the one before has left.
 */
export async function lock(transaction: SqlTransaction, ...names: string[]): Promise<void> {
  if (engineOf(transaction) === "sqlite" || names.length === 0) return;
  await sql`select pg_advisory_xact_lock(key) from (select distinct hashtextextended(value, 0) as key from ${rowsOf("postgres", names)} order by key) as keys`.execute(transaction);
}

/** Before a job's row and after nothing else, or two that wait for each other have to begin again. */
export const lockDocuments = (transaction: SqlTransaction, ids: readonly string[]): Promise<void> => lock(transaction, ...ids.map((id) => `document ${id}`));

/** Throws `conflict` unless the job is held with this lease number, and stays so until the transaction ends. */
export async function mustHold(transaction: SqlTransaction, lease: Lease | null): Promise<void> {
  if (lease === null) return;
  const held = await transaction
    .selectFrom("ledger_jobs")
    .select("id")
    .where("id", "=", lease.jobId)
    .where("lease_number", "=", lease.number)
    .where("lease_owner", "is not", null)
    .$if(engineOf(transaction) === "postgres", (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  if (!held) throw leaseLost(lease);
}
