import { counter, type Log } from "../../telemetry.ts";
import type { Cache } from "../cache/cache.ts";
import { cacheScripts } from "./cache-scripts.ts";
import { connect } from "./connect.ts";
import { define } from "./document-items.ts";
import type { RedisOptions } from "./options.ts";

const unanswered = counter("sluice_cache_unanswered_total", "Looks into the cache that were misses, and answers that were not kept, because its server was away", ["operation"]);
/** ms between two lines in the log that say so. */
const quietMs = 60_000;
/** Documents in one script: it has to end before others wait for it. */
const batch = 50;

/**
 * A cache that several processes share. While Redis is away a look is a miss and an answer is not kept; only
 * `eraseDocuments` throws then (retryable), since what it did not reach would live on.
 */
export async function openRedisCache({ url, prefix }: Pick<RedisOptions, "url" | "prefix">, { maxBytes, log, clock = Date.now }: { maxBytes: number; log: Log; clock?: () => number }): Promise<Cache & { engine(): Promise<{ name: string; version: string }> }> {
  const server = await connect({ url }, "stores.cache.url", log);
  define(server.client, cacheScripts);
  const keys = `${prefix}:cache:`;
  const entryOf = (tenant: string, key: string): string => `${tenant.length}:${tenant}:${key}`;
  let said = -Infinity;

  async function orNothing<T>(operation: "get" | "set", work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch {
      unanswered.inc({ operation });
      if (performance.now() - said >= quietMs) {
        said = performance.now();
        log.warn({ key: server.place.key }, `[redis] ${server.place.key}: no answer from ${server.place.address}; nothing is found in the cache or kept there until it is back`);
      }
      return null;
    }
  }

  return {
    engine: server.engine,
    get: (tenant, key) => orNothing("get", () => server.client.sluiceCacheGet(keys, entryOf(tenant, key), clock())),
    async set(tenant, key, value, { ttlSeconds, documentIds }) {
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
      await orNothing("set", () => server.client.sluiceCacheSet(keys, entryOf(tenant, key), value, bytes, clock(), Math.ceil(ttlSeconds * 1000), maxBytes, ...documentIds));
    },
    async eraseDocuments(documentIds) {
      for (let at = 0; at < documentIds.length; at += batch) await server.run((client) => client.sluiceCacheErase(keys, ...documentIds.slice(at, at + batch)));
    },
    close: server.close,
  };
}
