import { zipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { rawZip } from "../parsers/sample-archives.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { documentFiles, filesWith, tablesOf } from "./store-contents.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

let asked: ModelServer[] = [];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function servers(): Promise<[local: ModelServer, cloud: ModelServer]> {
  const made: [ModelServer, ModelServer] = [await startModelServer({ role: "local" }), await startModelServer({ role: "cloud" })];
  closing.push(...made.map((each) => () => each.close()));
  asked = made;
  return made;
}

async function open(values: unknown[]): Promise<TestApp> {
  const app = await openTestApp([...values, { privacy: { threads: 1 }, parsing: { ocrLanguages: ["eng"] } }]);
  closing.push(() => app.end());
  return app;
}

function mail({ subject, from, body, attachment, attached }: { subject: string; from: string; body: string; attachment: string; attached: string }): string {
  return [
    `Subject: ${subject}`, `From: ${from}`, "Date: Tue, 04 Jun 2024 09:00:00 +0200", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="part"', "",
    "--part", "Content-Type: text/plain; charset=utf-8", "", body, "",
    "--part", `Content-Type: text/markdown; name="${attachment}"`, `Content-Disposition: attachment; filename="${attachment}"`, "", attached, "", "--part--", "",
  ].join("\r\n");
}

/** Words that nothing else in the world holds; one stands in each place a word can stand. */
const rare = ["zwerxfile", "zwerxsubject", "zwerxsender", "zwerxhost", "zwerxmarine", "zwerxport", "zwerxattachment", "zwerxheading", "zwerxvalley", "zwerxson"];
const unwanted = {
  name: "zwerxfile.eml",
  text: mail({
    subject: "About zwerxsubject",
    from: "Zwerxsender <anna@zwerxhost.example>",
    body: "Zwerxmarine GmbH delivers a crane to Ostwick Terminal. Anna Zwerxson works for Zwerxmarine GmbH. Zwerxmarine GmbH is based in Zwerxport.",
    attachment: "zwerxattachment.md",
    attached: "# The zwerxheading plan\n\nOstwick Terminal operates a crane in Zwerxvalley for Zwerxmarine GmbH.",
  }),
};
const wanted = {
  name: "kept.eml",
  text: mail({
    subject: "About the terminal",
    from: "Office <office@ostwick.example>",
    body: "Ostwick Terminal operates the port of Ostwick. Ostwick Terminal is based in Ostwick.",
    attachment: "list.md",
    attached: "# Cranes\n\nOstwick Terminal owns a crane in Kiel.",
  }),
};

/** The letter, and its words, inside an archive, with words of the archive's own. */
const rareInArchive = [...rare, "zwerxarchive", "zwerxfolder", "zwerxcomment", "zwerxinner", "zwerxbroken", "zwerxformat"];
const unwantedArchive = {
  name: "zwerxarchive.zip",
  text: rawZip([
    { name: "zwerxfolder/zwerxfile.eml", bytes: unwanted.text },
    { name: "more/zwerxinner.zip", bytes: rawZip([{ name: "list.md", bytes: "# The zwerxheading list\n\nZwerxmarine GmbH owns a crane in Zwerxvalley." }]), method: 0 },
    { name: "zwerxbroken.pdf", bytes: "%PDF-1.4 no PDF" },
    { name: "zwerxformat.rtf", bytes: String.raw`{\rtf1 words}` },
  ], { comment: "About zwerxcomment" }),
};

/** All tables, without the erase job itself, which stays to be seen. */
function tablesBesideErasing(folder: string): Record<string, string[]> {
  const { ledger_jobs: jobs, ...tables } = tablesOf(folder);
  return { ...tables, ledger_jobs: jobs!.filter((row) => !row.includes('["kind","erase"]')) };
}

async function ingest(app: TestApp, file: { name: string; text: string | Uint8Array }): Promise<string> {
  const { jobId, documentId } = await app.add(file);
  expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
  return documentId;
}

async function erase(app: TestApp, documentId: string): Promise<void> {
  const job = (await app.documents.erase(localPrincipal, documentId))!;
  expect(await untilStatus(app, job.id, "done", "failed")).toMatchObject({ status: "done", error: null });
}

const settings: [how: string, values: () => Promise<unknown[]>][] = [
  ["without a model server", async () => [noModelServer]],
  ["with a local model server and a cloud that got it under other names", async () => {
    const [local, cloud] = await servers();
    return [modelServers(local.url, cloud.url), { privacy: { policy: "balanced" }, extraction: { quality: "high" } }];
  }],
];

describe.each(settings)("an erased document, %s", (how, values) => {
  it("leaves every table as if it had never been, and none of its words in any file", async () => {
    const own = await values();
    const app = await open(own);
    await ingest(app, wanted);
    const documentId = await ingest(app, unwanted);
    const found = await filesWith(app.folder, rare);
    for (const word of rare) expect([word, found.some((each) => each.endsWith(word))]).toEqual([word, true]);
    if (how.includes("cloud")) expect(asked[1]!.requests.some((each) => each.body.includes("[PERSON_1"))).toBe(true);

    await erase(app, documentId);
    expect(await filesWith(app.folder, rare)).toEqual([]);
    const never = await open(own);
    await ingest(never, wanted);
    const [tables, expected] = [tablesBesideErasing(app.folder), tablesBesideErasing(never.folder)];
    for (const [table, rows] of Object.entries(expected)) expect([table, tables[table]]).toEqual([table, rows]);
    expect(await documentFiles(app.folder)).toEqual(await documentFiles(never.folder));
    expect((await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items.map((each) => each.name).toSorted()).toEqual(["kept.eml", "list.md"]);
  }, 120_000);

  it("that was an archive leaves as little, with all its entries", async () => {
    const own = await values();
    const app = await open(own);
    await ingest(app, wanted);
    const documentId = await ingest(app, unwantedArchive);
    const found = await filesWith(app.folder, rareInArchive);
    for (const word of rareInArchive) expect([word, found.some((each) => each.endsWith(word))]).toEqual([word, true]);
    await erase(app, documentId);
    expect(await filesWith(app.folder, rareInArchive)).toEqual([]);
    const never = await open(own);
    await ingest(never, wanted);
    const [tables, expected] = [tablesBesideErasing(app.folder), tablesBesideErasing(never.folder)];
    for (const [table, rows] of Object.entries(expected)) expect([table, tables[table]]).toEqual([table, rows]);
    expect(await documentFiles(app.folder)).toEqual(await documentFiles(never.folder));
  }, 120_000);

  it("leaves no word in what later documents took from it", async () => {
    const app = await open(await values());
    const documentId = await ingest(app, unwanted);
    await ingest(app, wanted);
    await app.ask("What does Zwerxmarine deliver?");
    await erase(app, documentId);
    expect(await filesWith(app.folder, rare)).toEqual([]);
  }, 120_000);
});

describe("a document that is erased while a question about it is answered", () => {
  it("leaves nothing, though the answer is kept when it comes", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const local = await startModelServer({ role: "local", rules: [async (work) => (work.prompt === "answer" ? (await held, { content: "Zwerxmarine GmbH delivers a crane [1]." }) : null)] });
    closing.push(() => local.close());
    const app = await open([modelServers(local.url)]);
    const documentId = await ingest(app, unwanted);
    const answering = app.ask("What does Zwerxmarine deliver?");
    await waitFor(() => local.requests.some((each) => each.body.includes("What does Zwerxmarine deliver?") && each.path === "/api/chat"), Boolean);
    await erase(app, documentId);
    release();
    expect((await answering).answer).toContain("Zwerxmarine GmbH");
    expect(await filesWith(app.folder, rare)).toEqual([]);
  }, 60_000);
});

describe("a document that is erased while it is worked on", () => {
  it.each([
    ["", unwanted, rare],
    [", and so are the entries of an archive", unwantedArchive, rareInArchive],
  ])("is stopped and leaves nothing%s", async (_, document, words) => {
    const local = await startModelServer({ role: "local", latencyMs: 700 });
    closing.push(() => local.close());
    const app = await open([modelServers(local.url)]);
    const { jobId, documentId } = await app.add(document);
    await waitFor(() => local.requests.some((each) => each.body.includes("Zwerxmarine")), Boolean);
    await erase(app, documentId);
    expect(await app.jobs.get(localPrincipal, jobId)).toBeNull();
    expect(await filesWith(app.folder, words)).toEqual([]);
    expect(Object.entries(tablesBesideErasing(app.folder)).filter(([, rows]) => rows.length)).toEqual([]);
    expect(await documentFiles(app.folder)).toEqual([]);
  }, 60_000);

  it("that an archive no longer has leaves no word either", async () => {
    const app = await open([noModelServer]);
    await ingest(app, { name: "port.zip", text: zipSync({ "list.md": Buffer.from(wanted.text), "zwerxfile.eml": Buffer.from(unwanted.text) }) });
    await ingest(app, { name: "port.zip", text: zipSync({ "list.md": Buffer.from(wanted.text) }) });
    expect(await filesWith(app.folder, rare)).toEqual([]);
  }, 60_000);
});
