import { spawnSync } from "node:child_process";
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
import { startProcess } from "./start-process.ts";
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
async function start(command: string[], data: string, server: ModelServer) {
  const overlay = `${data}.yaml`;
  await writeFile(overlay, JSON.stringify({ ...modelServers(server.url), jobs: { ...values.jobs, concurrency: 1 }, privacy: values.privacy }));
  const started = await startProcess([...command, "--data", data, "--config", overlay]);
  closing.push(() => (started.child.kill("SIGKILL"), started.ended), () => rm(overlay, { force: true }));
  return { ...started, url: started.first["url"] as string };
}
const startServing = (data: string, server: ModelServer) => start(["serve", "--port", "0"], data, server);

async function post(url: string, name: string, text: string): Promise<string> {
  const body = new FormData();
  body.append("file", new Blob([text]), name);
  const response = await fetch(`${url}/v1/documents`, { method: "POST", body });
  return ((await response.json()) as { jobs: { id: string }[] }).jobs[0]!.id;
}

const note = (town: string) => `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.`;

describe("a server that is told to end while it works", () => {
  it("gives its jobs back, and they end after the next start without a new question for what was answered", async () => {
    const data = join(await folder(), "data");
    const server = await modelServer(1_500);
    const serving = await startServing(data, server);
    const jobId = await post(serving.url, "note.txt", note("Rostock"));
    await waitFor(() => server.requests.filter((each) => each.body.includes("Read the relations")).length, (count) => count > 0);
    serving.child.kill("SIGTERM");
    expect(await serving.ended).toBe(0);

    const database = new Database(join(data, "sluice.sqlite"), { readonly: true });
    expect(database.prepare("SELECT status, lease_owner, attempts FROM ledger_jobs WHERE id = ?").get(jobId)).toEqual({ status: "queued", lease_owner: null, attempts: 0 });
    database.close();
    const app = await open([modelServers(server.url)], data);
    expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    expect(server.requests.filter((each) => each.body.includes("Read the entities")).length).toBe(1);
    expect(server.requests.filter((each) => each.body.includes("Read the relations")).length).toBe(2);
  }, 60_000);
});

describe("several at once", () => {
  it("uploads of one file are one document with one job", async () => {
    const server = await modelServer();
    const app = await open([modelServers(server.url)]);
    const accepted = await Promise.all(Array.from({ length: 5 }, () => app.add({ name: "note.txt", text: note("Rostock") })));
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
    const towns = ["Rostock", "Kiel", "Bremen", "Emden", "Stade", "Husum"];
    const jobIds = [];
    for (const town of towns) jobIds.push(await post(one.url, `${town}.txt`, note(town)));
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
    expect(rows.map((each) => each.status)).toEqual(towns.map(() => "done"));
    expect(owners.size).toBe(2);
    const asked = server.requests.filter((each) => each.path === "/api/chat").map((each) => each.body.toString());
    expect([asked.length, new Set(asked).size]).toEqual([2 * towns.length, 2 * towns.length]);
    for (const url of [one.url, other.url]) expect(((await (await fetch(`${url}/v1/documents`)).json()) as { items: unknown[] }).items.length).toBe(towns.length);
  }, 60_000);
});

describe("workers", () => {
  it("do the work of a server that has none of its own, and one that is killed leaves nothing undone", async () => {
    const data = join(await folder(), "data");
    const server = await modelServer(400);
    const serving = await start(["serve", "--port", "0", "--concurrency", "0"], data, server);
    const jobIds: string[] = [];
    for (const town of ["Rostock", "Kiel", "Bremen"]) jobIds.push(await post(serving.url, `${town}.txt`, note(town)));
    const statusOf = async (id: string) => ((await (await fetch(`${serving.url}/v1/jobs/${id}`)).json()) as { status: string }).status;
    const all = () => Promise.all(jobIds.map(statusOf));
    expect(await all()).toEqual(["queued", "queued", "queued"]);
    const [first, second] = [await start(["worker", "--concurrency", "1"], data, server), await start(["worker", "--concurrency", "2"], data, server)];
    expect([first.first, second.first]).toEqual([{ concurrency: 1 }, { concurrency: 2 }]);
    await waitFor(() => server.requests.length, (count) => count > 2);
    first.child.kill("SIGKILL");
    await waitFor(all, (seen) => seen.every((each) => each === "done"));
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  }, 60_000);
});

