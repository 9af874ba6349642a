import Database from "better-sqlite3";
import { load } from "sqlite-vec";

export type Connection = Database.Database;

/**
 * Every connection to the shared file is opened here. Sorting stays in memory, so that no document's words reach a
 * temporary file; deleted content is overwritten with zeros.
 */
export function openConnection(path: string, options: { readonly: boolean; busyTimeout: number }): Connection {
  const connection = new Database(path, { readonly: options.readonly, fileMustExist: options.readonly, timeout: options.busyTimeout });
  load(connection);
  connection.pragma("temp_store = MEMORY");
  connection.pragma("cache_size = -32768");
  if (options.readonly) return connection;
  connection.pragma("journal_mode = WAL");
  connection.pragma("synchronous = FULL");
  connection.pragma("secure_delete = ON");
  connection.pragma("foreign_keys = ON");
  connection.pragma("journal_size_limit = 67108864");
  // A call that is paid for writes about 11 pages: emptying the log (some ms) falls on one in three hundred and sixty, not one in ninety.
  connection.pragma("wal_autocheckpoint = 4000");
  return connection;
}
