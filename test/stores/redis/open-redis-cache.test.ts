import { afterAll, beforeAll, expect, test } from "vitest";
import type { Cache } from "../../../src/stores/cache/cache.ts";
import { openRedisCache } from "../../../src/stores/redis/open-redis-cache.ts";
import { metrics, silentLog } from "../../../src/telemetry.ts";
import { answerCacheContract } from "../../contracts/answer-cache.contract.ts";
import { cacheContract } from "../../contracts/cache.contract.ts";
import { startRedis } from "../../servers/redis.ts";
import { describeOn, ownName, ownRedis } from "../../servers/real-servers.ts";

const maxBytes = 100_000;
const forDocument = (id: string) => ({ ttlSeconds: 60, documentIds: [id] });

describeOn("redis", "the cache on Redis", (server) => {
  let redis: Awaited<ReturnType<typeof ownRedis>>;
  beforeAll(async () => void (redis = await ownRedis(server)));
  afterAll(() => redis.close());

  cacheContract("redis", async () => {
    let now = 1_000_000;
    const cache = await openRedisCache({ url: redis.url, prefix: ownName() }, { maxBytes, log: silentLog, clock: () => now });
    return { cache, maxBytes, advance: (seconds) => void (now += seconds * 1000) };
  });

  const opened: Cache[] = [];
  afterAll(() => Promise.all(opened.map((each) => each.close())));
  answerCacheContract("redis", async () => {
    const cache = await openRedisCache({ url: redis.url, prefix: ownName() }, { maxBytes, log: silentLog });
    opened.push(cache);
    return cache;
  });

  test("what is erased leaves no key behind, and no bytes in the count", async () => {
    const own = await ownRedis(server);
    const cache = await openRedisCache({ url: own.url, prefix: own.prefix }, { maxBytes, log: silentLog });
    await cache.set("a", "one", "Zebrafinkenbrut", { ttlSeconds: 60, documentIds: ["d1", "d2"] });
    await cache.set("a", "two", "Zebrafinkenbrut", forDocument("d2"));
    await cache.eraseDocuments(["d1", "d2", ...Array.from({ length: 120 }, (_, index) => `absent ${index}`)]);
    const { Redis } = await import("ioredis");
    const client = new Redis(own.url);
    expect((await client.keys("*")).toSorted()).toEqual([`${own.prefix}:cache:bytes`, `${own.prefix}:cache:tick`]);
    expect(await client.get(`${own.prefix}:cache:bytes`)).toBe("0");
    await client.quit();
    await cache.close();
    await own.close();
  });

  test("two processes see one cache", async () => {
    const place = { url: redis.url, prefix: ownName() };
    const [one, other] = [await openRedisCache(place, { maxBytes, log: silentLog }), await openRedisCache(place, { maxBytes, log: silentLog })];
    await one.set("a", "key", "answer", forDocument("d"));
    expect(await other.get("a", "key")).toBe("answer");
    await other.eraseDocuments(["d"]);
    expect(await one.get("a", "key")).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });

  test("without its server a look is a miss and nothing is kept, counted; an erasure fails so that it is tried again", async () => {
    const own = await startRedis();
    const cache = await openRedisCache({ url: own.url, prefix: "sluice" }, { maxBytes, log: silentLog });
    try {
      await cache.set("a", "key", "answer", forDocument("d"));
      await own.kill();
      expect(await cache.get("a", "key")).toBeNull();
      await cache.set("a", "other", "answer", forDocument("d"));
      await expect(cache.eraseDocuments(["d"])).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.cache.url") });
      expect(await metrics.metrics()).toMatch(/sluice_cache_unanswered_total\{operation="get"\} [1-9]/);

      await own.restart();
      await expect.poll(() => cache.set("a", "back", "answer", forDocument("d")).then(() => cache.get("a", "back")), { timeout: 10_000 }).toBe("answer");
      await cache.eraseDocuments(["d"]);
      expect(await cache.get("a", "back")).toBeNull();
    } finally {
      await cache.close();
      await own.stop();
    }
  }, 30_000);

  test("a server that says nothing is no longer waited for than a command's time", async () => {
    const own = await startRedis();
    const cache = await openRedisCache({ url: own.url, prefix: "sluice" }, { maxBytes, log: silentLog });
    try {
      await cache.set("a", "key", "answer", forDocument("d"));
      own.pause();
      expect(await cache.get("a", "key")).toBeNull();
      await expect(cache.eraseDocuments(["d"])).rejects.toMatchObject({ code: "store", retryable: true });
      own.resume();
      await expect.poll(() => cache.get("b", "absent").then(() => cache.eraseDocuments(["d"]).then(() => "erased")), { timeout: 10_000 }).toBe("erased");
      expect(await cache.get("a", "key")).toBeNull();
    } finally {
      own.resume();
      await cache.close();
      await own.stop();
    }
  }, 30_000);
});
