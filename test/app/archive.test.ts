import { rm, writeFile } from "node:fs/promises";
import { zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../src/data/document.ts";
import type { Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { makeTar, rawZip } from "../parsers/sample-archives.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { mail } from "./canary-documents.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { jobOf, untilStatus, waitFor } from "./wait-for-job.ts";

const zip = (files: Record<string, string | Uint8Array>): Uint8Array => zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])), { mtime: "2024-06-04" });
const cranes = "# Cranes\n\nHafenbau GmbH delivers a harbour crane to Ostwick Terminal.";
const towns = "Ostwick Terminal is based in Ostwick.";
const person = "Mrs Anna Schmidt, born on 7 June 1986, works for Hafenbau GmbH.";
const broken = "%PDF-1.4 nothing of a PDF follows";

const over = (app: TestApp, jobId: string): Promise<Job> => untilStatus(app, jobId, "done", "failed", "cancelled");
async function add(app: TestApp, files: Record<string, string | Uint8Array> | Uint8Array, name = "port.zip") {
  return app.add({ name, text: files instanceof Uint8Array ? files : zip(files) });
}
const entriesOf = async (app: TestApp, parentId: string): Promise<Document[]> =>
  (await app.documents.list(localPrincipal, { collection: "default", parentId, limit: 100, cursor: null })).items.toSorted((a, b) => a.key.localeCompare(b.key));
const jobsOf = async (app: TestApp, parentId: string): Promise<Job[]> => (await app.jobs.list(localPrincipal, { collection: "default", parentId, limit: 100, cursor: null })).items.toReversed();
const codes = (job: Job): string[] => job.warnings.map(({ code }) => code);

