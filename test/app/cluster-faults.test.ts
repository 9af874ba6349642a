import { setTimeout as sleep } from "node:timers/promises";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Redis } from "ioredis";
import { Client } from "pg";
import { expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { type FaultProxy, startFaultProxy } from "../servers/fault-proxy.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { startNeo4j } from "../servers/neo4j.ts";
import { startPostgres } from "../servers/postgres.ts";
import { startQdrant } from "../servers/qdrant.ts";
import { describeOnAll } from "../servers/real-servers.ts";
import { startRedis } from "../servers/redis.ts";
import { startS3 } from "../servers/s3.ts";
import { startS3WithoutRoom } from "../servers/s3-without-room.ts";
import { endConnectionsDuring } from "../stores/postgres/end-connections.ts";
import { modelServers, openTestApp } from "./open-test-app.ts";
import { inventedTowns, note } from "./towns.ts";
import { waitFor } from "./wait-for-job.ts";
import { jobsOf, watchJobs } from "./watch-jobs.ts";

const signal = new AbortController().signal;
const towns = inventedTowns(50);

// It hurts servers of its own; the shared ones only say that servers are wanted.
describeOnAll(["neo4j", "qdrant", "redis", "postgres", "s3"], "fifty documents in flight while servers fail", () => {
  it("all end, each once, nothing is left over, no answer that was kept is asked for again, and what a user reads meanwhile is true", async () => {
    const closing: (() => Promise<unknown>)[] = [];
    try {
      const [neo4j, qdrant, postgres, redis, s3] = await Promise.all([startNeo4j(), startQdrant(), startPostgres(), startRedis(), startS3()]);
      closing.push(neo4j.stop, qdrant.stop, postgres.stop, redis.stop, s3.stop);
      const room = await startS3WithoutRoom(s3);
      closing.push(room.close);
      const [graph, vectors, ledger, wakes, files] = (await Promise.all([neo4j, qdrant, postgres, redis, room].map((server) => startFaultProxy(server)))) as [FaultProxy, FaultProxy, FaultProxy, FaultProxy, FaultProxy];
      const all = [graph, vectors, ledger, wakes, files];
      closing.push(...all.map((proxy) => proxy.close));
      const model = await startModelServer({ role: "local", latencyMs: 200 });
      closing.push(model.close);
      const database = { driver: "postgres", url: ledger.through(postgres.url), poolSize: 8, statementTimeoutMs: 5_000, connectTimeoutMs: 2_000 };
      const shared = { driver: "redis", url: wakes.through(redis.url) };
      const { region, bucket, accessKeyId, secretAccessKey } = s3;
      const stores = {
        text: { driver: "qdrant" },
        vectors: { driver: "qdrant", url: vectors.through(qdrant.url), apiKey: qdrant.apiKey, timeoutMs: 5_000 },
        knowledge: { driver: "neo4j", url: graph.through(neo4j.url), user: neo4j.user, password: neo4j.password, timeoutMs: 10_000 },
        ledger: database, checkpoints: database, queue: shared, cache: shared,
        files: { driver: "s3", endpoint: files.through(s3.endpoint), region, bucket, accessKeyId, secretAccessKey, timeoutMs: 2_000 },
      };
      const app = await openTestApp([modelServers(model.url), { stores, jobs: { concurrency: 4, leaseMs: 5_000, waitMs: 500 }, privacy: { threads: 1 } }]);
      closing.push(() => app.end());

      const [first, later] = [towns.slice(0, 46), towns.slice(46)];
      const accepted = await Promise.all(first.map((town) => app.add(note(town))));
      const add = async (town: string) => void accepted.push(await app.add(note(town)));
      const watch = watchJobs(app);
      // While a server hurts, a file is taken or refused with what to do; one that was refused is taken afterwards.
      const refuses = (town: string, why: RegExp) => expect(app.add(note(town))).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringMatching(why) });
      const statuses = async () => [...(await jobsOf(app)).values()].map(({ status }) => status);
      const faults: (() => Promise<unknown> | unknown)[] = [
        () => all.map((proxy) => proxy.reset()),
        async () => {
          for (const server of [qdrant, redis]) server.pause();
          await Promise.all([vectors, files].map((proxy) => Promise.race([proxy.loseAnswer((sent) => sent.includes("PUT")), sleep(2_500)])));
          for (const server of [qdrant, redis]) server.resume();
        },
        async () => (room.full = true, await refuses(later[0]!, /stores\.files\.endpoint\) is full/), await sleep(2_000), (room.full = false), await add(later[0]!)),
        async () => (await Promise.all([ledger.cut(), wakes.cut()]), await sleep(2_000), await Promise.all([ledger.heal(), wakes.heal()])),
        async () => {
          await Promise.all([qdrant.kill(), redis.kill(), s3.kill()]);
          await refuses(later[1]!, /stores\.files\.endpoint\) did not answer/);
          await Promise.all([qdrant.restart(), redis.restart(), s3.restart()]);
          await add(later[1]!);
        },
        async () => (all.forEach((proxy) => proxy.slow(100)), await sleep(3_000), await Promise.all(all.map((proxy) => proxy.heal()))),
        () => Promise.all([flush(redis.url), endConnectionsDuring(postgres.url, sleep(1_000), 80)]),
        async () => (await postgres.kill(), await postgres.restart()),
        async () => {
          neo4j.pause();
          for (const proxy of [wakes, files]) proxy.blackhole();
          await sleep(5_000);
          await Promise.all([wakes.heal(), files.heal(), add(later[2]!)]);
          neo4j.resume();
        },
        async () => (await neo4j.kill(), await Promise.all([neo4j.restart(), add(later[3]!)])),
      ];
      for (const fault of faults) {
        expect(await waitFor(statuses, (seen) => seen.length > 0)).toEqual(expect.arrayContaining([expect.stringMatching(/running|queued|waiting/)]));
        await fault();
        await sleep(1_000);
      }
      const ids = new Set(accepted.map(({ jobId }) => jobId));
      expect([ids.size, new Set(accepted.map(({ documentId }) => documentId)).size]).toEqual([50, 50]);
      const ended = await waitFor(statuses, (seen) => seen.length === 50 && seen.every((status) => status === "done" || status === "failed"), 240_000);
      expect([ended.filter((status) => status !== "done"), await watch.stop()]).toEqual([[], []]);

      const verified = await waitFor(() => app.verify({ repair: false, signal }).catch(() => null), (seen) => seen?.differences.length === 0, 90_000);
      expect(verified).toMatchObject({ documents: 50, differences: [] });
      const names = await app.entities.search(localPrincipal, { collection: "default", text: "Terminal", type: null, limit: 100, cursor: null });
      expect(names.items.map((each) => each.name).toSorted()).toEqual(towns.map((town) => `${town} Terminal`).toSorted());
      expect(await documentsIn(s3)).toEqual(new Set(accepted.map(({ documentId }) => documentId)));
      expect(await answersKeptTwice(postgres.url)).toEqual([]);
      const engines = (await Array.fromAsync(app.check(signal))).filter(({ name }) => name.startsWith("stores."));
      expect(new Set(engines.map(({ name, state }) => `${name} ${state}`))).toEqual(new Set(["ledger", "checkpoints", "knowledge", "vectors", "queue", "cache", "files"].map((store) => `stores.${store} ok`)));
      // What was in flight at a fault of the ledger may have been asked once more; nothing was asked more often.
      const asked = Map.groupBy(model.requests.filter((each) => each.path === "/api/chat"), (each) => each.body.toString());
      expect(Math.max(...[...asked.values()].map((each) => each.length))).toBeLessThanOrEqual(2);
    } finally {
      for (const close of closing.toReversed()) await close();
    }
  }, 600_000);
});

async function flush(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushall();
  await client.quit();
}

/** Every document of which the service holds a file. */
async function documentsIn({ endpoint, region, bucket, ...credentials }: Awaited<ReturnType<typeof startS3>>): Promise<Set<string>> {
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  const found = new Set<string>();
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken }));
    for (const { Key = "" } of page.Contents ?? []) found.add(Key.split("/")[1]!);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  client.destroy();
  return found;
}

/** Questions whose answer was kept, and that were asked and kept again in spite of it. */
async function answersKeptTwice(url: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<object>("select document_id, step from ledger_memo where valid = 1 group by document_id, chunk_id, step, messages_hash, generation having count(*) > 1").finally(() => client.end());
  return rows;
}
