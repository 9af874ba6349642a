import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Run } from "../../src/stores/knowledge/neo4j/connect.ts";
import { type Log, silentLog } from "../../src/telemetry.ts";
import { type FaultProxy, startFaultProxy } from "../servers/fault-proxy.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { describeOnAll, ownRedis } from "../servers/real-servers.ts";
import { ownCluster } from "./cluster.ts";
import { openTestApp, type TestApp } from "./open-test-app.ts";
import { startProcess } from "./start-process.ts";
import { inFlight, inventedTowns, note } from "./towns.ts";
import { waitFor } from "./wait-for-job.ts";
import { jobsOf, watchJobs } from "./watch-jobs.ts";

const signal = new AbortController().signal;
const towns = inventedTowns(inFlight);
/** Of each process, and of the model server. */
const atOnce = 8;
/** ms that a busy machine may take for fifty documents. */
const patience = 150_000;

describeOnAll(["neo4j", "qdrant", "redis", "postgres"], "several processes on servers", (servers) => {
  const closing: (() => Promise<unknown> | unknown)[] = [];
  let server: ModelServer;
  let cluster: Awaited<ReturnType<typeof ownCluster>>;
  let redis: Awaited<ReturnType<typeof ownRedis>>;
  /** Between the workers, not the tests, and the ledger. */
  let ledger: FaultProxy;
  let database: string;
  beforeEach(async () => {
    server = await startModelServer({ role: "local", latencyMs: 400, slots: 2 * atOnce });
    cluster = await ownCluster(servers);
    redis = await ownRedis(servers.redis);
    ledger = await startFaultProxy({ port: Number(new URL(servers.postgres.url).port) });
    closing.push(server.close, cluster.close, redis.close, ledger.close);
    database = (cluster.values.stores as { ledger: { url: string } }).ledger.url;
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  function valuesWith(concurrency: number, stores: object = {}): object[] {
    const place = { driver: "redis", url: redis.url, prefix: redis.prefix };
    return [{ models: { backends: [{ id: "ollama", url: server.url, slots: atOnce }] }, stores: { ...cluster.values.stores, queue: place, cache: place, ...stores }, jobs: { concurrency, leaseMs: 3_000, waitMs: 500 }, privacy: { threads: 1 } }];
  }
  async function open(concurrency: number, log: Log = silentLog): Promise<TestApp> {
    const app = await openTestApp(valuesWith(concurrency), undefined, log);
    closing.push(() => app.end());
    return app;
  }
  async function startWorker(app: TestApp) {
    const there = { driver: "postgres", url: ledger.through(database), poolSize: 5, statementTimeoutMs: 5_000 };
    const overlay = join(app.folder, "overlay.yaml");
    await writeFile(overlay, JSON.stringify(Object.assign({}, ...valuesWith(atOnce, { ledger: there, checkpoints: there }))));
    const worker = await startProcess(["worker", "--concurrency", String(atOnce), "--data", app.folder, "--config", overlay]);
    closing.push(() => (worker.child.kill("SIGKILL"), worker.ended));
    return worker;
  }
  async function rows<R extends object>(statement: string): Promise<R[]> {
    const client = new Client({ connectionString: database });
    await client.connect();
    return (await client.query<R>(statement).finally(() => client.end())).rows;
  }
  const allDone = (app: TestApp, count: number) => waitFor(async () => [...(await jobsOf(app)).values()].map((job) => job.status), (seen) => seen.length === count && seen.every((status) => status === "done"), patience);
  const isWhole = async (app: TestApp, count: number) => expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: count, differences: [] });
  const ownersNow = () => rows<{ owner: string; jobs: number }>("select lease_owner as owner, count(*)::int as jobs from ledger_jobs where lease_owner is not null group by lease_owner");

  it("a worker that was stopped for longer than its lease, and whose jobs another one did, changes nothing when it goes on", async () => {
    const app = await open(0);
    const [first, second] = [await startWorker(app), await startWorker(app)];
    const watch = watchJobs(app);
    await Promise.all(towns.map((town) => app.add(note(town))));
    await waitFor(ownersNow, (owners) => owners.length === 2 && owners.every(({ jobs }) => jobs > 1), patience);
    await waitFor(() => server.requests.filter((each) => each.body.includes("Read the entities")).length, (count) => count > 3, patience);
    first.child.kill("SIGSTOP");
    // Redis gives the same jobs out again: it has forgotten who holds them.
    const client = new Redis(redis.url);
    await client.flushdb();
    await client.quit();
    await allDone(app, towns.length);
    const ends = "select id, status, lease_number, finished_at, last_event from ledger_jobs order by id";
    const before = await rows<{ lease_number: string }>(ends);
    expect(before.filter((each) => Number(each.lease_number) > 1).length).toBeGreaterThan(0);

    first.child.kill("SIGCONT");
    // It finds its leases gone at the latest when it renews them.
    await sleep(3_000);
    expect(await rows(ends)).toEqual(before);
    expect(await rows("select job_id from ledger_job_events where type = 'done' group by job_id having count(*) <> 1")).toEqual([]);
    await isWhole(app, towns.length);
    for (const worker of [first, second]) worker.child.kill("SIGTERM");
    expect([await first.ended, await second.ended, await watch.stop()]).toEqual([0, 0, []]);
    const asked = Map.groupBy(server.requests.filter((each) => each.path === "/api/chat"), (each) => each.body.toString());
    expect(Math.max(...[...asked.values()].map((each) => each.length))).toBeLessThanOrEqual(2);
  }, 240_000);

  it("a worker that is told to end waits for its stores; told again it ends at once, and what it had goes on elsewhere", async () => {
    const app = await open(0);
    const worker = await startWorker(app);
    await Promise.all(towns.map((town) => app.add(note(town))));
    await waitFor(() => server.requests.filter((each) => each.body.includes("Read the relations")).length, (count) => count > 1, patience);
    ledger.blackhole();
    worker.child.kill("SIGTERM");
    await sleep(1_300);
    expect(worker.child.exitCode).toBeNull();
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toBe(130);
    await ledger.heal();
    const next = await startWorker(app);
    await allDone(app, towns.length);
    await isWhole(app, towns.length);
    next.child.kill("SIGTERM");
    expect(await next.ended).toBe(0);
    const asked = Map.groupBy(server.requests.filter((each) => each.path === "/api/chat"), (each) => each.body.toString());
    expect(Math.max(...[...asked.values()].map((each) => each.length))).toBeLessThanOrEqual(2);
  }, 240_000);

  it("documents that share entities are stored though somebody locks these in the opposite order", async () => {
    let [sentAgain, rounds, tries] = [0, 0, 0];
    const app = await open(atOnce, { ...silentLog, info: (...given: unknown[]) => void (given[1] === "transaction sent again" && sentAgain++) } as Log);
    const companies = ["Velden", "Harrow", "Brunner", "Castell", "Dorning", "Eltwerk", "Farnholt", "Gerlach"].map((name) => `${name} Marine GmbH`);
    const shared = (town: string, place: number) => ({ name: `${town}.txt`, text: companies.map((_, at) => `${companies[(at + place) % companies.length]} delivers a crane to ${town} Terminal.`).join(" ") });
    await app.ended((await app.add(shared("Anfang", 0))).jobId);
    const companyIds = await cluster.graph.read((run) => run<{ id: string }>("MATCH (e:Entity) WHERE toLower(e.name) CONTAINS 'marine' RETURN e.id AS id ORDER BY id"));
    const [low, middle, high] = [0, 4, 7].map((place) => companyIds[place]!.id) as [string, string, string];
    await Promise.all(towns.map((town, place) => app.add(shared(town, place))));
    const over = new AbortController();
    const hold = (id: string) => (run: Run) => run("MATCH (e:Entity {id: $id}) SET e.lock = true REMOVE e.lock", { id });
    const hostile = (async () => {
      for (; !over.signal.aborted; rounds++) {
        // A writer takes the low one and waits for the middle one; then the high one's holder waits for it, before it asks for that.
        const both = [
          cluster.graph.write(async (run) => (await hold(middle)(run), await sleep(500))),
          cluster.graph.write(async (run) => (tries++, await hold(high)(run), await sleep(300), await hold(low)(run))),
        ];
        await Promise.allSettled(both);
      }
    })();
    await allDone(app, towns.length + 1);
    over.abort();
    await hostile;
    // The server ends one of the two, whichever.
    expect(sentAgain + tries - rounds).toBeGreaterThan(0);
    await isWhole(app, towns.length + 1);
    const found = await app.entities.search(localPrincipal, { collection: "default", text: "Marine", type: null, limit: 100, cursor: null });
    expect(found.items.map((each) => each.name).toSorted()).toEqual(companies.toSorted());
  }, 240_000);
});
