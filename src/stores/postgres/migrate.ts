import { SluiceError } from "../../errors.ts";
import type { StoreSchema } from "../sqlite/database.ts";
import type { PostgresConnection, PostgresPool } from "./open-pool.ts";
import { toPostgresError } from "./postgres-error.ts";

/**
 * Brings one store's tables to the version this program knows, in one transaction, one process after the other. Tables of
 * a newer program are refused before anything is changed: reading them with older rules could lose or show what it must not.
 */
export async function migrate(pool: PostgresPool, schema: string, tables: StoreSchema): Promise<void> {
  await whileNobodyElseStarts(pool, async (connection) => {
    await connection.query("begin");
    await connection.query(`create schema if not exists "${schema}"`);
    await connection.query("create table if not exists schema_versions (name text primary key, version bigint not null)");
    const { rows } = await connection.query<{ version: number }>("select version from schema_versions where name = $1", [tables.name]);
    const found = rows[0]?.version ?? 0;
    if (found > tables.migrations.length) throw newer(pool.place.key, tables.name, found, tables.migrations.length);
    for (const migration of tables.migrations.slice(found)) await connection.query(toPostgres(migration));
    await connection.query("insert into schema_versions (name, version) values ($1, $2) on conflict (name) do update set version = excluded.version", [tables.name, tables.migrations.length]);
    await connection.query("commit");
  });
}

/** Processes that start at once change the tables one after the other. The lock and what is left undone end with the session. */
export async function whileNobodyElseStarts(pool: PostgresPool, work: (connection: PostgresConnection) => Promise<void>): Promise<void> {
  try {
    const connection = await pool.connect();
    try {
      await connection.query("select pg_advisory_lock(hashtextextended('sluice migrations', 0))");
      await work(connection);
    } finally {
      await connection.query("rollback").catch(() => {});
      await connection.query("select pg_advisory_unlock_all()").catch(() => {});
      connection.release();
    }
  } catch (error) {
    throw toPostgresError(error, pool.place, "no");
  }
}

export const newer = (key: string, name: string, found: number, known: number): SluiceError =>
  new SluiceError("config", `[postgres] ${key}: the tables of "${name}" have version ${found}, this program knows up to ${known}; use the newer program or another schema`);

/**
 * The migrations are written once, for SQLite. Numbers are as wide here, and texts compare byte by byte, so that lists
 * have the same order on both.
 */
const toPostgres = (migration: string): string =>
  migration
    .replace(/\bINTEGER\b/g, "BIGINT")
    .replace(/\bREAL\b/g, "DOUBLE PRECISION")
    .replace(/\bTEXT\b/g, 'TEXT COLLATE "C"')
    .replace(/\) STRICT(, WITHOUT ROWID)?;/g, ");");