describe("an uploaded archive", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp([noModelServer, { privacy: { threads: 1 }, parsing: { limits: { entries: 30 } } }]);
  });
  afterAll(() => app.end());

  it("is answered from: each of its files is a document with a job of its own", async () => {
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "towns/list.txt": towns });
    expect(await over(app, jobId)).toMatchObject({ status: "done", error: null, class: "public", parentId: null, progress: 1, warnings: [] });
    expect((await entriesOf(app, documentId)).map(({ key, name, status, class: value, parentId }) => [key, name, status, value, parentId])).toEqual([
      ["port.zip/cranes.md", "cranes.md", "ready", "public", documentId],
      ["port.zip/towns/list.txt", "list.txt", "ready", "public", documentId],
    ]);
    const jobs = await jobsOf(app, jobId);
    expect(jobs.map(({ name, status, parentId }) => [name, status, parentId])).toEqual([["cranes.md", "done", jobId], ["list.txt", "done", jobId]]);
    const sum = (of: (job: Job) => number): number => jobs.reduce((total, job) => total + of(job), 0);
    expect((await jobOf(app, jobId)).counts).toMatchObject({ chunks: sum((job) => job.counts.chunks), entities: sum((job) => job.counts.entities) });
    expect((await app.ask("What does Hafenbau deliver?")).passages[0]).toMatchObject({ document: "cranes.md" });
    expect(await add(app, { "cranes.md": cranes, "towns/list.txt": towns })).toMatchObject({ duplicate: true, jobId });
  });

  it("may be a tar, a packed tar or one packed file", async () => {
    for (const [name, bytes, keys] of [
      ["a.tar", await makeTar({ "cranes.md": cranes, "towns/list.txt": towns }), ["a.tar/cranes.md", "a.tar/towns/list.txt"]],
      ["b.tgz", await makeTar({ "cranes.md": cranes }, { gzip: true }), ["b.tgz/cranes.md"]],
      ["cranes.md.gz", Buffer.from(await new Response(new Blob([cranes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer()), ["cranes.md.gz/cranes.md"]],
    ] as const) {
      const { jobId, documentId } = await add(app, bytes, name);
      expect(await over(app, jobId)).toMatchObject({ status: "done", error: null });
      expect((await entriesOf(app, documentId)).map(({ key, status }) => [key, status])).toEqual(keys.map((key) => [key, "ready"]));
    }
  });

  it("keeps two files of one path, and paths that lead outside, apart and inside", async () => {
    const { jobId, documentId } = await add(app, rawZip([{ name: "a.txt", bytes: towns }, { name: "a.txt", bytes: cranes }, { name: "../../etc/a.txt", bytes: "The first crane." }, { name: String.raw`C:\data\b.txt`, bytes: "The second crane." }, { name: "/a.txt", bytes: "The third crane." }]), "paths.zip");
    expect(await over(app, jobId)).toMatchObject({ status: "done" });
    expect((await entriesOf(app, documentId)).map(({ key }) => key)).toEqual(["paths.zip/a (2).txt", "paths.zip/a (3).txt", "paths.zip/a.txt", "paths.zip/data/b.txt", "paths.zip/etc/a.txt"]);
  });

  it("names, as warnings, the entries of other formats and those that failed", async () => {
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "old.rtf": String.raw`{\rtf1 words}`, "broken.pdf": broken }, "mixed.zip");
    const job = await over(app, jobId);
    expect(job).toMatchObject({ status: "done", error: null });
    const entries = Object.fromEntries((await entriesOf(app, documentId)).map((each) => [each.name, each]));
    expect(job.warnings).toEqual(expect.arrayContaining([
      { code: "attachment_unreadable", message: expect.stringMatching(new RegExp(`${entries["old.rtf"]!.id}.*rtf.*supported are`)) as string },
      { code: "entry_failed", message: expect.stringContaining(entries["broken.pdf"]!.id) as string },
    ]));
    expect([entries["cranes.md"]!.status, entries["old.rtf"]!.status, entries["broken.pdf"]!.status]).toEqual(["ready", "partial", "failed"]);
    // What was not read of it could be anything.
    expect(job.class).toBe("pii");
    expect(entries["cranes.md"]!.class).toBe("public");
  });

  it.each([
    ["none of whose entries can be read", zip({ "broken.pdf": broken }), "unreadable", /none of the 1 entries/],
    ["without any entry of a supported format", zip({ "old.rtf": String.raw`{\rtf1 words}` }), "unsupported_type", /none of the 1 entries/],
    ["that is encrypted", rawZip([{ name: "a.txt", bytes: "x", encrypted: true }]), "unreadable", /encrypted with a password/],
    ["that is damaged", rawZip([{ name: "a.txt", bytes: towns, crc: 7 }]), "unreadable", /damaged/],
    ["with more entries than are allowed", zip(Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`${index}.txt`, towns]))), "unreadable", /31 parts and 30 are allowed.*parsing\.limits\.entries/],
  ])("%s fails and says so", async (name, bytes, code, message) => {
    const { jobId, documentId } = await add(app, bytes, `${name}.zip`);
    expect(await over(app, jobId)).toMatchObject({ status: "failed", error: { code, message: expect.stringMatching(message) as string } });
    expect(await app.documents.get(localPrincipal, documentId)).toMatchObject({ status: "failed" });
  });

  it("has the class of its strictest entry; an entry has its own", async () => {
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "staff.txt": person }, "classes.zip");
    expect(await over(app, jobId)).toMatchObject({ class: "pii" });
    expect((await entriesOf(app, documentId)).map((each) => [each.name, each.class])).toEqual([["cranes.md", "public"], ["staff.txt", "pii"]]);
    expect(await app.documents.get(localPrincipal, documentId)).toMatchObject({ class: "pii", reasons: expect.arrayContaining([{ kind: "entry", class: "pii", count: 1, detector: "children" }]) as unknown });
  });

  it("is private by the name of a folder, by its comment, or by what was declared, which holds for its entries", async () => {
    for (const [name, bytes] of [
      ["folder.zip", zip({ "Mrs Anna Schmidt/cranes.md": cranes })],
      ["comment.zip", rawZip([{ name: "cranes.md", bytes: cranes }], { comment: person })],
      ["entry-comment.zip", rawZip([{ name: "cranes.md", bytes: cranes, comment: person }])],
      ["Letter_Anna_Schmidt.zip", zip({ "cranes.md": cranes })],
    ] as const) {
      const { jobId, documentId } = await add(app, bytes, name);
      expect([name, (await over(app, jobId)).class]).toEqual([name, "pii"]);
      expect([name, (await entriesOf(app, documentId))[0]!.class]).toEqual([name, name === "folder.zip" ? "pii" : "public"]);
    }
    const { jobId, documentId } = await app.add({ name: "declared.zip", text: zip({ "cranes.md": cranes }) }, { class: "confidential" });
    expect(await over(app, jobId)).toMatchObject({ class: "confidential" });
    expect((await entriesOf(app, documentId))[0]).toMatchObject({ class: "confidential" });
  });

  it("is estimated and scanned with all that lies in it, and nothing of that is kept", async () => {
    const path = await app.temporary();
    await writeFile(path, zip({ "cranes.md": cranes, "inner.zip": zip({ "staff.txt": person }), "old.rtf": String.raw`{\rtf1 words}` }));
    const estimate = await app.documents.estimate(localPrincipal, [{ path, name: "estimated.zip" }], { collection: "default", class: null, signal: AbortSignal.timeout(30_000) });
    expect(estimate).toMatchObject({ documents: 4, unreadable: [], chunks: 2, warnings: expect.arrayContaining([expect.objectContaining({ code: "unread_inside" })]) as unknown });
    expect(await app.scan({ path, name: "scanned.zip" }, { collection: "default", signal: AbortSignal.timeout(30_000) })).toMatchObject({ class: "pii" });
    await writeFile(path, zip({ "cranes.md": cranes, "inner.zip": zip({ "towns.txt": towns }) }));
    expect(await app.scan({ path, name: "scanned.zip" }, { collection: "default", signal: AbortSignal.timeout(30_000) })).toMatchObject({ class: "public" });
    expect((await app.documents.list(localPrincipal, { collection: "default", name: "estimated", limit: 1, cursor: null })).items).toEqual([]);
    await rm(path);
  });

  it("may hold archives, as deep as is allowed, which share its bounds", async () => {
    const nested = (depth: number, inner: Record<string, string | Uint8Array>): Record<string, string | Uint8Array> => (depth === 0 ? inner : { "in.zip": zip(nested(depth - 1, inner)), "beside.txt": towns });
    const fine = await add(app, nested(2, { "staff.txt": person }), "deep.zip");
    expect(await over(app, fine.jobId)).toMatchObject({ status: "done", class: "pii", counts: { chunks: 3 } });
    const [first] = (await entriesOf(app, fine.documentId)).filter((each) => each.name === "in.zip");
    expect((await entriesOf(app, first!.id)).map(({ key, class: value }) => [key, value])).toEqual([["deep.zip/in.zip/beside.txt", "public"], ["deep.zip/in.zip/in.zip", "pii"]]);
    const deeper = await add(app, nested(3, { "staff.txt": person }), "deeper.zip");
    expect(await over(app, deeper.jobId)).toMatchObject({ status: "done" });
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.txt`, towns]));
    const many = await add(app, { ...wide, "more.zip": zip(wide) }, "many.zip");
    const job = await over(app, many.jobId);
    expect([job.status, codes(job)]).toEqual(["done", expect.arrayContaining(["entry_failed"])]);
    expect(job.warnings.find(({ code }) => code === "entry_failed")!.message).toMatch(/entries in archive .* 30 are allowed.*parsing\.limits\.entries/);
  });

  it("inside a mail is opened in the mail's own job, and what cannot be opened makes the mail private", async () => {
    const letter = (name: string, bytes: Uint8Array): Buffer => mail("Cranes", cranes, "application/zip", name, Buffer.from(bytes));
    const open = await app.add({ name: "open.eml", text: letter("towns.zip", zip({ "towns/list.txt": towns, "more.zip": zip({ "cranes.md": cranes }) })) });
    expect(await over(app, open.jobId)).toMatchObject({ status: "done", class: "public" });
    expect(await jobsOf(app, open.jobId)).toEqual([]);
    const [attached] = await entriesOf(app, open.documentId);
    expect((await entriesOf(app, attached!.id)).map(({ key, status }) => [key, status])).toEqual([["open.eml/towns.zip/more.zip", "ready"], ["open.eml/towns.zip/towns/list.txt", "ready"]]);
    const wide = zip(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.txt`, towns])));
    for (const [name, bytes] of [
      ["private", zip({ "staff.txt": person })],
      ["locked", rawZip([{ name: "a.txt", bytes: "x", encrypted: true }])],
      ["cut", zip({ "towns.txt": towns }).subarray(0, 40)],
      ["other", zip({ "old.rtf": String.raw`{\rtf1 words}`, "towns.txt": towns })],
      ["wide", zip({ "one.zip": wide, "two.zip": wide })],
    ] as const) {
      const { jobId } = await app.add({ name: `${name}.eml`, text: letter(`${name}.zip`, bytes) });
      expect([name, await over(app, jobId).then((job) => [job.status, job.class])]).toEqual([name, ["done", "pii"]]);
    }
  });
});

