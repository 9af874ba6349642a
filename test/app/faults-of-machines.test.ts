import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/data/identity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { documentFiles } from "./store-contents.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { startProcess } from "./start-process.ts";
import { inventedTowns, note } from "./towns.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

const values = { jobs: { leaseMs: 20_000, maxAttempts: 20 }, privacy: { threads: 1 } };
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "sluice-machine-"));
  closing.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function modelServer(latencyMs = 0): Promise<ModelServer> {
  const server = await startModelServer({ role: "local", latencyMs });
  closing.push(() => server.close());
  return server;
}

async function open(own: unknown[], data?: string): Promise<TestApp> {
  const app = await openTestApp([...own, values], data);
  closing.push(() => app.end(data !== undefined));
  return app;
}

/** A command of the product, as a process of its own on this folder. */
async function start(command: string[], data: string, server: ModelServer, concurrency = 1) {
  const overlay = `${data}.yaml`;
  await writeFile(overlay, JSON.stringify({ ...modelServers(server.url), jobs: { ...values.jobs, concurrency }, privacy: values.privacy }));
  const started = await startProcess([...command, "--data", data, "--config", overlay]);
  closing.push(() => (started.child.kill("SIGKILL"), started.ended), () => rm(overlay, { force: true }));
  return { ...started, url: started.first["url"] as string };
}
const startServing = (data: string, server: ModelServer, concurrency = 1) => start(["serve", "--port", "0"], data, server, concurrency);

/** How often each passage was read for its entities, and for its relations. */
const readingsOf = (server: ModelServer): number[] => [...Map.groupBy(server.requests.map((each) => each.body.toString()).filter((body) => body.includes("Read the ")), (body) => body).values()].map((each) => each.length);

async function post(url: string, name: string, text: string): Promise<string> {
  const body = new FormData();
  body.append("file", new Blob([text]), name);
  const response = await fetch(`${url}/v1/documents`, { method: "POST", body });
  return ((await response.json()) as { jobs: { id: string }[] }).jobs[0]!.id;
}

const textOf = (town: string) => note(town).text;
const towns = inventedTowns(50);
/** Of a process; the model server takes as many. */
const atOnce = 4;

describe("a server that is told to end while it works", () => {
  it("gives its jobs back, and they end after the next start without a new question for what was answered", async () => {
    const data = join(await folder(), "data");
    const server = await modelServer(400);
    const serving = await startServing(data, server, atOnce);
    await Promise.all(towns.map((town) => post(serving.url, `${town}.txt`, textOf(town))));
    await waitFor(() => server.requests.filter((each) => each.body.includes("Read the relations")).length, (count) => count > 0);
    serving.child.kill("SIGTERM");
    expect(await serving.ended).toBe(0);

    const database = new Database(join(data, "sluice.sqlite"), { readonly: true });
    const left = database.prepare("SELECT id, status, lease_owner, attempts FROM ledger_jobs WHERE status <> 'done'").all() as { id: string }[];
    database.close();
    expect(left.length).toBeGreaterThan(towns.length / 2);
    for (const { id: _, ...each } of left) expect(each).toEqual({ status: "queued", lease_owner: null, attempts: 0 });
    const app = await open([modelServers(server.url)], data);
    for (const { id } of left) expect(await untilStatus(app, id, "done", "failed")).toMatchObject({ status: "done", error: null });
    const asked = readingsOf(server);
    expect(asked.length).toBe(2 * towns.length);
    expect(Math.max(...asked)).toBeLessThanOrEqual(2);
    // Only what was on its way is asked once more.
    expect(asked.filter((times) => times === 2).length).toBeLessThanOrEqual(atOnce);
  }, 120_000);
});

