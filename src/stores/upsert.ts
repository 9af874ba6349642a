import type { SqlValue, Statement } from "./sqlite/database.ts";

/** Inserts rows and brings differing ones up to date; a row that is there already as given is not touched. */
export function upsert(table: string, key: string[], columns: string[], rows: SqlValue[][]): Statement {
  const all = [...key, ...columns];
  const quoted = columns.map((each) => `"${each}"`);
  const sql = `INSERT INTO ${table} (${all.map((each) => `"${each}"`).join(", ")}) VALUES (${all.map(() => "?").join(", ")})
    ON CONFLICT (${key.map((each) => `"${each}"`).join(", ")}) DO UPDATE SET ${quoted.map((each) => `${each} = excluded.${each}`).join(", ")}
    WHERE (${quoted.map((each) => `${table}.${each}`).join(", ")}) IS NOT (${quoted.map((each) => `excluded.${each}`).join(", ")})`;
  return { sql, rows };
}

/** The same statement for one list of parameters. */
export const once = (sql: string, ...parameters: SqlValue[]): Statement => ({ sql, rows: [parameters] });
