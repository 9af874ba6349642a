import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { makePrivate } from "../sqlite/private-file.ts";
import { toStoreError } from "../sqlite/store-error.ts";

const schemaVersion = 1;
const tables = `
CREATE TABLE answers (
  tenant TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, bytes INTEGER NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_by_use ON answers (used);
CREATE INDEX answers_by_end ON answers (expires_at);
CREATE TABLE sources (
  document_id TEXT NOT NULL, tenant TEXT NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (document_id, tenant, key),
  FOREIGN KEY (tenant, key) REFERENCES answers (tenant, key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_by_answer ON sources (tenant, key);
CREATE TABLE size (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL, uses INTEGER NOT NULL) STRICT;
INSERT INTO size VALUES (1, 0, 0);
`;

/** A file of another version, or a damaged one, is begun anew: a cache may be lost at any time. */
export function openCacheFile(path: string | null): Database.Database {
  if (path === null) return prepare(new Database(":memory:"), ":memory:")!;
  try {
    makePrivate(path);
    const usable = tryOpen(path);
    if (usable) return usable;
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    makePrivate(path);
    return tryOpen(path)!;
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function tryOpen(path: string): Database.Database | null {
  const database = new Database(path, { timeout: 1_000 });
  try {
    return prepare(database, path);
  } catch (error) {
    database.close();
    const code = (error as { code?: string }).code ?? "";
    if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) return null;
    throw error;
  }
}

/** Null when another version made it. Nothing is worth a sync here, and what is deleted is overwritten. */
function prepare(database: Database.Database, path: string): Database.Database | null {
  if (path !== ":memory:") database.pragma("journal_mode = WAL");
  database.pragma("synchronous = OFF");
  database.pragma("secure_delete = ON");
  database.pragma("foreign_keys = ON");
  database.pragma("temp_store = MEMORY");
  const found = database.transaction(() => {
    const version = database.pragma("user_version", { simple: true }) as number;
    if (version !== 0) return version;
    database.exec(tables);
    database.pragma(`user_version = ${schemaVersion}`);
    return schemaVersion;
  }).immediate();
  if (found === schemaVersion) return database;
  database.close();
  return null;
}
