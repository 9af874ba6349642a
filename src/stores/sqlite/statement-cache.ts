import type { Statement as Prepared } from "better-sqlite3";
import type { Connection } from "./connection.ts";

const most = 500;

/** Prepares each text once; the least recently used goes when there are too many. */
export function openStatementCache(connection: Connection): (sql: string) => Prepared<unknown[]> {
  const prepared = new Map<string, Prepared<unknown[]>>();
  return (sql) => {
    const known = prepared.get(sql);
    prepared.delete(sql);
    const statement = known ?? connection.prepare<unknown[]>(sql);
    prepared.set(sql, statement);
    if (prepared.size > most) prepared.delete(prepared.keys().next().value!);
    return statement;
  };
}
