import { readFile } from "node:fs/promises";
import type { ClientBase, Pool, PoolConfig } from "pg";
import { SluiceError } from "../../errors.ts";
import type { PostgresOptions } from "./options.ts";
import { toPostgresError, type PostgresPlace } from "./postgres-error.ts";
import { safeNumber } from "./safe-number.ts";

export interface PostgresPool {
  pool: Pool;
  place: PostgresPlace;
  close(): Promise<void>;
}

/**
 * Connections to one database, tried once. `key` is where the configuration names the address: errors say it. Throws
 * `config` (user, password, database, rights, TLS) or `store` (no answer) within the connection's time limit.
 */
export async function openPool(options: PostgresOptions, key: string): Promise<PostgresPool> {
  const place = { key, address: addressOf(options.url, key) };
  const { default: pg } = await import("pg");
  const types = pg.types;
  const numbers = new Set<number>([types.builtins.INT8, types.builtins.NUMERIC]);
  const config: PoolConfig & { onConnect(client: ClientBase): Promise<void> } = {
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeoutMs,
    // The server ends a statement first; this is for a server that says nothing any more.
    query_timeout: options.statementTimeoutMs + 5_000,
    keepAlive: true,
    application_name: "sluice",
    allowExitOnIdle: false,
    // Every whole number in here is a count, a version or nano-USD.
    types: { getTypeParser: ((id: number, format: "text") => (numbers.has(id) && format !== ("binary" as string) ? safeNumber : types.getTypeParser(id, format))) as typeof types.getTypeParser },
    onConnect: (client) => prepare(client, options),
    ...(options.ssl === false ? {} : { ssl: options.ssl === true ? true : { ca: await readAuthority(options.ssl.ca, key) } }),
  };
  const pool = new pg.Pool(config);
  // A connection that ends while nobody waits for it is no event: the next one is opened when it is needed.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end().catch(() => {});
    throw toPostgresError(error, place, "no");
  }
  return { pool, place, close: () => pool.end() };
}

/** As settings of the session and not of the connection's start: poolers refuse those. What is acknowledged is on the disk. */
async function prepare(client: ClientBase, { schema, statementTimeoutMs }: PostgresOptions): Promise<void> {
  await client.query(
    `select set_config('search_path', $1, false), set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false),
      set_config('idle_in_transaction_session_timeout', $3, false), set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false)`,
    [`"${schema}"`, String(statementTimeoutMs), String(Math.round(statementTimeoutMs / 2))],
  );
}

function addressOf(url: string, key: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    throw new SluiceError("config", `[postgres] ${key} is no address; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password as %XX`);
  }
}

async function readAuthority(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SluiceError("config", `[postgres] ${key.replace(/url$/, "ssl.ca")}: the file cannot be read`, { cause });
  }
}
