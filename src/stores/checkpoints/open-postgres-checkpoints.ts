import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import type { Pool } from "pg";
import { newer, whileNobodyElseStarts } from "../postgres/migrate.ts";
import { openPool, type PostgresPool } from "../postgres/open-pool.ts";
import type { PostgresOptions } from "../postgres/options.ts";
import { toPostgresError } from "../postgres/postgres-error.ts";
import { repeat } from "../postgres/repeat.ts";

/** Place of the newest migration in this release of the saver; it does not say so itself. */
const knownVersion = 4;

type Saver = InstanceType<typeof PostgresSaver>;

/** LangGraph's own saver for several machines. Each of its writes may be done twice, so one that was interrupted is. */
export class PostgresCheckpoints extends PostgresSaver {
  readonly #pool: PostgresPool;
  readonly #policy = repeat(true);

  constructor(pool: PostgresPool, schema: string) {
    super(pool as unknown as Pool, undefined, { schema });
    this.#pool = pool;
  }

  #guarded<T>(work: () => Promise<T>): Promise<T> {
    return this.#policy.execute(() => work().catch((error: unknown) => Promise.reject(toPostgresError(error, this.#pool.place, "unknown"))));
  }

  override getTuple(...given: Parameters<Saver["getTuple"]>): ReturnType<Saver["getTuple"]> {
    return this.#guarded(() => super.getTuple(...given));
  }
  override put(...given: Parameters<Saver["put"]>): ReturnType<Saver["put"]> {
    return this.#guarded(() => super.put(...given));
  }
  override putWrites(...given: Parameters<Saver["putWrites"]>): ReturnType<Saver["putWrites"]> {
    return this.#guarded(() => super.putWrites(...given));
  }
  override deleteThread(threadId: string): Promise<void> {
    return this.#guarded(() => super.deleteThread(threadId));
  }
  override async *list(...given: Parameters<Saver["list"]>): ReturnType<Saver["list"]> {
    try {
      yield* super.list(...given);
    } catch (error) {
      throw toPostgresError(error, this.#pool.place, "no");
    }
  }

  engine = async (): Promise<{ name: string; version: string }> => {
    const { rows } = await this.#guarded(() => this.#pool.query<{ version: string }>("select current_setting('server_version') as version"));
    return { name: "postgres", version: rows[0]!.version.split(" ")[0]! };
  };

  close(): Promise<void> {
    return this.end();
  }
}

/** Throws as `openPool` does, and `config` for tables of a newer saver. `key` is where the configuration names the address. */
export async function openPostgresCheckpoints(options: PostgresOptions, { key = "stores.checkpoints.url" }: { key?: string } = {}): Promise<PostgresCheckpoints> {
  const pool = await openPool(options, key);
  try {
    await whileNobodyElseStarts(pool, async (connection) => {
      const one = { connect: async () => ({ query: connection.query, release: () => {} }) };
      await new PostgresSaver(one as unknown as Pool, undefined, { schema: options.schema }).setup();
      const { rows } = await connection.query<{ v: number }>(`select max(v) as v from "${options.schema}".checkpoint_migrations`);
      if (rows[0]!.v > knownVersion) throw newer(key, "checkpoints", rows[0]!.v, knownVersion);
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
  return new PostgresCheckpoints(pool, options.schema);
}
