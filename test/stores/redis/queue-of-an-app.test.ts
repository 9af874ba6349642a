import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { localPrincipal } from "../../../src/data/principal.ts";
import { metrics } from "../../../src/telemetry.ts";
import { type ModelServer, startModelServer } from "../../servers/model-server/model-server.ts";
import { describeOn } from "../../servers/real-servers.ts";
import { type RedisServer, startRedis } from "../../servers/redis.ts";
import { modelServers, openTestApp, type TestApp } from "../../app/open-test-app.ts";
import { waitFor } from "../../app/wait-for-job.ts";

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: { apps: number; latencyMs?: number; concurrency?: number[] }): Promise<{ redis: RedisServer; models: ModelServer; apps: TestApp[]; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-redis-app-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  closing.push(() => redis.stop());
  const models = await startModelServer({ role: "local", latencyMs: options.latencyMs ?? 20 });
  closing.push(() => models.close());
  const place = { driver: "redis", url: redis.url, prefix: "test" };
  const apps: TestApp[] = [];
  for (let count = 0; count < options.apps; count++) {
    const app = await openTestApp([modelServers(models.url), { stores: { queue: place, cache: place }, jobs: { concurrency: options.concurrency?.[count] ?? 2, leaseMs: 60_000 }, privacy: { threads: 1 } }], folder);
    closing.push(() => app.end(true));
    apps.push(app);
  }
  return { redis, models, apps, folder };
}

const text = (index: number): string => `Crane number ${index} was delivered by Velden Marine GmbH to the harbour of Kiel on day ${index}.`;

async function upload(app: TestApp, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index++) await app.add({ name: `note ${index}.txt`, text: text(index) });
}

interface Row {
  status: string;
  attempts: number;
}

function jobs(folder: string): Row[] {
  const database = new Database(join(folder, "sluice.sqlite"), { readonly: true });
  try {
    return database.prepare("SELECT status, attempts FROM ledger_jobs").all() as Row[];
  } finally {
    database.close();
  }
}
const done = (folder: string): number => jobs(folder).filter((each) => each.status === "done").length;

/** Everything ended well, at the first attempt, and no model was asked twice about one document. */
async function expectAllOnce(folder: string, models: ModelServer, count: number): Promise<void> {
  await waitFor(() => done(folder), (number) => number >= count, 90_000);
  expect(jobs(folder)).toEqual(Array.from({ length: count }, () => ({ status: "done", attempts: 1 })));
  const asked = models.requests.filter((each) => each.body.includes("Read the entities")).map((each) => /Crane number (\d+) /.exec(String(each.body))?.[1]);
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
}

describeOn("redis", "work shared through Redis", () => {
  test("two processes share what there is to do, and none is done twice", async () => {
    const { models, apps, folder } = await start({ apps: 2 });
    await upload(apps[0]!, 0, 50);
    await expectAllOnce(folder, models, 50);
  }, 120_000);

  test("a Redis that has forgotten everything loses no job: the ledger names them all", async () => {
    const { redis, models, apps, folder } = await start({ apps: 2 });
    await upload(apps[0]!, 0, 50);
    const client = new Redis(redis.url);
    await client.flushall();
    expect(done(folder)).toBeLessThan(40);
    await client.quit();
    await expectAllOnce(folder, models, 50);
  }, 120_000);

  test("a Redis that is killed fails no upload and stops no work; what comes back is used again", async () => {
    const { redis, models, apps, folder } = await start({ apps: 2 });
    await upload(apps[0]!, 0, 10);
    await redis.kill();
    await upload(apps[1]!, 10, 20);
    expect(await metrics.metrics()).toContain("sluice_queue_degraded 1");
    const { ready, checks } = await apps[0]!.ready();
    expect([ready, checks.find((each) => each.name === "stores.queue")?.ok]).toEqual([true, false]);
    await expectAllOnce(folder, models, 30);

    await redis.restart();
    await waitFor(() => metrics.metrics(), (seen) => seen.includes("sluice_queue_degraded 0"));
    await upload(apps[0]!, 30, 20);
    await expectAllOnce(folder, models, 50);
  }, 120_000);

  test("a Redis killed and started again in the middle of the work", async () => {
    const { redis, models, apps, folder } = await start({ apps: 2 });
    await upload(apps[0]!, 0, 50);
    await redis.kill();
    await redis.restart();
    await expectAllOnce(folder, models, 50);
  }, 120_000);

  test("a Redis that says nothing for 5 s", async () => {
    const { redis, models, apps, folder } = await start({ apps: 2 });
    closing.push(() => redis.resume());
    await upload(apps[0]!, 0, 30);
    redis.pause();
    const before = Date.now();
    await upload(apps[0]!, 30, 20);
    while (Date.now() - before < 5_000) await new Promise((resolve) => setTimeout(resolve, 100));
    redis.resume();
    await expectAllOnce(folder, models, 50);
  }, 120_000);

  test("a job is cancelled at once, whichever process works on it", async () => {
    // The renewal of its lease, which sees a cancellation too, comes every 20 s; two more answers take 16 s.
    const { apps } = await start({ apps: 2, concurrency: [0, 1], latencyMs: 8_000 });
    const [door] = apps as [TestApp];
    const { jobId } = await door.add({ name: "note.txt", text: text(1) });
    await waitFor(() => door.jobs.get(localPrincipal, jobId), (job) => job?.stage === "embed");
    await door.jobs.cancel(localPrincipal, jobId);
    await waitFor(() => door.jobs.get(localPrincipal, jobId), (job) => job?.status === "cancelled", 6_000);
  }, 60_000);

  test("a deletion that cannot reach the cache is not over before it has", async () => {
    const { redis, apps } = await start({ apps: 1 });
    const [app] = apps as [TestApp];
    const { documentId, jobId } = await app.add({ name: "note.txt", text: text(1) });
    await app.ended(jobId);
    await redis.kill();
    const erasing = (await app.documents.erase(localPrincipal, documentId))!;
    await waitFor(() => app.jobs.get(localPrincipal, erasing.id), (job) => job?.error?.code === "store");
    expect((await app.jobs.get(localPrincipal, erasing.id))!.status).not.toBe("done");
    await redis.restart();
    await waitFor(() => app.jobs.get(localPrincipal, erasing.id), (job) => job?.status === "done");
  }, 60_000);
});
