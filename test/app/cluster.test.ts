import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sha256 } from "../../src/data/identity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { describeOnAll, ownPostgres } from "../servers/real-servers.ts";
import { postgresProgram } from "../servers/server-cache.ts";
import { ownCluster } from "./cluster.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { inFlight, inventedTowns, note } from "./towns.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

const signal = new AbortController().signal;

describeOnAll(["neo4j", "qdrant", "postgres"], "the application on servers", (servers) => {
  const closing: (() => Promise<unknown>)[] = [];
  let server: ModelServer;
  let values: object[];
  let cluster: Awaited<ReturnType<typeof ownCluster>>;
  beforeEach(async () => {
    server = await startModelServer({ role: "local" });
    cluster = await ownCluster(servers);
    closing.push(server.close, cluster.close);
    values = [modelServers(server.url), cluster.values, { privacy: { threads: 1 } }];
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  async function open(): Promise<TestApp> {
    const app = await openTestApp(values);
    closing.push(() => app.end());
    return app;
  }
  async function ingest(app: TestApp, file: { name: string; text: string }): Promise<string> {
    const { jobId, documentId } = await app.add(file);
    expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    return documentId;
  }
  const found = async (app: TestApp, question: string) => (await app.ask(question, { answer: false })).passages.map((each) => each.document);

  it("ingests, answers, replaces and erases as it does on one file", async () => {
    const app = await open();
    const kiel = await ingest(app, note("Kiel"));
    await ingest(app, note("Bremen"));
    expect((await found(app, "Where is Kiel Terminal based?"))[0]).toBe("Kiel.txt");
    const answer = await app.ask("Where is Kiel Terminal based?");
    expect(answer.citations[0]).toMatchObject({ document: "Kiel.txt", page: 1 });
    const entities = async () => (await app.entities.search(localPrincipal, { collection: "default", text: "Terminal", type: null, limit: 10, cursor: null })).items.map((each) => each.name).toSorted();
    expect(await entities()).toEqual(["Bremen Terminal", "Kiel Terminal"]);
    expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: 2, differences: [] });

    await ingest(app, { ...note("Emden"), name: "Kiel.txt" });
    expect(await entities()).toEqual(["Bremen Terminal", "Emden Terminal"]);
    expect((await found(app, "Where is Emden Terminal based?"))[0]).toBe("Kiel.txt");
    expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: 2, differences: [] });

    const erasing = (await app.documents.erase(localPrincipal, kiel))!;
    await untilStatus(app, erasing.id, "done");
    expect(await entities()).toEqual(["Bremen Terminal"]);
    expect(await found(app, "Where is Emden Terminal based?")).not.toContain("Kiel.txt");
    expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: 1, differences: [] });
  }, 120_000);

  it("is restored from pg_dump's file and a copy of its files, as the guide says: graph, vectors and text are made again without asking a model", async () => {
    const app = await open();
    await ingest(app, note("Kiel"));
    await ingest(app, note("Bremen"));
    const before = await app.ask("Where is Kiel Terminal based?", { answer: false });
    const place = await mkdtemp(join(tmpdir(), "sluice-restored-"));
    closing.push(() => rm(place, { recursive: true, force: true }));
    const [dump, restored, run] = [join(place, "ledger.dump"), await ownPostgres(servers.postgres), promisify(execFile)];
    closing.push(restored.close);
    const { ledger } = (cluster.values as { stores: { ledger: { url: string } } }).stores;
    await run(postgresProgram("pg_dump")!, ["--format=custom", `--file=${dump}`, ledger.url]);
    await cp(app.folder, join(place, "data"), { recursive: true });
    await ingest(app, note("Emden"));
    await app.close();
    const asked = server.requests.filter((each) => each.path === "/api/chat").length;

    await run(postgresProgram("pg_restore")!, [`--dbname=${restored.url}`, dump]);
    const database = { ...ledger, url: restored.url };
    const again = await openTestApp([...values, await cluster.loseStores(), { stores: { ledger: database, checkpoints: database } }], join(place, "data"));
    closing.push(() => again.close());
    const { differences, repaired } = await again.verify({ repair: true, signal });
    expect([new Set(differences.map(({ store }) => store)), repaired.jobIds.length]).toEqual([new Set(["neo4j", "qdrant"]), 2]);
    for (const id of repaired.jobIds) expect(await again.settled(id, signal)).toMatchObject({ status: "done" });
    expect((await again.verify({ repair: false, signal })).differences).toEqual([]);
    expect((await again.ask("Where is Kiel Terminal based?", { answer: false })).passages.map(({ chunkId }) => chunkId)).toEqual(before.passages.map(({ chunkId }) => chunkId));
    expect(server.requests.filter((each) => each.path === "/api/chat").length).toBe(asked);
  }, 120_000);

  it("waits for room where its files lie, and loses nothing meanwhile", async (test) => {
    const disk = await mountSmallDisk();
    if (!disk) return test.skip("only who may mount a file system of its own can fill one");
    closing.push(disk.close);
    const app = await openTestApp([...values, { jobs: { waitMs: 500 } }], join(disk.folder, "data"));
    closing.push(() => app.close());
    await ingest(app, note("Kiel"));
    const accepted = await Promise.all(inventedTowns(inFlight).map((town) => app.add(note(town))));
    const [path, { name, text }] = [await app.temporary(), note("Stade")];
    await writeFile(path, text);
    const free = await disk.fill(0);
    const upload = app.documents.upload(localPrincipal, { path, name, bytes: text.length, sha256: sha256(text) }, { collection: "default", key: name, class: null, idempotencyKey: null });
    await expect(upload).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("the disk is full; nothing of this file was kept, make room and try again") });
    const held = await waitFor(() => Promise.all(accepted.map(({ jobId }) => app.jobs.get(localPrincipal, jobId))), (jobs) => jobs.some((job) => job?.error?.code === "store" || job?.status === "done"));
    for (const job of held) expect(job!.error?.message ?? "the disk is full").toContain("the disk is full");
    expect(held.map((job) => job!.status)).not.toContain("failed");
    await free();
    for (const { jobId } of accepted) expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    await ingest(app, note("Stade"));
    expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: inFlight + 2, differences: [] });
  }, 120_000);

  it("names each engine with its version, and what is wrong with it", async () => {
    const app = await open();
    const lines = await Array.fromAsync(app.check(signal));
    for (const store of ["ledger", "checkpoints", "knowledge", "vectors"]) expect(lines).toContainEqual(expect.objectContaining({ name: `stores.${store}`, state: "ok", detail: expect.stringMatching(/^(postgres|Neo4j|qdrant) \d+.*, \d+ ms$/) }));
    const { ready, checks } = await app.ready();
    expect([ready, checks.map((each) => each.name)]).toEqual([true, expect.arrayContaining(["stores.ledger", "stores.checkpoints", "stores.knowledge", "stores.vectors"])]);
  }, 60_000);
});
