import type { Statement as Prepared } from "better-sqlite3";
import type { Connection } from "./connection.ts";

const most = 500;

/** Prepares each text once; the least recently used goes when there are too many. */
export function openStatementCache(connection: Connection): (sql: string) => Prepared<unknown[]> {
  const prepare = connection.prepare.bind(connection) as (sql: string) => Prepared<unknown[]>;
  const prepared = new Map<string, Prepared<unknown[]>>();
  return (sql) => {
    const known = prepared.get(sql);
    prepared.delete(sql);
    const statement = known ?? prepare(sql);
    prepared.set(sql, statement);
    if (prepared.size > most) prepared.delete(prepared.keys().next().value!);
    return statement;
  };
}

/** From now on `connection.prepare` prepares each text once: preparing costs more than a look-up by key. Each time, rows are objects again. */
export function keepPrepared(connection: Connection): Connection {
  const prepare = openStatementCache(connection);
  connection.prepare = ((sql: string) => {
    const statement = prepare(sql);
    return statement.reader ? statement.raw(false).pluck(false) : statement;
  }) as Connection["prepare"];
  return connection;
}