describe("an archive that is uploaded again", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp([noModelServer, { privacy: { threads: 1 } }]);
  });
  afterAll(() => app.end());

  it("works on what is new or changed, leaves alone what is the same, and erases what it no longer has", async () => {
    const first = await add(app, { "same.md": cranes, "changed.txt": towns, "gone.txt": "Vanished Cranes Ltd delivers a bridge crane to Ostwick Terminal.", "gone.zip": zip({ "deep.txt": "Deeply Vanished Ltd delivers a crane to Kiel." }) });
    await over(app, first.jobId);
    const before = await entriesOf(app, first.documentId);
    const second = await add(app, { "same.md": cranes, "changed.txt": `${towns} Ostwick Terminal operates the port of Ostwick.`, "new.txt": "Nordsee Werft AG delivers a slewing crane to Kiel." });
    expect(second).toMatchObject({ documentId: first.documentId, duplicate: false });
    expect(await over(app, second.jobId)).toMatchObject({ status: "done", error: null });
    const after = await entriesOf(app, first.documentId);
    expect(after.map(({ name, version, status }) => [name, version, status])).toEqual([["changed.txt", 2, "ready"], ["new.txt", 1, "ready"], ["same.md", 1, "ready"]]);
    expect((await jobsOf(app, second.jobId)).map(({ name }) => name).toSorted()).toEqual(["changed.txt", "new.txt"]);
    for (const gone of before.filter(({ name }) => name.startsWith("gone"))) expect(await app.documents.get(localPrincipal, gone.id)).toBeNull();
    for (const name of ["Vanished Cranes Ltd", "Deeply Vanished Ltd"]) expect((await app.entities.search(localPrincipal, { collection: "default", text: name, type: null, limit: 5, cursor: null })).items.filter((each) => each.name === name)).toEqual([]);
    expect((await app.ask("Who operates the port of Ostwick?", { answer: false })).passages.map((each) => each.document)).toContain("changed.txt");
  });

  it("tries once more what had failed", async () => {
    const first = await add(app, { "cranes.md": cranes, "broken.pdf": broken }, "again.zip");
    await over(app, first.jobId);
    const second = await add(app, { "cranes.md": cranes, "broken.pdf": broken, "towns.txt": towns }, "again.zip");
    expect(codes(await over(app, second.jobId))).toContain("entry_failed");
    expect((await jobsOf(app, second.jobId)).map(({ name }) => name).toSorted()).toEqual(["broken.pdf", "towns.txt"]);
  });

  it("is one that is retried or reprocessed with all that is in it", async () => {
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "broken.pdf": broken }, "retried.zip");
    await over(app, jobId);
    await app.jobs.retry(localPrincipal, jobId);
    expect(await over(app, jobId)).toMatchObject({ status: "done" });
    expect((await jobsOf(app, jobId)).map(({ name }) => name).toSorted()).toEqual(["broken.pdf", "cranes.md"]);
    const again = (await app.documents.reprocess(localPrincipal, documentId))!;
    expect(await over(app, again.id)).toMatchObject({ status: "done" });
    expect((await jobsOf(app, again.id)).map(({ name, kind }) => [name, kind]).toSorted()).toEqual([["broken.pdf", "reprocess"], ["cranes.md", "reprocess"]]);
  });
});

