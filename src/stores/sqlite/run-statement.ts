import type { Statement as Prepared } from "better-sqlite3";
import { SluiceError } from "../../errors.ts";
import type { SqlRow, Statement } from "./database.ts";

export interface StatementResult {
  /** Null when the statement returns no rows. */
  rows: SqlRow[] | null;
  changes: number;
}

export function runStatement(prepare: (sql: string) => Prepared<unknown[]>, statement: Statement): StatementResult {
  const prepared = prepare(statement.sql);
  const rows: SqlRow[] = [];
  let changes = 0;
  for (const parameters of statement.rows) {
    if (!prepared.reader) {
      changes += prepared.run(...parameters).changes;
      continue;
    }
    const found = prepared.all(...parameters) as SqlRow[];
    for (const row of found) rows.push(row);
    changes += prepared.readonly ? 0 : found.length;
  }
  if (statement.changes !== undefined && changes < statement.changes) throw overtaken(statement.changes, changes);
  return { rows: prepared.reader ? rows : null, changes };
}

const overtaken = (expected: number, changes: number): SluiceError =>
  new SluiceError("conflict", `the stored state is no longer what this write was based on (${changes} of ${expected} rows matched); nothing of it was kept`);
