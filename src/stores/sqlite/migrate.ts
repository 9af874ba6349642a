import { SluiceError } from "../../errors.ts";
import type { Connection } from "./connection.ts";
import type { StoreSchema } from "./database.ts";

/**
 * Brings every store's tables to the version this program knows, all in one transaction. A file written by a newer
 * program is refused before anything is changed: reading it with older rules could lose or show what it must not.
 */
export function migrate(connection: Connection, path: string, schemas: readonly StoreSchema[]): void {
  connection.transaction(() => {
    connection.exec("CREATE TABLE IF NOT EXISTS schema_versions (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID");
    for (const schema of schemas) refuseNewer(connection, path, schema);
    for (const schema of schemas) advance(connection, schema);
  }).immediate();
}

function versionOf(connection: Connection, name: string): number {
  return (connection.prepare("SELECT version FROM schema_versions WHERE name = ?").pluck().get(name) as number | undefined) ?? 0;
}

function refuseNewer(connection: Connection, path: string, schema: StoreSchema): void {
  const found = versionOf(connection, schema.name);
  if (found <= schema.migrations.length) return;
  throw new SluiceError("config", `[sqlite] data.directory: the tables of "${schema.name}" in ${path} have version ${found}, this program knows up to ${schema.migrations.length}; use the newer program or another folder`);
}

function advance(connection: Connection, schema: StoreSchema): void {
  const found = versionOf(connection, schema.name);
  if (found === schema.migrations.length) return;
  for (const migration of schema.migrations.slice(found)) connection.exec(migration);
  connection.prepare("INSERT INTO schema_versions (name, version) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version").run(schema.name, schema.migrations.length);
}
