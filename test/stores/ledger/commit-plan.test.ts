import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Class } from "../../../src/data/classification.ts";
import type { DocumentPlan } from "../../../src/stores/document-writer.ts";
import { commitDocument, documentTree, eraseDocument, jobsOfDocuments, leaseFence } from "../../../src/stores/ledger/commit-plan.ts";
import type { DocumentRow } from "../../../src/stores/ledger/ledger.ts";
import { openLedger } from "../../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { acceptOne as acceptIn, accepting, holder, upload } from "../../contracts/ledger/bench.ts";
import { freshFolder } from "../folder.ts";

const database = await openSqlite({ path: join(freshFolder(), "sluice.db"), schemas: [ledgerSchema] });
afterAll(() => database.close());
const ledger = openLedger(database);
const acceptOne = () => acceptIn({ ledger });

const planOf = (document: DocumentRow, value: Class): DocumentPlan => ({
  scope: document, documentId: document.id, version: document.version, name: document.name, mediaType: document.mediaType, language: "de", date: document.createdAt,
  class: value, reasons: [], pages: 2, pictureCount: 1, chunks: [], about: [], vectors: null, mentions: [], statements: [], merges: [], pictures: [],
  parentId: null, status: "ready", warnings: [{ code: "skipped", message: "1 picture" }],
});

test("a commit makes the version the one readers see", async () => {
  const { principal, document, job } = await acceptOne();
  const lease = (await ledger.jobs.claim(job.id, "worker", 60_000))!;
  await ledger.documents.raiseClass(document.id, "public", [], lease);
  await database.write([leaseFence(lease), ...commitDocument(planOf(document, "public"))], "document");
  expect(await ledger.documents.get(principal, document.id)).toMatchObject({ status: "ready", class: "public", classKnown: true, language: "de", pages: 2, counts: { pictures: 1 }, warnings: [{ code: "skipped" }] });
});

test("readers see the committed version, with its class, until the next is committed; the class falls with the commit", async () => {
  const { principal, document } = await acceptOne();
  await database.write(commitDocument(planOf(document, "confidential")));
  const { document: edited } = await ledger.documents.accept(principal, upload(principal.tenant, "edited", { name: "edited.txt" }), accepting);
  await ledger.documents.raiseClass(document.id, "public", [], null);
  expect(await ledger.documents.get(principal, document.id)).toMatchObject({ version: 1, name: "one.txt", class: "confidential", status: "queued" });
  expect(await ledger.documents.row(document.id)).toMatchObject({ version: 2, name: "edited.txt", class: "public", classKnown: true });
  await database.write(commitDocument(planOf(edited, "public")));
  expect(await ledger.documents.get(holder(principal.tenant, ["public"]), document.id)).toMatchObject({ version: 2, name: "edited.txt", class: "public", status: "ready" });
});

test("a class that rose after the plan was made is not taken back by it", async () => {
  const { principal, document } = await acceptOne();
  await ledger.documents.raiseClass(document.id, "pii", [], null);
  await database.write(commitDocument(planOf(document, "public")));
  expect(await ledger.documents.get(principal, document.id)).toMatchObject({ class: "pii" });
});

test("cancelling the next version's job leaves the committed one as it was", async () => {
  const { principal, document } = await acceptOne();
  await database.write(commitDocument(planOf(document, "public")));
  const { job } = await ledger.documents.accept(principal, upload(principal.tenant, "edited"), accepting);
  await ledger.jobs.cancel(job.id);
  expect(await ledger.documents.get(principal, document.id)).toMatchObject({ version: 1, status: "ready" });
});

test("a lost lease, an older version and an erase that began are conflicts that leave nothing", async () => {
  const { principal, document, job } = await acceptOne();
  const lease = (await ledger.jobs.claim(job.id, "worker", 60_000))!;
  const lost = [leaseFence({ ...lease, number: lease.number + 1 }), ...commitDocument(planOf(document, "public"))];
  await expect(database.write(lost)).rejects.toMatchObject({ code: "conflict" });
  const { document: edited } = await ledger.documents.accept(principal, upload(principal.tenant, "edited"), accepting);
  await database.write(commitDocument(planOf(edited, "internal")));
  await expect(database.write(commitDocument(planOf(document, "public")))).rejects.toMatchObject({ code: "conflict" });
  await ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: "one.txt", kind: "erase" });
  await expect(database.write(commitDocument(planOf(edited, "public")))).rejects.toMatchObject({ code: "conflict" });
  expect(await ledger.documents.get(principal, document.id)).toMatchObject({ version: 2, class: "internal", status: "erasing" });
});

const tables = () => database.read<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'ledger_%' AND name NOT LIKE 'ledger_spend%' ORDER BY name");
const everything = () => tables().map(({ name }) => [name, database.read(`SELECT * FROM ${name}`).map((row) => JSON.stringify(row)).toSorted()]);

test("erasing leaves no row but the erase job without a name; interrupted, it still knows what is left to do", async () => {
  const before = everything();
  const { principal, document, job } = await acceptOne();
  const child = await ledger.documents.accept(principal, upload(principal.tenant, "child", { key: "child", parentId: document.id }), { ...accepting, idempotencyKey: "once" });
  await ledger.jobs.event(job.id, "progress", { stage: "chunk" });
  for (const documentId of [document.id, child.document.id]) await ledger.memo.put({ documentId, chunkId: "", step: "s", messagesHash: "h", attempt: 1, generation: 0, valid: true, answer: "{}" }, null);
  const wanted = { tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" as const };
  const erase = await ledger.jobs.create(wanted);
  const lease = (await ledger.jobs.claim(erase.id, "worker", 60_000))!;

  const below = () => database.read<{ id: string }>(documentTree("").sql, document.id).map(({ id }) => id);
  const ids = [document.id, ...below().filter((id) => id !== document.id)];
  for (let round = 1; round <= 2; round++) {
    expect(below().toSorted()).toEqual([document.id, child.document.id].toSorted());
    const [jobs] = await database.write([leaseFence(lease), jobsOfDocuments(ids), ...eraseDocument(ids)]);
    expect(jobs!.map(({ id }) => id).toSorted()).toEqual([job.id, child.job.id].toSorted());
  }
  await ledger.jobs.finish(lease, "done", {});
  expect(await ledger.jobs.get(holder(principal.tenant, ["pii"]), erase.id)).toMatchObject({ status: "done", name: "" });
  await database.write([{ sql: "DELETE FROM ledger_jobs WHERE id = ?", rows: [[erase.id]] }]);
  expect(everything()).toEqual(before);
});
