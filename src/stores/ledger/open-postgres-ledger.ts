import { Kysely, sql } from "kysely";
import { postgresDialect } from "../postgres/kysely-dialect.ts";
import { migrate } from "../postgres/migrate.ts";
import { openPool, type PostgresPool } from "../postgres/open-pool.ts";
import type { PostgresOptions } from "../postgres/options.ts";
import { openServerClock } from "../postgres/server-clock.ts";
import type { Ledger } from "./ledger.ts";
import { ledgerOn } from "./open-ledger.ts";
import { repeating } from "./repeating.ts";
import { ledgerSchema } from "./schema.ts";
import type { Clock } from "./sql.ts";
import type { LedgerTables } from "./tables.ts";

export interface PostgresLedger extends Ledger {
  close(): Promise<void>;
}

/**
 * The ledger for several machines, in the server's time unless a clock is given. Throws as `openPool` and `migrate` do;
 * `key` is where the configuration names the address.
 */
export async function openPostgresLedger(options: PostgresOptions, { clock, key = "stores.ledger.url" }: { clock?: Clock; key?: string } = {}): Promise<PostgresLedger> {
  const pool = await openPool(options, key);
  try {
    await migrate(pool, options.schema, ledgerSchema);
    return await ledgerOf(pool, clock);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function ledgerOf(pool: PostgresPool, clock: Clock | undefined): Promise<PostgresLedger> {
  const time = await openServerClock(pool);
  const database = new Kysely<LedgerTables>({ dialect: postgresDialect(pool) });
  const ledger = ledgerOn(database, clock ?? time.now);
  return {
    ...repeating(clock ? ledger : { ...ledger, ...inServerTime(ledger, time.now) }),
    async engine() {
      const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(database);
      return { name: "postgres", version: rows[0]!.version.split(" ")[0]! };
    },
    async close() {
      time.close();
      await pool.end();
    },
  };
}

/** Whoever asks names times by the clock of its own machine, which may be hours away from that of the others. */
function inServerTime({ spend, audit }: Pick<Ledger, "spend" | "audit">, serverNow: Clock): Pick<Ledger, "spend" | "audit"> {
  const there = (time: string): string => new Date(Date.parse(time) + serverNow() - Date.now()).toISOString();
  return {
    spend: {
      ...spend,
      expire: (now) => spend.expire(there(now)),
      totals: (tenant, now) => spend.totals(tenant, there(now)),
      used: (tenant, now) => spend.used(tenant, there(now)),
      monthTokens: (backend, now) => spend.monthTokens(backend, there(now)),
    },
    audit: {
      ...audit,
      reserve: (asked, chain, make) => audit.reserve({ ...asked, reservation: { ...asked.reservation, expiresAt: there(asked.reservation.expiresAt) } }, chain, make),
    },
  };
}
