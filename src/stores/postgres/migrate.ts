import { SluiceError } from "../../errors.ts";
import type { StoreSchema } from "../sqlite/database.ts";
import type { PostgresPool } from "./open-pool.ts";
import { toPostgresError } from "./postgres-error.ts";

/**
 * Brings one store's tables to the version this program knows, in one transaction, one process after the other. Tables of
 * a newer program are refused before anything is changed: reading them with older rules could lose or show what it must not.
 */
export async function migrate({ pool, place }: PostgresPool, schema: string, tables: StoreSchema): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toPostgresError(error, place, "no");
  });
  try {
    await client.query("begin");
    await lockMigrations(client);
    await client.query(`create schema if not exists "${schema}"`);
    await client.query("create table if not exists schema_versions (name text primary key, version bigint not null)");
    const { rows } = await client.query<{ version: number }>("select version from schema_versions where name = $1", [tables.name]);
    const found = rows[0]?.version ?? 0;
    if (found > tables.migrations.length) throw newer(place.key, tables, found);
    for (const migration of tables.migrations.slice(found)) await client.query(toPostgres(migration));
    await client.query("insert into schema_versions (name, version) values ($1, $2) on conflict (name) do update set version = excluded.version", [tables.name, tables.migrations.length]);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true);
    throw toPostgresError(error, place, "no");
  }
}

/** Until the transaction ends: whoever else starts waits here. */
export const lockMigrations = (client: { query(sql: string): Promise<unknown> }): Promise<unknown> => client.query("select pg_advisory_xact_lock(hashtextextended('sluice migrations', 0))");

const newer = (key: string, { name, migrations }: StoreSchema, found: number): SluiceError =>
  new SluiceError("config", `[postgres] ${key}: the tables of "${name}" have version ${found}, this program knows up to ${migrations.length}; use the newer program or another schema`);

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