describe("an archive whose entries are worked on", () => {
  let local: ModelServer;
  let app: TestApp;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    app = await openTestApp([modelServers(local.url), { privacy: { threads: 1 }, jobs: { concurrency: 2, waitMs: 200 } }]);
  });
  afterEach(() => local.setFaults([]));
  afterAll(async () => {
    for (const close of closing) await close();
    await app.end();
    await local.close();
  });

  it("waits without a lease, goes on as they do, and is stopped with them", async () => {
    local.setFaults([{ kind: "unavailable", containing: "Hafenbau" }]);
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "towns.txt": towns });
    const waiting = await waitFor(() => jobOf(app, jobId), (job) => job.status === "waiting" && job.progress > 0.5);
    expect(waiting).toMatchObject({ waitingFor: "entries", finishedAt: null });
    await waitFor(() => jobsOf(app, jobId), (jobs) => jobs.map(({ status }) => status).toSorted().join() === "done,waiting");
    await app.jobs.cancel(localPrincipal, jobId);
    expect(await over(app, jobId)).toMatchObject({ status: "cancelled" });
    await waitFor(() => jobsOf(app, jobId), (jobs) => jobs.every(({ status }) => status === "cancelled" || status === "done"));
    local.setFaults([]);
    await app.jobs.retry(localPrincipal, jobId);
    expect(await over(app, jobId)).toMatchObject({ status: "done", error: null });
    expect((await entriesOf(app, documentId)).map(({ status }) => status)).toEqual(["ready", "ready"]);
  });

  it("goes on without the one that was cancelled, and is looked at again when that is retried", async () => {
    local.setFaults([{ kind: "unavailable", containing: "Hafenbau" }]);
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "towns.txt": towns }, "one-stopped.zip");
    const [stuck] = await waitFor(() => jobsOf(app, jobId), (jobs) => jobs.some((job) => job.name === "cranes.md" && job.status === "waiting"));
    await app.jobs.cancel(localPrincipal, stuck!.id);
    const job = await over(app, jobId);
    // It had been read for privacy before it was stopped.
    expect([job.status, job.class, codes(job)]).toEqual(["done", "public", expect.arrayContaining(["entry_cancelled"])]);
    local.setFaults([]);
    await app.jobs.retry(localPrincipal, stuck!.id);
    expect(await over(app, stuck!.id)).toMatchObject({ status: "done" });
    const { items: [latest] } = await app.jobs.list(localPrincipal, { collection: "default", documentId, limit: 1, cursor: null });
    expect(codes(await over(app, latest!.id))).not.toContain("entry_cancelled");
  });

  it("can be erased meanwhile; an entry alone cannot, since its bytes are in the archive", async () => {
    local.setFaults([{ kind: "unavailable", containing: "Hafenbau" }]);
    const { jobId, documentId } = await add(app, { "cranes.md": cranes, "towns.txt": towns }, "erased.zip");
    await waitFor(() => jobsOf(app, jobId), (jobs) => jobs.some((job) => job.name === "towns.txt" && job.status === "done"));
    const [entry] = await entriesOf(app, documentId);
    await expect(app.documents.erase(localPrincipal, entry!.id)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("erase the archive") as string });
    const erase = (await app.documents.erase(localPrincipal, documentId))!;
    expect(await over(app, erase.id)).toMatchObject({ status: "done", error: null });
    expect([await app.documents.get(localPrincipal, documentId), await app.documents.get(localPrincipal, entry!.id), await app.jobs.get(localPrincipal, jobId)]).toEqual([null, null, null]);
  });
});
