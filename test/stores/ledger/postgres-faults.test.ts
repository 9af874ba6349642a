import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { randomId } from "../../../src/data/identity.ts";
import type { Ledger } from "../../../src/stores/ledger/ledger.ts";
import { openPostgresLedger } from "../../../src/stores/ledger/open-postgres-ledger.ts";
import { PostgresOptions } from "../../../src/stores/postgres/options.ts";
import { acceptOne, accepting, freshTenant, holder, reserve, upload } from "../../contracts/ledger/bench.ts";
import { heldDocument, planFor } from "../../contracts/ledger/intents.ts";
import { startPostgres, type PostgresServer } from "../../servers/postgres.ts";
import { describeOn, ownPostgres } from "../../servers/real-servers.ts";
import { endConnectionsDuring } from "../postgres/end-connections.ts";

const script = fileURLToPath(new URL("./other-process.ts", import.meta.url));
const run = (url: string, task: string): Promise<string> => text(spawn(process.execPath, [script, url, task], { stdio: ["ignore", "pipe", "inherit"] }).stdout);
const fifty = Array.from({ length: 50 }, (_, place) => place);
const open = (url: string, more: object = {}) => openPostgresLedger(PostgresOptions.parse({ driver: "postgres", url, ...more }));
const reservation = (tenant: string) => ({ id: randomId(), tenant, backend: "cloud", model: "m", usd: 0.01, tokens: 1, documentId: null, taskType: "extraction", expiresAt: new Date(Date.now() + 600_000).toISOString() });

/** What of fifty calls at once came through; the others failed with errors that say to try again. */
async function settled<T>(calls: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(calls);
  for (const each of results) if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "store", retryable: true });
  return results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

