import type { Dialect } from "kysely";

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/**
 * One prepared statement, run once for each list of parameters. `changes: n` fails the whole plan with a `conflict`
 * when the statement changed fewer rows: a fence (lease still held, version still the same).
 */
export interface Statement {
  sql: string;
  rows: SqlValue[][];
  changes?: number;
}

/** What one transaction does, as data: it crosses into the writer thread, which owns the only writing connection. */
export type Plan = Statement[];

/** Schema of one store inside the shared file; migrations are forward only and numbered by their place in the list. */
export interface StoreSchema {
  name: string;
  migrations: string[];
}

export interface SqliteDatabase {
  readonly path: string;
  /**
   * Runs the plan in one `BEGIN IMMEDIATE` transaction, durable when resolved. Ledger plans go before document plans.
   * Returns the rows of each statement that returns rows, in order. Throws `conflict` (fence), `store` (disk full, damaged).
   */
  write(plan: Plan, priority?: "ledger" | "document"): Promise<SqlRow[][]>;
  /** Reads on the caller's thread through a read-only connection: for look-ups by key, under a millisecond. */
  read<T = SqlRow>(sql: string, ...parameters: SqlValue[]): T[];
  /** Calls the function `name` exported by `module` as `(connection, argument)` in a reader thread: scans and walks. */
  query<T>(module: string, name: string, argument: unknown): Promise<T>;
  /** A kysely dialect over the same two connections: reads as `read`, writes and transactions in the writer thread. */
  dialect(): Dialect;
  /** Truncates the write-ahead log, so that erased words are in no file. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}
