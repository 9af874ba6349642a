import { Kysely, sql } from "kysely";
import { postgresDialect } from "../postgres/kysely-dialect.ts";
import { migrate } from "../postgres/migrate.ts";
import { openPool } from "../postgres/open-pool.ts";
import type { PostgresOptions } from "../postgres/options.ts";
import type { Ledger } from "./ledger.ts";
import { ledgerOn } from "./open-ledger.ts";
import { repeating } from "./repeating.ts";
import { ledgerSchema } from "./schema.ts";
import type { Clock } from "./sql.ts";
import type { LedgerTables } from "./tables.ts";

/** The ledger for several machines. Throws as `openPool` and `migrate` do; `key` is where the configuration names the address. */
export async function openPostgresLedger(options: PostgresOptions, { clock = Date.now, key = "stores.ledger.url" }: { clock?: Clock; key?: string } = {}): Promise<Ledger & { close(): Promise<void> }> {
  const pool = await openPool(options, key);
  try {
    await migrate(pool, options.schema, ledgerSchema);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const database = new Kysely<LedgerTables>({ dialect: postgresDialect(pool) });
  return {
    ...repeating(ledgerOn(database, clock)),
    async engine() {
      const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(database);
      return { name: "postgres", version: rows[0]!.version.split(" ")[0]! };
    },
    close: () => pool.end(),
  };
}
