import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { filesWith, tablesOf } from "./store-contents.ts";
import { untilStatus } from "./wait-for-job.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(values: unknown[]): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-edit-"));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const app = await openTestApp([...values, { privacy: { threads: 1 } }], folder);
  let ended = false;
  const end = async () => {
    if (!ended) await app.end(true);
    ended = true;
  };
  closing.push(end);
  return { ...app, end };
}

async function withServer(more: object = {}): Promise<{ app: TestApp; server: ModelServer }> {
  const server = await startModelServer({ role: "local" });
  closing.push(() => server.close());
  return { server, app: await open([modelServers(server.url), more]) };
}

async function ingest(app: TestApp, name: string, text: string): Promise<string> {
  const { jobId, documentId } = await app.add({ name, text });
  expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
  return documentId;
}

/** A passage of its own: a heading and about 250 tokens. */
const section = (town: string, last = "") => `# The works in ${town}\n\n${Array.from({ length: 16 }, (_, index) => `Velden Marine GmbH operates crane number ${index + 1} in ${town}, near the old harbour.`).join(" ")} ${last}`;
const report = (...sections: string[]): string => sections.join("\n\n");

describe("an edited document", () => {
  it("asks the model about its changed passages only; the others stay as they are", async () => {
    // Without the cache, so that only the memo keeps passages from being asked about again.
    const { app, server } = await withServer({ models: { cache: { enabled: false } } });
    const documentId = await ingest(app, "report.md", report(section("Rostock"), section("Kiel", "The old tower is called Zwerxtower."), section("Emden"), section("Husum")));
    const before = tablesOf(app.folder);
    const chunks = (await app.documents.chunks(localPrincipal, documentId, { limit: 10, cursor: null }))!.items;
    expect(chunks.map((each) => each.text.match(/in (\w+),/)?.[1])).toEqual(["Rostock", "Kiel", "Emden", "Husum"]);

    const asked = server.requests.length;
    expect(await ingest(app, "report.md", report(section("Stade"), section("Rostock"), section("Kiel", "The new tower stands beside it."), section("Emden")))).toBe(documentId);
    const calls = server.requests.slice(asked);
    const about = calls.filter((each) => each.path === "/api/chat").map((each) => `${/Read the entities/.test(each.body.toString()) ? "entities" : "relations"} ${/The works in (\w+)/.exec(each.body.toString())?.[1]}`);
    expect(about.toSorted()).toEqual(["entities Kiel", "entities Stade", "relations Kiel", "relations Stade"]);
    const passages = calls.filter((each) => each.path === "/api/embed").flatMap((each) => (JSON.parse(each.body.toString()) as { input: string[] }).input).filter((each) => each.includes("crane number 2 "));
    expect(passages.length).toBe(2);

    const after = (await app.documents.chunks(localPrincipal, documentId, { limit: 10, cursor: null }))!.items;
    expect(after.map((each) => each.id)).toEqual([expect.any(String), chunks[0]!.id, expect.any(String), chunks[2]!.id]);
    const tables = tablesOf(app.folder);
    const rowsAbout = (town: string) => (rows: string[]) => rows.filter((row) => row.includes(` ${town}, near`) || row.includes(`"${town}"`));
    for (const town of ["Rostock", "Emden"]) expect(rowsAbout(town)(tables["mentions"]!)).toEqual(rowsAbout(town)(before["mentions"]!));
    await app.end();
    expect(await filesWith(app.folder, ["Zwerxtower", "Husum"])).toEqual([]);
  }, 60_000);

  it("loses the attachment that its new version no longer has, with everything made from it", async () => {
    const { app } = await withServer();
    const mail = (attached: boolean) =>
      ["Subject: Cranes", "Date: Tue, 04 Jun 2024 09:00:00 +0200", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="part"', "", "--part", "Content-Type: text/plain", "", "Velden Marine GmbH delivers a crane to Ostwick.",
        ...(attached ? ["--part", 'Content-Type: text/markdown; name="zwerxlist.md"', 'Content-Disposition: attachment; filename="zwerxlist.md"', "", "# Zwerxlist\n\nZwerxmarine GmbH is based in Zwerxport."] : []), "--part--", ""].join("\r\n");
    const documentId = await ingest(app, "letter.eml", mail(true));
    const listed = async () => (await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items;
    expect((await listed()).map((each) => each.name).toSorted()).toEqual(["letter.eml", "zwerxlist.md"]);
    const child = (await listed()).find((each) => each.parentId === documentId)!;

    await ingest(app, "letter.eml", mail(false));
    expect((await listed()).map((each) => [each.id, each.version])).toEqual([[documentId, 2]]);
    expect(await app.documents.get(localPrincipal, child.id)).toBeNull();
    expect(tablesOf(app.folder)["ledger_erasures"]).toEqual([]);
    await app.end();
    expect(await filesWith(app.folder, ["Zwerx"])).toEqual([]);
  }, 60_000);
});

describe("a new version that cannot be read", () => {
  it("leaves the older one as it was, says so at the document, and is forgotten when a later one is read", async () => {
    const app = await open([noModelServer]);
    const whole = await readFile(documentPath("contract.pdf"));
    const first = await app.add({ name: "contract.pdf", text: whole });
    await untilStatus(app, first.jobId, "done", "failed");
    const shown = (await app.documents.get(localPrincipal, first.documentId))!;
    const tables = tablesOf(app.folder);

    const second = await app.add({ name: "contract.pdf", text: whole.subarray(0, whole.length / 2) });
    expect(second.documentId).toBe(first.documentId);
    const job = await untilStatus(app, second.jobId, "done", "failed");
    expect([job.status, job.error?.code]).toEqual(["failed", "unreadable"]);
    const { updatedAt: _, warnings, ...document } = (await app.documents.get(localPrincipal, first.documentId))!;
    const { updatedAt: __, warnings: earlier, ...expected } = shown;
    expect(document).toEqual(expected);
    expect(warnings).toEqual([...earlier, { code: "version_failed", message: expect.stringContaining(job.error!.message) }]);
    for (const [table, rows] of Object.entries(tablesOf(app.folder))) if (!table.startsWith("ledger_")) expect([table, rows]).toEqual([table, tables[table]]);
    expect((await app.ask("When does the Supply Agreement end?")).answer).toContain("31 December 2027");
    const file = (await app.documents.file(localPrincipal, first.documentId))!;
    expect(file.bytes).toBe(whole.length);
    file.stream.destroy();

    const third = await app.add({ name: "contract.pdf", text: Buffer.concat([whole, Buffer.from("\n")]) });
    expect((await untilStatus(app, third.jobId, "done", "failed")).status).toBe("done");
    expect(await app.documents.get(localPrincipal, first.documentId)).toMatchObject({ version: 3, status: "ready", warnings: earlier });
  }, 60_000);

  it("that is the first leaves a document that failed, and nothing to be found", async () => {
    const app = await open([noModelServer]);
    const whole = await readFile(documentPath("contract.pdf"));
    const { jobId, documentId } = await app.add({ name: "contract.pdf", text: whole.subarray(0, whole.length / 2) });
    expect((await untilStatus(app, jobId, "done", "failed")).status).toBe("failed");
    expect((await app.documents.get(localPrincipal, documentId))!).toMatchObject({ status: "failed", warnings: [{ code: "version_failed" }] });
    expect((await app.documents.chunks(localPrincipal, documentId, { limit: 10, cursor: null }))!.items).toEqual([]);
    const again = await app.jobs.retry(localPrincipal, jobId);
    expect((await untilStatus(app, again!.id, "done", "failed")).status).toBe("failed");
  }, 60_000);
});
