import type { Redis, RedisOptions as ClientOptions } from "ioredis";
import { SluiceError } from "../../errors.ts";
import type { Log } from "../../telemetry.ts";
import type { RedisOptions } from "./options.ts";
import { placeOf, type RedisPlace, toRedisError } from "./redis-error.ts";

/** ms until a command has failed, and until the first connection has. */
const patience = { command: 3_000, start: 8_000 };
const oldest = [6, 2] as const;

export interface RedisServer {
  /** A command on it has an answer or an error within 3 s, at once while there is no connection. */
  client: Redis;
  /** A connection of its own whose commands wait for the server as long as it takes. The caller ends it. */
  patient(): Redis;
  place: RedisPlace;
  /** As the client's own command; what goes wrong becomes an error that names the key of the configuration. */
  run<T>(work: (client: Redis) => Promise<T>): Promise<T>;
  engine(): Promise<{ name: string; version: string }>;
  close(): Promise<void>;
}

/**
 * `key` is where the configuration names the address: errors say it. Throws `config` (user, password, number of the
 * database, too old a server) or `store` (no answer) within 8 s; a connection that is lost later comes back by itself.
 */
export async function connect({ url }: Pick<RedisOptions, "url">, key: string, log: Log): Promise<RedisServer> {
  const place = placeOf(url, key);
  const { Redis } = await import("ioredis");
  const always: ClientOptions = { maxRetriesPerRequest: null, connectTimeout: 5_000, keepAlive: 10_000, connectionName: "sluice" };
  const open = (options: ClientOptions): Redis => {
    const client = new Redis(url, { ...always, retryStrategy: (times) => Math.min(times * 100, 2_000), ...options });
    // A connection that is lost is no event: the next command says it.
    return client.on("error", () => undefined);
  };
  await tryOnce(open({ lazyConnect: true, retryStrategy: () => null, enableOfflineQueue: false }), place, log);
  const client = open({ commandTimeout: patience.command, enableOfflineQueue: false, lazyConnect: true });
  const run = async <T>(work: (client: Redis) => Promise<T>): Promise<T> => {
    try {
      return await work(client);
    } catch (error) {
      throw toRedisError(error, place);
    }
  };
  await run((each) => each.connect());
  return {
    client, place, run,
    // A server that says nothing while a command waits for 15 s is connected to anew; no wait for work is as long.
    patient: () => open({ socketTimeout: 15_000 }),
    engine: () => run(async (each) => ({ name: "redis", version: readInfo(await each.info()).version })),
    close: async () => client.disconnect(),
  };
}

async function tryOnce(client: Redis, place: RedisPlace, log: Log): Promise<void> {
  let first: unknown;
  client.on("error", (error: unknown) => (first ??= error));
  const silence = AbortSignal.timeout(patience.start);
  const late = new Promise<never>((_, reject) => silence.addEventListener("abort", () => reject(new Error("late")), { once: true }));
  const ask = async (): Promise<void> => {
    await client.connect();
    // The client goes on in database 0 when there is none of this number.
    if (client.options.db) await client.select(client.options.db);
    const info = readInfo(await client.info());
    const [major = 0, minor = 0] = info.version.split(".").map(Number);
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) throw new SluiceError("config", `[redis] ${place.key}: ${place.address} is Redis ${info.version}; it has to be ${oldest.join(".")} or later`);
    if (info.role === "slave") throw new SluiceError("config", `[redis] ${place.key}: ${place.address} is a replica; name the primary`);
    if (info.eviction.startsWith("allkeys")) log.warn({ key: place.key, policy: info.eviction }, "[redis] the server drops keys when it is full (maxmemory-policy): jobs are then found by the next look into the ledger; noeviction is better");
  };
  try {
    await Promise.race([ask(), late]);
  } catch (error) {
    throw toRedisError(first ?? error, place);
  } finally {
    client.disconnect();
  }
}

function readInfo(text: string): { version: string; role: string; eviction: string } {
  const read = (field: string) => new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(text)?.[1] ?? "";
  return { version: read("redis_version"), role: read("role"), eviction: read("maxmemory_policy") };
}
