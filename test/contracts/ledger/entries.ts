import { describe, expect, test } from "vitest";
import { insideId, keyInside, sha256 } from "../../../src/data/identity.ts";
import type { Principal } from "../../../src/data/principal.ts";
import type { Lease } from "../../../src/stores/document-writer.ts";
import type { DocumentRow, JobRow } from "../../../src/stores/ledger/ledger.ts";
import { acceptOne, accepting, type Bench, upload } from "./bench.ts";

const minute = 60_000;

export function entryContract(bench: Bench): void {
  const entries = () => bench.ledger.entries;
  const jobs = () => bench.ledger.jobs;
  const documents = () => bench.ledger.documents;
  const dueIds = async () => (await jobs().due(10_000)).map(({ id }) => id);

  interface Archive {
    document: DocumentRow;
    job: JobRow;
    lease: Lease;
    add(name: string, words: string): Promise<JobRow | null>;
    /** Uploads the archive with other bytes; its job is held. */
    again(words: string): Promise<Archive>;
  }

  async function hold(principal: Principal, document: DocumentRow, job: JobRow): Promise<Archive> {
    const lease = (await jobs().claim(job.id, "opener", minute))!;
    const scope = { tenant: principal.tenant, collection: "default" };
    return {
      document, job, lease,
      add(name, words) {
        const key = keyInside(document.key, name);
        return entries().accept({ ...upload(principal.tenant, words, { key, name, parentId: document.id }), id: insideId(scope, key), parentId: document.id }, lease);
      },
      async again(words) {
        const next = await documents().accept(principal, upload(principal.tenant, words, { key: document.key }), accepting);
        return hold(principal, next.document, next.job);
      },
    };
  }

  async function openArchive(): Promise<Archive> {
    const { principal, document, job } = await acceptOne(bench, { key: "port.zip", name: "port.zip" });
    return hold(principal, document, job);
  }

  async function end(job: JobRow, status: "done" | "failed" = "done"): Promise<void> {
    await jobs().finish((await jobs().claim(job.id, "worker", minute))!, status, status === "failed" ? { error: { code: "unreadable", message: "damaged" } } : {});
  }

  describe("an archive's entries", () => {
    test("are documents with jobs below the archive's, however often they are accepted", async () => {
      const archive = await openArchive();
      const [one] = await Promise.all([archive.add("one.txt", "first"), archive.add("two.txt", "second")]);
      expect(await archive.add("one.txt", "first")).toBeNull();
      expect(one).toMatchObject({ parentId: archive.job.id, kind: "ingest", status: "queued", version: 1 });
      expect((await documents().children(archive.document.id)).map(({ name, isEntry, parentId, sha256: hash }) => [name, isEntry, parentId, hash]).toSorted()).toEqual([["one.txt", true, archive.document.id, sha256("first")], ["two.txt", true, archive.document.id, sha256("second")]]);
      expect(await documents().ofJob(archive.document.id)).toEqual([archive.document.id]);
      expect(await entries().results(archive.job.id)).toHaveLength(2);
    });

    test("are accepted by whoever holds the archive's job, and by nobody else", async () => {
      const archive = await openArchive();
      bench.now += 2 * minute;
      expect(await jobs().claim(archive.job.id, "another", minute)).not.toBeNull();
      await expect(archive.add("one.txt", "first")).rejects.toMatchObject({ code: "conflict" });
    });

    test("are waited for: the archive's job is due, and can be held, when all of theirs are over", async () => {
      const archive = await openArchive();
      const [one, two] = [(await archive.add("one.txt", "first"))!, (await archive.add("two.txt", "second"))!];
      await jobs().finish(archive.lease, "waiting", { waitingFor: "entries" });
      for (const [job, status] of [[one, "done"], [two, "failed"]] as const) {
        expect(await dueIds()).not.toContain(archive.job.id);
        expect(await jobs().claim(archive.job.id, "too early", minute)).toBeNull();
        await end(job, status);
      }
      expect((await jobs().row(archive.job.id))!.progress).toBeGreaterThan(0.9);
      expect((await jobs().events(archive.job.id, 0, 10)).map(({ type, data }) => [type, data["over"]])).toEqual([["waiting", undefined], ["progress", 1], ["progress", 2]]);
      expect(await dueIds()).toContain(archive.job.id);
      expect(await entries().lastJobs(archive.document.id)).toEqual(expect.arrayContaining([expect.objectContaining({ id: one.id, status: "done" }), expect.objectContaining({ id: two.id, status: "failed", error: { code: "unreadable", message: "damaged" } })]));
      expect(await jobs().claim(archive.job.id, "worker", minute)).not.toBeNull();
    });

    test("that are the same in the next version have no new job, unless the last one came to nothing; changed ones have a new version", async () => {
      const first = await openArchive();
      for (const [name, status] of [["same.txt", "done"], ["broken.txt", "failed"], ["changed.txt", "done"]] as const) await end((await first.add(name, "words"))!, status);
      await jobs().finish(first.lease, "done", {});
      const second = await first.again("other bytes");
      expect(await second.add("same.txt", "words")).toBeNull();
      expect(await second.add("broken.txt", "words")).toMatchObject({ version: 1, parentId: second.job.id });
      expect(await second.add("changed.txt", "other words")).toMatchObject({ version: 2, parentId: second.job.id });
    });

    test("that are worked on are taken over by the next version's job", async () => {
      const first = await openArchive();
      const open = (await first.add("same.txt", "words"))!;
      await jobs().finish(first.lease, "waiting", { waitingFor: "entries" });
      const second = await first.again("other bytes");
      expect(await second.add("same.txt", "words")).toBeNull();
      expect(await entries().takeOver(second.job.id, [open.documentId])).toBe(true);
      expect(await jobs().row(open.id)).toMatchObject({ parentId: second.job.id });
      expect(await dueIds()).toContain(first.job.id);
      await end(open);
      expect(await entries().takeOver(second.job.id, [open.documentId])).toBe(false);
    });

    test("are read once more, each, when the archive is", async () => {
      const archive = await openArchive();
      await end((await archive.add("one.txt", "first"))!);
      await jobs().finish(archive.lease, "done", {});
      const { tenant, collection, id, name } = archive.document;
      const job = await jobs().create({ tenant, collection, documentId: id, name, kind: "reprocess" });
      const lease = (await jobs().claim(job.id, "worker", minute))!;
      const key = keyInside(archive.document.key, "one.txt");
      const entry = { ...upload(tenant, "first", { key, name: "one.txt" }), id: insideId({ tenant, collection }, key), parentId: id };
      expect(await entries().accept(entry, lease)).toMatchObject({ kind: "reprocess", version: 1, generation: 1, parentId: job.id });
      expect(await entries().accept(entry, lease)).toBeNull();
    });

    test("stop with the archive's job, those that are held when their worker hears of it", async () => {
      const archive = await openArchive();
      const [queued, held] = [(await archive.add("one.txt", "first"))!, (await archive.add("two.txt", "second"))!];
      const lease = (await jobs().claim(held.id, "worker", minute))!;
      await jobs().finish(archive.lease, "waiting", { waitingFor: "entries" });
      expect(await jobs().cancel(archive.job.id)).toBe(true);
      expect(await jobs().row(archive.job.id)).toMatchObject({ status: "cancelled" });
      expect(await jobs().row(queued.id)).toMatchObject({ status: "cancelled" });
      expect(await documents().row(queued.documentId)).toMatchObject({ status: "failed" });
      expect(await jobs().row(held.id)).toMatchObject({ status: "running", cancelRequested: true });
      await jobs().finish(lease, "cancelled", {});
      expect(await jobs().cancel(archive.job.id)).toBe(false);
    });

    test("stop when the archive's job fails", async () => {
      const archive = await openArchive();
      const queued = (await archive.add("one.txt", "first"))!;
      await jobs().finish(archive.lease, "failed", { error: { code: "store", message: "full" } });
      expect(await jobs().row(queued.id)).toMatchObject({ status: "cancelled" });
      expect(await jobs().retry(archive.job.id)).toMatchObject({ status: "queued" });
    });

    test("whose jobs failed let the finished job of the archive be retried", async () => {
      const archive = await openArchive();
      const [one, two] = [(await archive.add("one.txt", "first"))!, (await archive.add("two.txt", "second"))!];
      await end(one);
      await jobs().finish(archive.lease, "waiting", { waitingFor: "entries" });
      await end(two, "failed");
      await jobs().finish((await jobs().claim(archive.job.id, "worker", minute))!, "done", {});
      expect(await jobs().retry(archive.job.id)).toMatchObject({ status: "queued" });
      await expect(jobs().retry(one.id)).rejects.toMatchObject({ code: "conflict" });
    });

    test("are erased with the archive, when nobody works on them any more", async () => {
      const archive = await openArchive();
      const one = (await archive.add("one.txt", "first"))!;
      const lease = (await jobs().claim(one.id, "worker", minute))!;
      await jobs().finish(archive.lease, "waiting", { waitingFor: "entries" });
      const { tenant, collection, id, name } = archive.document;
      const erase = await jobs().create({ tenant, collection, documentId: id, name, kind: "erase" });
      expect(await documents().row(one.documentId)).toMatchObject({ status: "erasing" });
      expect(await jobs().claim(erase.id, "eraser", minute)).toBeNull();
      await jobs().finish(lease, "cancelled", {});
      expect(await jobs().claim(erase.id, "eraser", minute)).not.toBeNull();
    });

    test("are counted with all that lies below an archive", async () => {
      const archive = await openArchive();
      await archive.add("one.txt", "first");
      await archive.add("two.txt", "second words");
      expect(await entries().sizeBelow(archive.document.id, "nobody")).toEqual({ documents: 2, bytes: "first".length + "second words".length });
      expect(await entries().sizeBelow(archive.document.id, archive.document.id)).toEqual({ documents: 0, bytes: 0 });
    });

    test("keep their status when the archive's own work is over", async () => {
      const archive = await openArchive();
      const one = (await archive.add("one.txt", "first"))!;
      await documents().settle(archive.document.id, archive.document.version, null, archive.lease);
      expect(await documents().row(one.documentId)).toMatchObject({ status: "queued" });
      expect(await documents().row(archive.document.id)).toMatchObject({ status: "failed" });
    });
  });
}
