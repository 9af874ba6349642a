import { setTimeout as sleep } from "node:timers/promises";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { randomId } from "../../src/data/identity.ts";
import { openPostgresLedger } from "../../src/stores/ledger/open-postgres-ledger.ts";
import { PostgresOptions } from "../../src/stores/postgres/options.ts";
import { reserve } from "../contracts/ledger/bench.ts";
import { startFaultProxy } from "../servers/fault-proxy.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { describeOn, describeOnAll, ownPostgres } from "../servers/real-servers.ts";
import { ownCluster } from "./cluster.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { startProcess } from "./start-process.ts";
import { inFlight, inventedTowns, note } from "./towns.ts";
import { waitFor } from "./wait-for-job.ts";
import { setWallClock } from "./wall-clock.ts";
import { jobsOf, watchJobs } from "./watch-jobs.ts";

const hours = 3_600_000;
const signal = new AbortController().signal;
const towns = inventedTowns(inFlight);
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  setWallClock(0);
  for (const close of closing.splice(0).toReversed()) await close();
});

async function modelServer(): Promise<ModelServer> {
  const server = await startModelServer({ role: "local", latencyMs: 100 });
  closing.push(() => server.close());
  return server;
}

async function allDone(app: TestApp): Promise<void> {
  const statuses = async () => [...(await jobsOf(app)).values()].map(({ status }) => status);
  await waitFor(statuses, (seen) => seen.length === towns.length && seen.every((status) => status === "done"), 200_000);
  expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: towns.length, differences: [] });
}

/** How often each question came. */
const asked = (server: ModelServer): number[] => [...Map.groupBy(server.requests.filter((each) => each.path === "/api/chat"), (each) => each.body.toString()).values()].map((each) => each.length);

describe("a clock that jumps by hours, on one machine", () => {
  it("ends every document once, and asks nothing twice", async () => {
    const server = await modelServer();
    const app = await openTestApp([modelServers(server.url), { jobs: { concurrency: 4, leaseMs: 3_000 }, privacy: { threads: 1 } }]);
    closing.push(() => app.end());
    for (const town of towns.slice(0, -4)) await app.add(note(town));
    const watch = watchJobs(app);
    for (const [at, offset] of [5 * hours, -5 * hours, 30 * hours, -30 * hours].entries()) {
      setWallClock(offset);
      await app.add(note(towns.at(at - 4)!));
      await sleep(700);
    }
    await allDone(app);
    expect([await watch.stop(), new Set(asked(server))]).toEqual([[], new Set([1])]);
  }, 240_000);
});

describeOnAll(["neo4j", "qdrant", "postgres"], "a machine whose clock is hours away from the others'", (servers) => {
  it("shares the work with them, and what it leaves for later is taken up in time", async () => {
    const server = await modelServer();
    const cluster = await ownCluster(servers);
    closing.push(cluster.close);
    const vectors = await startFaultProxy({ port: Number(new URL(servers.qdrant.url).port) });
    closing.push(vectors.close);
    const own = { ...cluster.values.stores, vectors: { ...(cluster.values.stores as { vectors: object }).vectors, url: vectors.through(servers.qdrant.url) } };
    const values = [modelServers(server.url), { stores: own, jobs: { concurrency: 3, leaseMs: 3_000, waitMs: 500 }, privacy: { threads: 1 } }] as const;
    setWallClock(5 * hours);
    const app = await openTestApp([...values]);
    closing.push(() => app.end());
    const overlay = join(app.folder, "overlay.yaml");
    await writeFile(overlay, JSON.stringify(Object.assign({}, ...values)));
    const watch = watchJobs(app);
    for (const town of towns) await app.add(note(town));
    const other = await startProcess(["worker", "--concurrency", "3", "--data", app.folder, "--config", overlay]);
    closing.push(() => (other.child.kill("SIGKILL"), other.ended));
    // What fails here is to be tried again in some seconds: by whose clock?
    await vectors.cut();
    await waitFor(() => jobsOf(app), (jobs) => [...jobs.values()].some((job) => job.error?.code === "store"));
    await vectors.heal();
    setWallClock(-5 * hours);
    await allDone(app);
    expect([await watch.stop(), Math.max(...asked(server))]).toEqual([[], 1]);
  }, 300_000);
});

describeOn("postgres", "money, by clocks that are hours apart", (shared) => {
  it("nobody charges what another machine's call may still cost", async () => {
    const database = await ownPostgres(shared);
    const ledger = await openPostgresLedger(PostgresOptions.parse({ driver: "postgres", url: database.url }));
    closing.push(database.close, ledger.close);
    const call = () => ({ id: randomId(), tenant: "one", backend: "cloud", model: "m", usd: 1, tokens: 10, documentId: null, taskType: "generation", expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const free = { dayUsd: 10, monthUsd: 10 };
    const [here, there] = [call(), call()];
    await reserve(ledger, here, free, null);
    setWallClock(5 * hours);
    expect(await ledger.spend.expire(new Date().toISOString())).toBe(0);
    setWallClock(-5 * hours);
    const late = call();
    await reserve(ledger, late, free, null);
    await reserve(ledger, there, free, null);
    setWallClock(0);
    expect(await ledger.spend.expire(new Date().toISOString())).toBe(0);
    expect(await ledger.spend.totals("one", new Date().toISOString())).toMatchObject({ dayUsd: 0, reservedUsd: 3 });
  });
});