describe("files that a killed process left without a row", () => {
  it("go at a later start, when no upload can be on its way any more", async () => {
    const data = join(await folder(), "data");
    const first = await open([noModelServer], data);
    const { jobId } = await first.add({ name: "kept.txt", text: note("Kiel") });
    expect((await first.ended(jobId)).status).toBe("done");
    const kept = await documentFiles(data);
    const ids = ["0f000000-0000-8000-8000-000000000001", "0f000000-0000-8000-8000-000000000002"];
    for (const id of ids) {
      await mkdir(join(data, "files", "documents", "0f", id), { recursive: true });
      await writeFile(join(data, "files", "documents", "0f", id, "original-1"), "Zwerxport");
    }
    const hours = new Date(Date.now() - 7_200_000);
    await utimes(join(data, "files", "documents", "0f", ids[0]!), hours, hours);
    await open([noModelServer], data);
    const left = await waitFor(() => documentFiles(data), (files) => files.every((each) => !each.includes(ids[0]!)));
    expect(left.filter((each) => !each.includes(ids[1]!))).toEqual(kept);
    expect(left.some((each) => each.includes(ids[1]!))).toBe(true);
  });
});

/** A file system of 32 MB of its own; null where this may not be mounted. */
async function smallDisk(): Promise<string | null> {
  const disk = join(await folder(), "disk");
  await mkdir(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", disk]).status !== 0) return null;
  closing.push(() => void spawnSync("umount", ["-l", disk]));
  return disk;
}

/** Takes what room there is, but for `left` bytes. */
async function fill(disk: string, left: number): Promise<() => Promise<void>> {
  const path = join(disk, "filler");
  const size = 32 * 2 ** 20;
  spawnSync("dd", ["if=/dev/zero", `of=${path}`, "bs=4096", `count=${size / 4096}`]);
  spawnSync("truncate", ["-s", `-${left}`, path]);
  return () => rm(path);
}

describe("a disk that is full", () => {
  it("refuses an upload with what to do and keeps nothing of it; one that was accepted goes on when there is room", async (test) => {
    const disk = await smallDisk();
    if (!disk) return test.skip("only who may mount a file system of its own can fill one");
    const server = await modelServer(400);
    const app = await open([modelServers(server.url)], join(disk, "data"));
    const first = await app.add({ name: "kept.txt", text: note("Kiel") });
    expect((await app.ended(first.jobId)).status).toBe("done");
    const files = await documentFiles(app.folder);

    const path = await app.temporary();
    const large = `${note("Bremen")} `.repeat(4_000);
    await writeFile(path, large);
    const free = await fill(disk, 8 * 4096);
    const upload = app.documents.upload(localPrincipal, { path, name: "large.txt", bytes: large.length, sha256: sha256(large) }, { collection: "default", key: null, class: null, idempotencyKey: null });
    await expect(upload).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("the disk is full; nothing of this file was kept, make room and try again") });
    await rm(path);
    expect(await documentFiles(app.folder)).toEqual(files);
    expect((await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items.length).toBe(1);
    await free();

    const { jobId, documentId } = await app.add({ name: "second.txt", text: note("Rostock") });
    await waitFor(() => server.requests.filter((each) => each.body.includes("Rostock")).length, (count) => count > 0);
    const room = await fill(disk, 0);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const answer = await app.ask("Where is Rostock Terminal based?", { retrieval: "text", answer: false });
    expect(answer.passages.filter((each) => each.documentId === documentId)).toEqual([]);
    expect((await app.ask("Where is Kiel Terminal based?", { retrieval: "text", answer: false })).passages.length).toBeGreaterThan(0);
    expect(["running", "queued"]).toContain((await app.jobs.get(localPrincipal, jobId))!.status);
    await room();
    expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    expect((await app.documents.get(localPrincipal, documentId))?.status).toBe("ready");
  }, 120_000);
});
