import type { ClientBase, ClientConfig, Pool, PoolConfig, QueryResult, QueryResultRow } from "pg";
import type { PostgresOptions } from "./options.ts";
import { addressOf, authorityOf } from "./options.ts";
import { connectionSurvives, toPostgresError, type PostgresPlace } from "./postgres-error.ts";
import { safeNumber } from "./safe-number.ts";

/** One connection, to be given back; one that failed in a way that leaves its state unknown is closed then. */
export interface PostgresConnection {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  release(): void;
}

/** Connections to one database. Errors are the client's own: `toPostgresError` says what they mean. */
export interface PostgresPool {
  readonly place: PostgresPlace;
  connect(): Promise<PostgresConnection>;
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  end(): Promise<void>;
}

/**
 * Opens the pool and tries it once. `key` is where the configuration names the address: errors say it. Throws `config`
 * (user, password, database, rights, TLS) or `store` (no answer) within the connection's time limit.
 */
export async function openPool(options: PostgresOptions, key: string): Promise<PostgresPool> {
  const place = { key, address: addressOf(options.url, key) };
  const { default: pg } = await import("pg");
  const { types } = pg;
  const numbers = new Set<number>([types.builtins.INT8, types.builtins.NUMERIC]);
  const config: PoolConfig & { onConnect(client: ClientBase): Promise<void> } = {
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeoutMs,
    // The server ends a statement first; this is for a server that says nothing any more.
    query_timeout: options.statementTimeoutMs + 5_000,
    keepAlive: true,
    application_name: "sluice",
    // Every whole number in here is a count, a version or nano-USD.
    types: { getTypeParser: ((id: number, format: "text") => (numbers.has(id) && format !== ("binary" as string) ? safeNumber : types.getTypeParser(id, format))) as typeof types.getTypeParser },
    onConnect: (client) => prepare(client, options),
    ...(options.ssl === false ? {} : { ssl: options.ssl === true ? true : { ca: await authorityOf(options.ssl.ca, key) } }),
  };
  // A connection that ends while nobody waits for it is no event, at no moment of its life: the next one is opened when it is needed.
  class Client extends pg.Client {
    constructor(given?: ClientConfig) {
      super(given);
      this.on("error", () => {});
    }
  }
  const pool = new pg.Pool({ ...config, Client });
  pool.on("error", () => {});
  const connections = guarded(pool, place);
  try {
    await connections.query("select 1");
  } catch (error) {
    await pool.end().catch(() => {});
    throw toPostgresError(error, place, "no");
  }
  return connections;
}

function guarded(pool: Pool, place: PostgresPlace): PostgresPool {
  async function connect(): Promise<PostgresConnection> {
    const client = await pool.connect();
    let broken: Error | undefined;
    return {
      query: (text, values) =>
        client.query(text, values).catch((error: unknown) => {
          if (!connectionSurvives(error)) broken = error as Error;
          throw error;
        }) as Promise<QueryResult<never>>,
      release: () => client.release(broken),
    };
  }

  return {
    place,
    connect,
    async query(text, values) {
      const connection = await connect();
      return connection.query<never>(text, values).finally(() => connection.release());
    },
    end: () => pool.end(),
  };
}

/**
 * As settings of the session and not of its start, which poolers refuse (they must give a session to one client, not a
 * transaction). What is acknowledged is on the disk, also where the server's default is faster.
 */
async function prepare(client: ClientBase, { schema, statementTimeoutMs }: PostgresOptions): Promise<void> {
  await client.query(
    `select set_config('search_path', $1, false), set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false), set_config('idle_in_transaction_session_timeout', $3, false),
      set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false)`,
    [`"${schema}"`, String(statementTimeoutMs), String(Math.round(statementTimeoutMs / 2))],
  );
}
