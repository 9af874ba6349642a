import { describe, expect, test } from "vitest";
import { documentId } from "../../../src/data/identity.ts";
import { acceptOne, accepting, freshTenant, holder, upload, type Bench } from "./bench.ts";

export function jobContract(bench: Bench): void {
  const jobs = () => bench.ledger.jobs;
  const dueIds = async () => (await jobs().due(10_000)).map(({ id }) => id);
  const minute = 60_000;

  describe("leases", () => {
    test("of many who claim a job at once one holds it, and the next holder has the next number", async () => {
      const { job } = await acceptOne(bench);
      const claims = await Promise.all(Array.from({ length: 12 }, (_, place) => jobs().claim(job.id, `worker ${place}`, minute)));
      const [lease] = claims.filter((each) => each !== null);
      expect(claims.filter((each) => each !== null)).toHaveLength(1);
      expect(await jobs().row(job.id)).toMatchObject({ status: "running", attempts: 1, lease: { number: lease!.number } });
      bench.now += 2 * minute;
      expect(await dueIds()).toContain(job.id);
      expect(await jobs().claim(job.id, "another", minute)).toEqual({ jobId: job.id, number: lease!.number + 1 });
      expect(await dueIds()).not.toContain(job.id);
    });

    test("a worker that was overtaken gets a conflict from every write", async () => {
      const { job } = await acceptOne(bench);
      const slow = (await jobs().claim(job.id, "slow", minute))!;
      bench.now += 2 * minute;
      const fast = (await jobs().claim(job.id, "fast", minute))!;
      expect(await jobs().renew(slow, minute)).toBe(false);
      await expect(jobs().update(slow, {})).rejects.toMatchObject({ code: "conflict" });
      await expect(jobs().finish(slow, "done", {})).rejects.toMatchObject({ code: "conflict" });
      await jobs().update(fast, { stage: "chunk", progress: 0.5 });
      await jobs().finish(fast, "done", {});
      await expect(jobs().update(fast, { stage: "late" })).rejects.toMatchObject({ code: "conflict" });
      expect(await jobs().row(job.id)).toMatchObject({ status: "done", stage: "chunk", progress: 1, lease: null });
    });

    test("an end that is asked for twice is one, and another end is a conflict", async () => {
      const { job } = await acceptOne(bench);
      const lease = (await jobs().claim(job.id, "worker", minute))!;
      for (let count = 0; count < 2; count++) await jobs().finish(lease, "done", {});
      expect((await jobs().events(job.id, 0, 10)).map(({ type }) => type)).toEqual(["done"]);
      await expect(jobs().finish(lease, "failed", {})).rejects.toMatchObject({ code: "conflict" });
    });

    test("a renewed lease does not run out", async () => {
      const { job } = await acceptOne(bench);
      const lease = (await jobs().claim(job.id, "worker", minute))!;
      bench.now += minute - 1_000;
      expect(await jobs().renew(lease, minute)).toBe(true);
      bench.now += minute - 1_000;
      expect(await dueIds()).not.toContain(job.id);
      expect(await jobs().claim(job.id, "another", minute)).toBeNull();
    });

    test("of two jobs of one document that are claimed at once one is held", async () => {
      for (let round = 0; round < 5; round++) {
        const { principal, job } = await acceptOne(bench);
        const second = await bench.ledger.documents.accept(principal, upload(principal.tenant, "edited"), accepting);
        const claims = await Promise.all([job.id, second.job.id, job.id, second.job.id].map((id, place) => jobs().claim(id, `worker ${place}`, minute)));
        expect(claims.filter((each) => each !== null)).toHaveLength(1);
      }
    });

    test("a document's second job waits until nobody holds the first", async () => {
      const { principal, job } = await acceptOne(bench);
      const second = await bench.ledger.documents.accept(principal, upload(principal.tenant, "edited"), accepting);
      const lease = (await jobs().claim(job.id, "worker", minute))!;
      expect(await jobs().claim(second.job.id, "another", minute)).toBeNull();
      await jobs().finish(lease, "done", {});
      expect(await jobs().claim(second.job.id, "another", minute)).not.toBeNull();
    });

    test("a waiting job is due at its time, and what waits for nothing in particular is not", async () => {
      const [timed, untimed] = [await acceptOne(bench), await acceptOne(bench)];
      for (const [{ job }, pauseMs] of [[timed, minute], [untimed, null]] as const) {
        await jobs().finish((await jobs().claim(job.id, "worker", minute))!, "waiting", { waitingFor: "model", pauseMs });
      }
      expect(await dueIds()).not.toContain(timed.job.id);
      bench.now += 2 * minute;
      expect(await dueIds()).toContain(timed.job.id);
      expect(await dueIds()).not.toContain(untimed.job.id);
      expect(await jobs().row(untimed.job.id)).toMatchObject({ status: "waiting", waitingFor: "model", attempts: 0 });
      expect(await jobs().claim(untimed.job.id, "worker", minute)).not.toBeNull();
    });
  });

  describe("a clock that is set back by hours", () => {
    test("holds no job back that was to be tried again, nor one that waits", async () => {
      const [queued, waiting] = [await acceptOne(bench), await acceptOne(bench)];
      await jobs().finish((await jobs().claim(queued.job.id, "worker", minute))!, "queued", { pauseMs: minute, error: { code: "store", message: "away" } });
      await jobs().finish((await jobs().claim(waiting.job.id, "worker", minute))!, "waiting", { waitingFor: "store", pauseMs: minute });
      expect((await dueIds()).filter((id) => id === queued.job.id || id === waiting.job.id)).toEqual([]);
      bench.now -= 5 * 60 * minute;
      expect(await dueIds()).toEqual(expect.arrayContaining([queued.job.id, waiting.job.id]));
      expect(await jobs().claim(queued.job.id, "worker", minute)).not.toBeNull();
      bench.now += 5 * 60 * minute;
    });
  });

  describe("ends", () => {
    test("a queued job is cancelled at once, a held one is asked to stop, one that is over is left", async () => {
      const { document, job } = await acceptOne(bench);
      expect(await jobs().cancel(job.id)).toBe(true);
      expect(await jobs().row(job.id)).toMatchObject({ status: "cancelled" });
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ status: "failed" });
      expect(await jobs().cancel(job.id)).toBe(false);
      const { job: held } = await acceptOne(bench);
      const lease = (await jobs().claim(held.id, "worker", minute))!;
      expect(await jobs().cancel(held.id)).toBe(true);
      expect(await jobs().row(held.id)).toMatchObject({ status: "running", cancelRequested: true });
      await jobs().finish(lease, "cancelled", {});
      expect((await jobs().row(held.id))!.finishedAt).not.toBeNull();
    });

    test("retry queues again with a new generation, only what ended badly or waits", async () => {
      const { document, job } = await acceptOne(bench);
      await expect(jobs().retry(job.id)).rejects.toMatchObject({ code: "conflict" });
      await jobs().finish((await jobs().claim(job.id, "worker", minute))!, "failed", { error: { code: "unreadable", message: "damaged" } });
      expect(await jobs().row(job.id)).toMatchObject({ status: "failed", error: { code: "unreadable" } });
      expect(await jobs().retry(job.id)).toMatchObject({ id: job.id, status: "queued", generation: 1, error: null, finishedAt: null, attempts: 0 });
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ status: "queued" });
      expect(await dueIds()).toContain(job.id);
    });

    test("retry of an overtaken version is a conflict", async () => {
      const { principal, job } = await acceptOne(bench);
      await jobs().cancel(job.id);
      await bench.ledger.documents.accept(principal, upload(principal.tenant, "edited"), accepting);
      await expect(jobs().retry(job.id)).rejects.toMatchObject({ code: "conflict" });
    });

    test("erase ends the other jobs of the document and of what lies below it; asked twice it is one job", async () => {
      const { principal, document, job } = await acceptOne(bench);
      const entry = await bench.ledger.documents.accept(principal, upload(principal.tenant, "entry", { key: "entry", parentId: document.id }), accepting);
      const lease = (await jobs().claim(entry.job.id, "worker", minute))!;
      const wanted = { tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" as const };
      const erase = await jobs().create(wanted);
      expect(await jobs().create(wanted)).toMatchObject({ id: erase.id });
      expect(await jobs().row(job.id)).toMatchObject({ status: "cancelled" });
      expect(await jobs().row(entry.job.id)).toMatchObject({ cancelRequested: true });
      for (const id of [document.id, entry.document.id]) expect(await bench.ledger.documents.row(id)).toMatchObject({ status: "erasing" });
      await bench.ledger.documents.update(entry.document.id, { status: "failed" }, lease);
      expect(await bench.ledger.documents.row(entry.document.id)).toMatchObject({ status: "erasing" });
      await expect(jobs().create({ ...wanted, kind: "reprocess" })).rejects.toMatchObject({ code: "conflict" });
      await expect(jobs().create({ ...wanted, documentId: documentId({ tenant: principal.tenant, collection: "x" }, "absent") })).rejects.toMatchObject({ code: "not_found" });
    });

    test("reprocess is a new generation whose class has to be read again, while readers see what was known", async () => {
      const { principal, document } = await acceptOne(bench);
      await bench.ledger.documents.raiseClass(document.id, "public", [], null);
      const again = await jobs().create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "reprocess" });
      expect(again).toMatchObject({ generation: 1, version: 1, class: "public" });
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ classKnown: false });
      expect(await bench.ledger.documents.get(holder(principal.tenant, ["public"]), document.id)).toMatchObject({ class: "public" });
    });
  });

  describe("events and lists", () => {
    test("events count from 1 within their job, whoever appends at once, and survive a restart", async () => {
      const { job } = await acceptOne(bench);
      await Promise.all(Array.from({ length: 20 }, (_, place) => jobs().event(job.id, "progress", { place })));
      await bench.reopen();
      expect((await jobs().events(job.id, 0, 100)).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
      expect((await jobs().events(job.id, 17, 2)).map(({ id }) => id)).toEqual([18, 19]);
      const lease = (await jobs().claim(job.id, "worker", minute))!;
      await jobs().finish(lease, "done", {});
      expect(await jobs().events(job.id, 20, 10)).toMatchObject([{ id: 21, type: "done" }]);
      await expect(jobs().event("absent", "progress", {})).rejects.toMatchObject({ code: "not_found" });
    });

    test("jobs are listed newest first in pages, by status and document", async () => {
      const principal = holder(freshTenant());
      const made: string[] = [];
      for (let count = 0; count < 7; count++) made.unshift((await bench.ledger.documents.accept(principal, upload(principal.tenant, "words", { key: String(count) }), accepting)).job.id);
      const first = await jobs().list(principal, { collection: "default", limit: 5, cursor: null });
      const rest = await jobs().list(principal, { collection: "default", limit: 5, cursor: first.next });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(made);
      expect(rest.next).toBeNull();
      await jobs().cancel(made[3]!);
      expect((await jobs().list(principal, { collection: "default", status: "cancelled", limit: 5, cursor: null })).items).toMatchObject([{ id: made[3] }]);
      const { documentId: id } = (await jobs().row(made[2]!))!;
      expect((await jobs().list(principal, { collection: "default", documentId: id, limit: 5, cursor: null })).items).toMatchObject([{ id: made[2] }]);
    });

    test("a job that waits for approval is not due and not taken until it is approved; one that is approved before never waits", async () => {
      const { job } = await acceptOne(bench);
      const lease = (await bench.ledger.jobs.claim(job.id, "one", 60_000))!;
      await bench.ledger.jobs.finish(lease, "waiting", { waitingFor: "approval" });
      const isDue = async () => (await bench.ledger.jobs.due(10_000)).some(({ id }) => id === job.id);
      expect(await isDue()).toBe(false);
      expect(await bench.ledger.jobs.claim(job.id, "two", 60_000)).toBeNull();
      await bench.reopen();
      for (let count = 0; count < 2; count++) expect(await bench.ledger.jobs.approve(job.id)).toBe(true);
      expect(await bench.ledger.jobs.row(job.id)).toMatchObject({ status: "queued", waitingFor: null, approved: true });
      expect(await isDue()).toBe(true);
      // Approved while it was being estimated: what ends as waiting is due at once.
      const again = (await bench.ledger.jobs.claim(job.id, "two", 60_000))!;
      await bench.ledger.jobs.finish(again, "waiting", { waitingFor: "approval" });
      expect(await isDue()).toBe(true);
      const last = (await bench.ledger.jobs.claim(job.id, "three", 60_000))!;
      await bench.ledger.jobs.finish(last, "done", {});
      expect(await bench.ledger.jobs.approve(job.id)).toBe(false);
      await expect(bench.ledger.jobs.approve("absent")).rejects.toMatchObject({ code: "not_found" });
    });
  });
}