describeOn("postgres", "a PostgreSQL that is disturbed", (shared) => {
  let database: Awaited<ReturnType<typeof ownPostgres>>;
  let ledger: Ledger & { close(): Promise<void> };
  beforeEach(async () => {
    database = await ownPostgres(shared);
    ledger = await open(database.url);
  });
  afterEach(async () => {
    await ledger.close();
    await database.close();
  });

  test("connections that end in the middle of 50 uploads lose none and double none", async () => {
    const principal = holder(freshTenant());
    const accept = (place: number) => ledger.documents.accept(principal, upload(principal.tenant, `words ${place}`, { key: String(place) }), { ...accepting, idempotencyKey: String(place) });
    const { result, ended } = await endConnectionsDuring(database.url, Promise.all(fifty.map(accept)));
    expect(ended).toBeGreaterThan(0);
    expect((await ledger.jobs.due(1_000)).map(({ id }) => id).sort()).toEqual(result.map(({ job }) => job.id).sort());
    expect(result.filter(({ duplicate }) => duplicate)).toEqual([]);
  });

  test("connections that end in the middle of 50 reservations leave the budget exactly as full as was answered", async () => {
    const tenant = freshTenant();
    const { result, ended } = await endConnectionsDuring(database.url, Promise.all(fifty.map(() => reserve(ledger, reservation(tenant), { dayUsd: 0.3, monthUsd: 1 }, null))));
    expect(ended).toBeGreaterThan(0);
    expect(result.filter(({ ok }) => ok)).toHaveLength(30);
    expect((await ledger.spend.totals(tenant, new Date().toISOString())).reservedUsd).toBe(0.3);
  });

  test("connections that end in the middle of 50 claims, settlements and ends leave no job with two holders or none", async () => {
    const made = await Promise.all(fifty.map(() => acceptOne({ ledger })));
    const { result: leases } = await endConnectionsDuring(database.url, settled(made.map(({ job }) => ledger.jobs.claim(job.id, "worker", 60_000))));
    const held = leases.filter((lease) => lease !== null);
    expect(held.map(({ number }) => number)).toEqual(held.map(() => 1));
    const spent = fifty.map(() => reservation("one"));
    for (const each of spent) await reserve(ledger, each);
    const work = Promise.all([...held.map((lease) => ledger.jobs.finish(lease, "done", {})), ...spent.map(({ id }) => ledger.spend.settle(id, { usd: 0.01, promptTokens: 1, outputTokens: 1 }))]);
    await endConnectionsDuring(database.url, work);
    for (const { jobId } of held) {
      expect(await ledger.jobs.row(jobId)).toMatchObject({ status: "done", lease: null });
      expect(await ledger.jobs.events(jobId, 0, 10)).toHaveLength(1);
    }
    expect(await ledger.spend.totals("one", new Date().toISOString())).toMatchObject({ dayUsd: 0.5, reservedUsd: 0 });
  });

  test("connections that end in the middle of commits of documents in several stores lose none", async () => {
    const held = await Promise.all(fifty.slice(0, 20).map(async () => {
      const each = await heldDocument({ ledger });
      return { ...each, revision: (await ledger.intents.begin([each.document.id], each.lease)).get(each.document.id)!.revision };
    }));
    const terms = (id: string) => new Map([[id, [{ chunkId: id, class: "public" as const, terms: ["alder", "beech"] }]]]);
    const commits = held.map(({ document, lease, revision }) => ledger.intents.commit([planFor(document)], new Map([[document.id, revision]]), lease, terms(document.id)));
    await endConnectionsDuring(database.url, Promise.all(commits));
    for (const { document } of held) expect(await ledger.documents.row(document.id)).toMatchObject({ status: "ready" });
    for (const { principal } of held) expect(await ledger.terms.idf(principal, ["default"], ["alder"])).toMatchObject({ count: 1 });
  });

  test("of two processes that claim the same jobs each job is held by one", async () => {
    const made = await Promise.all(fifty.map(() => acceptOne({ ledger })));
    const claimed = (await Promise.all([run(database.url, "claim"), run(database.url, "claim")])).map((lines) => lines.split("\n").filter(Boolean));
    expect(claimed.flat().sort()).toEqual(made.map(({ job }) => job.id).sort());
  });

  test("two processes that reserve at once stay inside one budget and use all of it", async () => {
    const counts = await Promise.all([run(database.url, "reserve"), run(database.url, "reserve")]);
    expect(Number(counts[0]) + Number(counts[1])).toBe(50);
    expect((await ledger.spend.totals("one", new Date().toISOString())).reservedUsd).toBe(0.5);
  });

  test("a process that is killed between two statements holds nobody up", async () => {
    const child = spawn(process.execPath, [script, database.url, "accept"], { stdio: ["ignore", "pipe", "inherit"] });
    const answered: string[] = [];
    for await (const lines of child.stdout.setEncoding("utf8")) {
      answered.push(...(lines as string).split("\n").filter(Boolean));
      if (answered.length >= 20) child.kill("SIGKILL");
    }
    await ledger.documents.accept(holder("one"), upload("one", "words", { key: "1" }), accepting);
    expect((await ledger.jobs.due(1_000)).map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  });
});

describeOn("postgres", "a PostgreSQL of its own that is killed", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test("every upload that was answered is there after kill -9 and a restart, and calls meanwhile come through", async () => {
    const ledger = await open(server.url);
    const answered: string[] = [];
    let last = 0;
    const enough = new AbortController();
    const worker = async () => {
      while (!enough.signal.aborted) {
        const place = ++last;
        const [one] = await settled([ledger.documents.accept(holder("one"), upload("one", `words ${place}`, { key: String(place) }), { ...accepting, idempotencyKey: String(place) })]);
        if (one) answered.push(one.job.id);
      }
    };
    const workers = Promise.all(fifty.map(worker));
    for (let round = 0; round < 3; round++) {
      const before = answered.length;
      while (answered.length < before + 50) await pause(10);
      await server.kill("SIGKILL");
      await server.restart();
    }
    enough.abort();
    await workers;
    const due = (await ledger.jobs.due(100_000)).map(({ id }) => id);
    expect(answered.filter((id) => !due.includes(id))).toEqual([]);
    expect(new Set(due).size).toBe(due.length);
    expect(due.length).toBeLessThanOrEqual(last);
    await ledger.close();
  });

  test("while it says nothing, calls end with an error that says to try again; afterwards it goes on", async () => {
    const ledger = await open(server.url, { connectTimeoutMs: 300, statementTimeoutMs: 1_000 });
    server.pause();
    const began = ledger.jobs.queued().catch((error: unknown) => error);
    await pause(2_000);
    server.resume();
    await began;
    expect(await ledger.jobs.queued()).toBeGreaterThanOrEqual(0);
    await ledger.close();
  });
});
