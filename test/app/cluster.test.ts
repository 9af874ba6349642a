import { afterEach, beforeEach, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { describeOnAll } from "../servers/real-servers.ts";
import { ownCluster } from "./cluster.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { untilStatus } from "./wait-for-job.ts";

const note = (town: string) => ({ name: `${town}.txt`, text: `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.` });
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

  it("makes graph, vectors and text again from a ledger and files that were restored, without asking a model", async () => {
    const app = await open();
    await ingest(app, note("Kiel"));
    await ingest(app, note("Bremen"));
    const before = await app.ask("Where is Kiel Terminal based?", { answer: false });
    await app.close();
    const asked = server.requests.filter((each) => each.path === "/api/chat").length;

    const again = await openTestApp([...values, await cluster.loseStores()], app.folder);
    closing.push(() => again.close());
    const { differences, repaired } = await again.verify({ repair: true, signal });
    expect([new Set(differences.map(({ store }) => store)), repaired.jobIds.length]).toEqual([new Set(["neo4j", "qdrant"]), 2]);
    for (const id of repaired.jobIds) expect(await again.settled(id, signal)).toMatchObject({ status: "done" });
    expect((await again.verify({ repair: false, signal })).differences).toEqual([]);
    expect((await again.ask("Where is Kiel Terminal based?", { answer: false })).passages.map(({ chunkId }) => chunkId)).toEqual(before.passages.map(({ chunkId }) => chunkId));
    expect(server.requests.filter((each) => each.path === "/api/chat").length).toBe(asked);
  }, 120_000);

  it("names each engine with its version, and what is wrong with it", async () => {
    const app = await open();
    const lines = await Array.fromAsync(app.check(signal));
    for (const store of ["ledger", "knowledge", "vectors"]) expect(lines).toContainEqual(expect.objectContaining({ name: `stores.${store}`, state: "ok", detail: expect.stringMatching(/^(postgres|Neo4j|qdrant) \d+.*, \d+ ms$/) }));
    const { ready, checks } = await app.ready();
    expect([ready, checks.map((each) => each.name)]).toEqual([true, expect.arrayContaining(["stores.ledger", "stores.knowledge", "stores.vectors"])]);
  }, 60_000);
});
