import { describe, expect, test } from "vitest";
import { documentId as idOf } from "../../../src/data/identity.ts";
import type { DocumentPlan, Lease } from "../../../src/stores/document-writer.ts";
import type { DocumentRow } from "../../../src/stores/ledger/ledger.ts";
import { acceptOne, accepting, upload, type Bench } from "./bench.ts";

const minute = 60_000;

export const planFor = (document: DocumentRow, more: Partial<DocumentPlan> = {}): DocumentPlan => ({
  scope: { tenant: document.tenant, collection: document.collection }, documentId: document.id, version: document.version, name: document.name, mediaType: document.mediaType, language: "de", date: document.createdAt,
  class: "public", reasons: [], pages: 2, pictureCount: 1, chunks: [], about: [], vectors: null, mentions: [], statements: [], merges: [], pictures: [],
  parentId: null, status: "ready", warnings: [], ...more,
});

/** A document whose first version is accepted and held by a worker. */
export async function heldDocument(bench: Pick<Bench, "ledger">): Promise<Awaited<ReturnType<typeof acceptOne>> & { lease: Lease }> {
  const made = await acceptOne(bench);
  return { ...made, lease: (await bench.ledger.jobs.claim(made.job.id, "worker", minute))! };
}

export function intentContract(bench: Bench): void {
  const intents = () => bench.ledger.intents;
  const revisionsOf = (begun: Map<string, { revision: number }>) => new Map([...begun].map(([id, { revision }]) => [id, revision]));
  const openIn = async (tenant: string) => Object.fromEntries((await intents().open(tenant)).open);
  /** Other tests leave intents behind, too. */
  const staleOf = async (documentId: string) => (await intents().stale(1_000)).filter((each) => each.documentId === documentId);
  const overtake = async (jobId: string) => {
    bench.now += 2 * minute;
    return (await bench.ledger.jobs.claim(jobId, "another", minute))!;
  };

  describe("documents in several stores", () => {
    test("a document is in flight from its intent to the end of its clean-up, and readers see the committed revision", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      const first = await intents().begin([document.id], lease);
      expect(first.get(document.id)).toEqual({ revision: 1, committed: null });
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: null });
      await intents().held(revisionsOf(first), lease);
      await intents().commit([planFor(document)], revisionsOf(first), lease, null);
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: 1 });
      expect(await bench.ledger.documents.get(principal, document.id)).toMatchObject({ status: "ready", class: "public", language: "de", pages: 2, counts: { pictures: 1 } });
      await intents().done(document.id, 1);
      expect(await openIn(principal.tenant)).toEqual({});
      await bench.reopen();
      expect((await intents().begin([document.id], lease)).get(document.id)).toEqual({ revision: 2, committed: 1 });
      expect((await intents().open("another tenant")).open.size).toBe(0);
    });

    test("documents of one job are committed together or not at all", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      const child = { ...upload(principal.tenant, "attached", { key: "attached.txt", parentId: document.id }), status: "processing" as const, version: 1 };
      const childId = idOf(child.scope, child.key);
      await bench.ledger.documents.adopt({ ...child, id: childId });
      const revisions = revisionsOf(await intents().begin([document.id, childId], lease));
      const plans = [planFor(document), planFor({ ...document, id: childId, version: 7 })];
      await expect(intents().commit(plans, revisions, lease, null)).rejects.toMatchObject({ code: "conflict" });
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: null, [childId]: null });
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ status: "queued" });
      plans[1] = planFor({ ...document, id: childId, version: 1 });
      await intents().commit(plans, revisions, lease, null);
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: 1, [childId]: 1 });
    });

    test("a commit that is asked for twice is one, also after somebody read its result", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      const revisions = revisionsOf(await intents().begin([document.id], lease));
      for (let count = 0; count < 2; count++) await intents().commit([planFor(document)], revisions, lease, null);
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: 1 });
    });

    test("whoever takes an intent over gets the next revision, and the one before can no longer write", async () => {
      const { document, job, lease } = await heldDocument(bench);
      const mine = revisionsOf(await intents().begin([document.id], lease));
      const later = await overtake(job.id);
      await expect(intents().held(mine, lease)).rejects.toMatchObject({ code: "conflict" });
      const theirs = await intents().begin([document.id], later);
      expect(theirs.get(document.id)).toEqual({ revision: 2, committed: null });
      for (const write of [() => intents().held(mine, lease), () => intents().begin([document.id], lease), () => intents().commit([planFor(document)], mine, lease, null)]) {
        await expect(write()).rejects.toMatchObject({ code: "conflict" });
      }
      await intents().abandon(document.id, 1);
      await intents().commit([planFor(document)], revisionsOf(theirs), later, null);
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ status: "ready" });
    });

    test("an intent that is given up leaves what was committed, and the clean-up that is owed", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      await intents().commit([planFor(document)], revisionsOf(await intents().begin([document.id], lease)), lease, null);
      await intents().begin([document.id], lease);
      await intents().abandon(document.id, 2);
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: 1 });
      await intents().done(document.id, 1);
      expect(await openIn(principal.tenant)).toEqual({});
      expect((await intents().begin([document.id], lease)).get(document.id)).toEqual({ revision: 3, committed: 1 });
      await intents().abandon(document.id, 3);
      expect(await openIn(principal.tenant)).toEqual({});
    });

    test("what a worker left behind is handed out for mending to one caller, once its job is over or its lease ran out", async () => {
      const { principal, document, job, lease } = await heldDocument(bench);
      const mine = revisionsOf(await intents().begin([document.id], lease));
      expect(await staleOf(document.id)).toEqual([]);
      bench.now += 2 * minute;
      const lists = await Promise.all(Array.from({ length: 3 }, () => staleOf(document.id)));
      expect(lists.flat()).toEqual([{ documentId: document.id, jobId: job.id, revision: 1, committed: null, phase: "writing" }]);
      // Its job may be held still, and is then worked on again.
      await expect(intents().held(mine, lease)).rejects.toMatchObject({ code: "conflict", retryable: true });
      await expect(intents().commit([planFor(document)], mine, lease, null)).rejects.toMatchObject({ code: "conflict" });
      const later = (await bench.ledger.jobs.claim(job.id, "another", 10 * minute))!;
      await expect(intents().begin([document.id], later)).rejects.toMatchObject({ code: "store", retryable: true });
      await intents().abandon(document.id, 1);
      const revisions = revisionsOf(await intents().begin([document.id], later));
      await intents().commit([planFor(document)], revisions, later, null);
      await bench.ledger.jobs.finish(later, "done", {});
      expect(await staleOf(document.id)).toEqual([{ documentId: document.id, jobId: job.id, revision: 2, committed: 2, phase: "cleaning" }]);
      bench.now += 2 * minute;
      expect(await staleOf(document.id)).toHaveLength(1);
      await intents().done(document.id, 2);
      expect(await openIn(principal.tenant)).toEqual({});
    });

    test("an erasure hides its documents at once, and ends with everything the ledger held of them", async () => {
      const { principal, document, job, lease } = await heldDocument(bench);
      await intents().commit([planFor(document)], revisionsOf(await intents().begin([document.id], lease)), lease, null);
      const child = await bench.ledger.documents.accept(principal, upload(principal.tenant, "child", { key: "child", parentId: document.id }), accepting);
      await bench.ledger.jobs.finish(lease, "done", {});
      const erase = await bench.ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" });
      const eraser = (await bench.ledger.jobs.claim(erase.id, "worker", minute))!;
      const orphan = idOf({ tenant: principal.tenant, collection: "default" }, "without a row");
      const ids = [...(await intents().tree([document.id])), orphan];
      expect(ids.toSorted()).toEqual([document.id, child.document.id, orphan].toSorted());
      await intents().beginErase(ids, eraser);
      expect(await openIn(principal.tenant)).toEqual(Object.fromEntries(ids.map((id) => [id, null])));
      await expect(intents().begin([document.id], eraser)).rejects.toMatchObject({ code: "conflict" });
      expect((await intents().finishErase(ids, eraser)).jobIds.toSorted()).toEqual([job.id, child.job.id].toSorted());
      expect((await intents().finishErase(ids, eraser)).jobIds.toSorted()).toEqual([job.id, child.job.id].toSorted());
      expect(await openIn(principal.tenant)).toEqual({});
      expect(await bench.ledger.documents.row(document.id)).toBeNull();
      expect(await bench.ledger.jobs.row(job.id)).toBeNull();
      expect((await intents().tree([document.id])).toSorted()).toEqual(ids.toSorted());
      await bench.ledger.jobs.finish(eraser, "done", {});
      expect(await intents().tree([document.id])).toEqual([document.id]);
    });

    test("an erasure whose worker died is finished by whoever mends it", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      await bench.ledger.jobs.finish(lease, "failed", {});
      const erase = await bench.ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" });
      const eraser = (await bench.ledger.jobs.claim(erase.id, "worker", minute))!;
      await intents().beginErase([document.id], eraser);
      bench.now += 2 * minute;
      expect(await staleOf(document.id)).toMatchObject([{ documentId: document.id, phase: "erasing", committed: null }]);
      await intents().finishErase([document.id], null);
      expect(await bench.ledger.documents.row(document.id)).toBeNull();
    });

    test("an erasure waits for nobody who mends, and only one that began is finished", async () => {
      const { principal, document, lease } = await heldDocument(bench);
      await intents().begin([document.id], lease);
      await expect(intents().finishErase([document.id], null)).rejects.toMatchObject({ code: "conflict" });
      bench.now += 2 * minute;
      expect(await staleOf(document.id)).toMatchObject([{ phase: "writing" }]);
      const erase = await bench.ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" });
      const eraser = (await bench.ledger.jobs.claim(erase.id, "worker", minute))!;
      await intents().beginErase([document.id], eraser);
      await intents().abandon(document.id, 1);
      expect(await openIn(principal.tenant)).toEqual({ [document.id]: null });
      bench.now += 2 * minute;
      expect(await staleOf(document.id)).toMatchObject([{ phase: "erasing" }]);
      const again = (await bench.ledger.jobs.claim(erase.id, "another", minute))!;
      await expect(intents().finishErase([document.id], eraser)).rejects.toMatchObject({ code: "conflict" });
      await intents().beginErase([document.id], again);
      await intents().finishErase([document.id], again);
      expect(await bench.ledger.documents.row(document.id)).toBeNull();
    });
  });
}
