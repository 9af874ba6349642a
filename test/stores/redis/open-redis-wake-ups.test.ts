import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWakeUps, type WakeUps } from "../../../src/stores/queue/wake-ups.ts";
import { openRedisWakeUps } from "../../../src/stores/redis/open-redis-wake-ups.ts";
import { silentLog } from "../../../src/telemetry.ts";
import { describeOn, ownName, ownRedis } from "../../servers/real-servers.ts";
import { startRedis } from "../../servers/redis.ts";

function heardBy(wakeUps: WakeUps): string[] {
  const heard: string[] = [];
  wakeUps.on("changed", (jobId) => heard.push(`changed ${jobId}`));
  wakeUps.on("cancelled", (jobId) => heard.push(`cancelled ${jobId}`));
  return heard;
}

test("in one process what is said is heard at once", async () => {
  const wakeUps = openWakeUps();
  const heard = heardBy(wakeUps);
  wakeUps.say("cancelled", "a");
  expect(heard).toEqual(["cancelled a"]);
  await wakeUps.close();
});

describeOn("redis", "wake-ups on Redis", (server) => {
  let redis: Awaited<ReturnType<typeof ownRedis>>;
  beforeAll(async () => void (redis = await ownRedis(server)));
  afterAll(() => redis.close());

  test("every process hears what one says, itself once; other installations and broken messages do nothing", async () => {
    const prefix = ownName();
    const [one, two, foreign] = await Promise.all([prefix, prefix, ownName()].map((each) => openRedisWakeUps({ url: redis.url, prefix: each }, { log: silentLog })));
    const [own, others, far] = [heardBy(one!), heardBy(two!), heardBy(foreign!)];
    const client = new Redis(redis.url);
    for (const broken of ["{", "null", '{"from":"x","kind":"drop","jobId":"a"}']) await client.publish(`${prefix}:wake-ups`, broken);
    one!.say("changed", "a");
    one!.say("cancelled", "a");
    await expect.poll(() => others).toEqual(["changed a", "cancelled a"]);
    expect([own, far]).toEqual([["changed a", "cancelled a"], []]);
    await client.quit();
    await Promise.all([one!.close(), two!.close(), foreign!.close()]);
  });

  test("without Redis a process still hears itself, and all hear each other when it is back", async () => {
    const own = await startRedis();
    const place = { url: own.url, prefix: "sluice" };
    const [one, two] = [await openRedisWakeUps(place, { log: silentLog }), await openRedisWakeUps(place, { log: silentLog })];
    try {
      const [first, second] = [heardBy(one), heardBy(two)];
      await own.kill();
      one.say("changed", "a");
      expect([first, second]).toEqual([["changed a"], []]);
      await own.restart();
      await expect.poll(() => (one.say("changed", "b"), second), { timeout: 10_000 }).toContain("changed b");
    } finally {
      await Promise.all([one.close(), two.close()]);
      await own.stop();
    }
  }, 30_000);
});
