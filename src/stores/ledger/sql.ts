import { sql, type Expression, type Kysely, type SqlBool, type Transaction } from "kysely";
import { allClasses, type Class } from "../../data/classification.ts";
import type { Lease } from "../document-writer.ts";
import type { LedgerTables } from "./tables.ts";

export type Sql = Kysely<LedgerTables>;
export type SqlTransaction = Transaction<LedgerTables>;

/** Milliseconds since 1970; the tests bring their own. */
export type Clock = () => number;
export const isoTime = (clock: Clock): string => new Date(clock()).toISOString();

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

/** True while the job is held with this lease number. */
export const leaseHeld = (lease: Lease): Expression<SqlBool> =>
  sql<SqlBool>`exists (select 1 from ledger_jobs held where held.id = ${lease.jobId} and held.lease_number = ${lease.number} and held.lease_owner is not null)`;
