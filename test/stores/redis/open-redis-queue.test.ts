import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queue } from "../../../src/stores/queue/queue.ts";
import { openRedisQueue } from "../../../src/stores/redis/open-redis-queue.ts";
import { silentLog } from "../../../src/telemetry.ts";
import { queueContract } from "../../contracts/queue.contract.ts";
import { describeOn, ownName, ownRedis } from "../../servers/real-servers.ts";

describeOn("redis", "the queue on Redis", (server) => {
  let redis: Awaited<ReturnType<typeof ownRedis>>;
  beforeAll(async () => void (redis = await ownRedis(server)));
  afterAll(() => redis.close());
  const open = (prefix: string) => openRedisQueue({ url: redis.url, prefix }, { log: silentLog });

  queueContract("redis", () => open(ownName()));

  test("several processes take every item once, and no document twice at a time", async () => {
    await assert(
      asyncProperty(array(record({ documentId: constantFrom("x", "y", "z"), priority: integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 20 }), async (given) => {
        const prefix = ownName();
        const queues = await Promise.all([open(prefix), open(prefix), open(prefix)]);
        const [busy, taken, stop] = [new Set<string>(), [] as string[], new AbortController()];
        const work = async (queue: Queue): Promise<void> => {
          for (;;) {
            const each = await queue.take(stop.signal).catch(() => null);
            if (!each) return;
            expect(busy.has(each.documentId)).toBe(false);
            busy.add(each.documentId);
            taken.push(each.jobId);
            await new Promise(setImmediate);
            busy.delete(each.documentId);
            await queue.done(each);
            if (taken.length >= given.length) stop.abort();
          }
        };
        const workers = [...queues, ...queues].map(work);
        for (const [place, each] of given.entries()) await queues[place % 3]!.add({ jobId: String(place), ...each });
        await Promise.all(workers);
        expect(taken.map(Number).toSorted((a, b) => a - b)).toEqual(given.map((_, place) => place));
        expect(await queues[0]!.depth()).toBe(0);
        await Promise.all(queues.map((each) => each.close()));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test("the document of a process that was killed is free again", async () => {
    const prefix = ownName();
    const queue = await open(prefix);
    await queue.add({ jobId: "first", documentId: "d", priority: 10 });
    const child = spawn(process.execPath, [join(import.meta.dirname, "taking-child.ts"), redis.url, prefix], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    expect(String(said)).toBe("first");
    child.kill("SIGKILL");
    await queue.add({ jobId: "second", documentId: "d", priority: 10 });
    expect((await queue.take(AbortSignal.timeout(40_000))).jobId).toBe("second");
    await queue.close();
  }, 60_000);
});
