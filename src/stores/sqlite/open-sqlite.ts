import { SluiceError } from "../../errors.ts";
import { siblingModule } from "../../workers/package-root.ts";
import { openThreadPool } from "../../workers/thread-pool.ts";
import { openConnection, type Connection } from "./connection.ts";
import type { SqliteDatabase, StoreSchema } from "./database.ts";
import { kyselyDialect } from "./kysely-dialect.ts";
import { makePrivate } from "./private-file.ts";
import { openStatementCache } from "./statement-cache.ts";
import { toStoreError } from "./store-error.ts";
import { openWriter } from "./writer.ts";

export interface SqliteOptions {
  path: string;
  schemas: readonly StoreSchema[];
  /** Reader threads for `query`, started when first needed. */
  readers?: number;
  /** ms a `query` may run before its thread is ended. */
  queryDeadline?: number;
  /** ms an interactive transaction may hold the writer before it is undone. */
  transactionLimit?: number;
  /** ms a write waits for another process that is writing. */
  busyTimeout?: number;
}

/** Opens or makes the shared file, brings its tables up to date, and starts the writer thread. File 0600, new folder 0700. */
export async function openSqlite(options: SqliteOptions): Promise<SqliteDatabase> {
  const { path, schemas, readers = 2, queryDeadline = 60_000, transactionLimit = 10_000, busyTimeout = 30_000 } = options;
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, path);
    }
  };

  guarded(() => makePrivate(path));
  const writer = await openWriter({ path, schemas, busyTimeout }, { transactionLimit });
  const reading = await openReading(path).catch(async (error: unknown) => {
    await writer.close();
    throw toStoreError(error, path);
  });
  const prepare = openStatementCache(reading);
  const pool = openThreadPool({ module: siblingModule(import.meta.url, "reader-thread"), size: readers, deadline: queryDeadline, workerData: { path } });
  let closed = false;

  function tryRead(sql: string, parameters: readonly unknown[]): unknown[] | null {
    if (closed) throw new SluiceError("store", `[sqlite] ${path}: the database is closed`);
    return guarded(() => {
      const statement = prepare(sql);
      return statement.readonly && statement.reader ? statement.all(...parameters) : null;
    });
  }

  return {
    path,
    async write(plan, priority = "ledger") {
      const results = await writer.run(plan, priority);
      return results.flatMap(({ rows }) => (rows === null ? [] : [rows]));
    },
    read<T>(sql: string, ...parameters: unknown[]): T[] {
      const rows = tryRead(sql, parameters);
      if (rows === null) throw new SluiceError("internal", `[sqlite] ${path}: only statements that return rows and change nothing can be read`);
      return rows as T[];
    },
    query: (module, name, argument) => pool.call("query", { module, name, argument }),
    dialect: () => kyselyDialect({ writer, tryRead }),
    checkpoint: () => writer.truncate(),
    async close() {
      if (closed) return;
      closed = true;
      await pool.close();
      reading.close();
      await writer.close();
    },
  };
}

const openReading = async (path: string): Promise<Connection> => openConnection(path, { readonly: true, busyTimeout: 1_000 });
