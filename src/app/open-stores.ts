import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Vocabulary } from "../steps/vocabulary.ts";
import { openCache } from "../stores/cache/open-cache.ts";
import { openCheckpoints } from "../stores/checkpoints/open-checkpoints.ts";
import { openFileStore } from "../stores/files/open-file-store.ts";
import { openQueue } from "../stores/queue/open-queue.ts";
import { openWakeUps } from "../stores/queue/wake-ups.ts";
import { openRateLimits } from "../stores/rate-limits/rate-limits.ts";
import type { Log } from "../telemetry.ts";
import { type Engine, isEngine } from "./engines.ts";
import { openDocumentStores } from "./open-document-stores.ts";

/** Every store the configuration names, each behind its interface; `close` ends them in the order that loses nothing. */
export async function openStores(config: Config, parts: { vocabulary: Vocabulary; log: Log }) {
  const { stores, data } = config;
  const at = (...names: string[]) => join(data.directory, ...names);
  const opened: (() => Promise<void>)[] = [];
  const opening = async <T extends { close(): Promise<void> }>(store: Promise<T>): Promise<T> => {
    const open = await store;
    opened.push(() => open.close());
    return open;
  };
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).toReversed()) await each();
  };
  try {
    const documents = await opening(openDocumentStores(config, parts));
    const engines: Engine[] = [...documents.engines];
    const files = await opening(openFiles());
    if (isEngine(files)) engines.push({ store: "files", engine: files.engine });
    const cache = await opening(openAnswers());
    if (isEngine(cache)) engines.push({ store: "cache", engine: cache.engine });
    const rateLimits = config.server.requestsPerMinute === null ? null : await opening(openLimits(config.server.requestsPerMinute));
    const checkpoints = await opening(openSaver());
    if (isEngine(checkpoints)) engines.push({ store: "checkpoints", engine: checkpoints.engine });
    const queue = await opening(openWork());
    if (isEngine(queue)) engines.push({ store: "queue", engine: queue.engine });
    const wakeUps = await opening(openCalls());
    return { ...documents, files, cache, rateLimits, checkpoints, queue, wakeUps, engines, close };
  } catch (error) {
    await close();
    throw error;
  }

  async function openFiles() {
    if (stores.files.driver === "local") return openFileStore({ directory: at("files") });
    const { openS3FileStore } = await import("../stores/files/open-s3-file-store.ts");
    return openS3FileStore(stores.files, { temporary: at("files", "temporary") });
  }

  async function openAnswers() {
    const { cache } = stores;
    if (cache.driver === "embedded") return openCache({ path: at("cache.sqlite"), maxBytes: cache.bytes });
    const { openRedisCache } = await import("../stores/redis/open-redis-cache.ts");
    return openRedisCache(cache, { maxBytes: cache.bytes, log: parts.log });
  }

  async function openLimits(perMinute: number) {
    if (stores.cache.driver === "embedded") return openRateLimits(perMinute);
    const { openRedisRateLimits } = await import("../stores/redis/open-redis-rate-limits.ts");
    return openRedisRateLimits(perMinute, stores.cache, { log: parts.log });
  }

  async function openWork() {
    if (stores.queue.driver === "embedded") return openQueue();
    const { openRedisQueue } = await import("../stores/redis/open-redis-queue.ts");
    return openRedisQueue(stores.queue, { log: parts.log });
  }

  async function openCalls() {
    if (stores.queue.driver === "embedded") return openWakeUps();
    const { openRedisWakeUps } = await import("../stores/redis/open-redis-wake-ups.ts");
    return openRedisWakeUps(stores.queue, { log: parts.log });
  }

  async function openSaver() {
    if (stores.checkpoints.driver === "embedded") return openCheckpoints({ path: at("checkpoints.sqlite") });
    const { openPostgresCheckpoints } = await import("../stores/checkpoints/open-postgres-checkpoints.ts");
    return openPostgresCheckpoints(stores.checkpoints);
  }
}