describe("several at once", () => {
  it("uploads of one file are one document with one job", async () => {
    const server = await modelServer();
    const app = await open([modelServers(server.url)]);
    const accepted = await Promise.all(Array.from({ length: 5 }, () => app.add({ name: "note.txt", text: textOf("Rostock") })));
    expect(new Set(accepted.map((each) => each.jobId)).size).toBe(1);
    expect(accepted.filter((each) => !each.duplicate).length).toBe(1);
    expect((await app.ended(accepted[0]!.jobId)).status).toBe("done");
    expect((await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items.length).toBe(1);
    expect(server.requests.filter((each) => each.path === "/api/chat").length).toBe(2);
  });

  it("processes on one data folder share the work, and no document is worked on twice", async () => {
    const data = join(await folder(), "data");
    const server = await modelServer(300);
    const [one, other] = [await startServing(data, server), await startServing(data, server)];
    const some = towns.slice(0, 6);
    for (const town of some) await post(one.url, `${town}.txt`, textOf(town));
    const database = new Database(join(data, "sluice.sqlite"), { readonly: true });
    closing.push(() => database.close());
    const owners = new Set<string>();
    const status = database.prepare("SELECT status, lease_owner AS owner FROM ledger_jobs");
    const rows = await waitFor(
      () => {
        const seen = status.all() as { status: string; owner: string | null }[];
        for (const { owner } of seen) if (owner) owners.add(owner);
        return seen;
      },
      (seen) => seen.every((each) => each.status === "done" || each.status === "failed"),
    );
    expect(rows.map((each) => each.status)).toEqual(some.map(() => "done"));
    expect(owners.size).toBe(2);
    const asked = server.requests.filter((each) => each.path === "/api/chat").map((each) => each.body.toString());
    expect([asked.length, new Set(asked).size]).toEqual([2 * some.length, 2 * some.length]);
    for (const url of [one.url, other.url]) expect(((await (await fetch(`${url}/v1/documents`)).json()) as { items: unknown[] }).items.length).toBe(some.length);
  }, 60_000);
});

describe("workers", () => {
  it("do the work of a server that has none of its own, and one that is killed leaves nothing undone", async () => {
    const data = join(await folder(), "data");
    const server = await modelServer(200);
    const serving = await start(["serve", "--port", "0", "--concurrency", "0"], data, server);
    await Promise.all(towns.map((town) => post(serving.url, `${town}.txt`, textOf(town))));
    const all = async () => ((await (await fetch(`${serving.url}/v1/jobs?limit=100`)).json()) as { items: { status: string }[] }).items.map(({ status }) => status);
    expect(await all()).toEqual(towns.map(() => "queued"));
    const [first, second] = [await start(["worker", "--concurrency", "3"], data, server), await start(["worker", "--concurrency", "4"], data, server)];
    expect([first.first, second.first]).toEqual([{ concurrency: 3 }, { concurrency: 4 }]);
    await waitFor(() => server.requests.length, (count) => count > 10);
    first.child.kill("SIGKILL");
    expect(await waitFor(all, (seen) => seen.every((each) => each === "done" || each === "failed"), 90_000)).toEqual(towns.map(() => "done"));
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    const asked = readingsOf(server);
    expect(asked.length).toBe(2 * towns.length);
    expect(Math.max(...asked)).toBeLessThanOrEqual(2);
  }, 120_000);
});

describe("files that a killed process left without a row", () => {
  it("go at a later start, when no upload can be on its way any more", async () => {
    const data = join(await folder(), "data");
    const first = await open([noModelServer], data);
    const { jobId } = await first.add({ name: "kept.txt", text: textOf("Kiel") });
    expect((await first.ended(jobId)).status).toBe("done");
    const kept = await documentFiles(data);
    const ids = ["0f000000-0000-8000-8000-000000000001", "0f000000-0000-8000-8000-000000000002"];
    for (const id of ids) {
      await mkdir(join(data, "files", "documents", "0f", id), { recursive: true });
      await writeFile(join(data, "files", "documents", "0f", id, "original-1"), "Zwerxport");
    }
    const hours = new Date(Date.now() - 90_000_000);
    await utimes(join(data, "files", "documents", "0f", ids[0]!), hours, hours);
    await open([noModelServer], data);
    const left = await waitFor(() => documentFiles(data), (files) => files.every((each) => !each.includes(ids[0]!)));
    expect(left.filter((each) => !each.includes(ids[1]!))).toEqual(kept);
    expect(left.some((each) => each.includes(ids[1]!))).toBe(true);
  });
});

describe("a disk that is full", () => {
  it("refuses an upload with what to do and keeps nothing of it; one that was accepted goes on when there is room", async (test) => {
    const disk = await mountSmallDisk();
    if (!disk) return test.skip("only who may mount a file system of its own can fill one");
    closing.push(disk.close);
    const server = await modelServer(400);
    const app = await open([modelServers(server.url)], join(disk.folder, "data"));
    const first = await app.add({ name: "kept.txt", text: textOf("Kiel") });
    expect((await app.ended(first.jobId)).status).toBe("done");
    const files = await documentFiles(app.folder);

    const path = await app.temporary();
    const large = `${textOf("Bremen")} `.repeat(4_000);
    await writeFile(path, large);
    const free = await disk.fill(8 * 4096);
    const upload = app.documents.upload(localPrincipal, { path, name: "large.txt", bytes: large.length, sha256: sha256(large) }, { collection: "default", key: null, class: null, idempotencyKey: null });
    await expect(upload).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("the disk is full; nothing of this file was kept, make room and try again") });
    await rm(path);
    expect(await documentFiles(app.folder)).toEqual(files);
    expect((await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items.length).toBe(1);
    await free();

    const accepted = await Promise.all(towns.map((town) => app.add(note(town))));
    await waitFor(() => server.requests.filter((each) => each.body.includes(towns[0]!)).length, (count) => count > 0);
    const room = await disk.fill(0);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const left = (await Promise.all(accepted.map(({ jobId }) => app.jobs.get(localPrincipal, jobId)))).filter((job) => job?.status !== "done");
    expect(left.length).toBeGreaterThan(towns.length / 2);
    for (const job of left) expect(["running", "queued"]).toContain(job!.status);
    const answer = await app.ask(`Where is ${left[0]!.name.replace(".txt", "")} Terminal based?`, { retrieval: "text", answer: false });
    expect(answer.passages.filter((each) => each.documentId === left[0]!.documentId)).toEqual([]);
    expect((await app.ask("Where is Kiel Terminal based?", { retrieval: "text", answer: false })).passages.length).toBeGreaterThan(0);
    await room();
    for (const { jobId } of accepted) expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    expect(await app.verify({ repair: false, signal: new AbortController().signal })).toMatchObject({ documents: 51, differences: [] });
  }, 180_000);
});
