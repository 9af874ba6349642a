import { describe, expect, test } from "vitest";
import { allClasses } from "../../../src/data/classification.ts";
import { documentId, keyInside } from "../../../src/data/identity.ts";
import { acceptOne, accepting, freshTenant, holder, upload, type Bench } from "./bench.ts";

export function documentContract(bench: Bench): void {
  const accept = (...given: Parameters<typeof bench.ledger.documents.accept>) => bench.ledger.documents.accept(...given);

  describe("accepting uploads", () => {
    test("a document says which key uploaded it; the person at the machine has none", async () => {
      const tenant = freshTenant();
      const { document } = await acceptOne(bench, {}, holder(tenant, undefined, "key-1"));
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ uploadedBy: "key-1" });
      expect((await acceptOne(bench)).document.uploadedBy).toBeNull();
    });

    test("a first upload makes document, version 1 and a queued job", async () => {
      const principal = holder(freshTenant());
      const { document, job, duplicate } = await accept(principal, upload(principal.tenant, "words"), accepting);
      expect(duplicate).toBe(false);
      expect(document).toMatchObject({ id: documentId({ tenant: principal.tenant, collection: "default" }, "reports/one.txt"), version: 1, status: "queued", class: "pii", classKnown: false });
      expect(job).toMatchObject({ documentId: document.id, kind: "ingest", status: "queued", version: 1, generation: 0, attempts: 0, lease: null, class: null });
      expect(await bench.ledger.jobs.row(job.id)).toEqual(job);
    });

    test("the same key and bytes are a duplicate with the earlier job, other bytes a new version", async () => {
      const principal = holder(freshTenant());
      const first = await accept(principal, upload(principal.tenant, "words"), accepting);
      const again = await accept(principal, upload(principal.tenant, "words"), accepting);
      expect(again).toMatchObject({ duplicate: true, job: { id: first.job.id } });
      const edited = await accept(principal, upload(principal.tenant, "other words", { name: "renamed.txt" }), accepting);
      expect(edited).toMatchObject({ duplicate: false, document: { id: first.document.id, version: 2, name: "renamed.txt" }, job: { version: 2 } });
      const back = await accept(principal, upload(principal.tenant, "words"), accepting);
      expect(back).toMatchObject({ duplicate: false, document: { version: 3 } });
    });

    test("the same bytes with a stricter declared class are worked on again", async () => {
      const principal = holder(freshTenant());
      await accept(principal, upload(principal.tenant, "words"), accepting);
      expect(await accept(principal, upload(principal.tenant, "words", { floor: "confidential" }), accepting)).toMatchObject({ duplicate: false, document: { floor: "confidential" } });
      expect(await accept(principal, upload(principal.tenant, "words", { floor: "internal" }), accepting)).toMatchObject({ duplicate: true });
    });

    test("uploads of the same file at once make one document and one job", async () => {
      const principal = holder(freshTenant(), ["public"], "key-1");
      const results = await Promise.all(Array.from({ length: 20 }, () => accept(principal, upload(principal.tenant, "words"), accepting)));
      expect(new Set(results.map(({ job }) => job.id)).size).toBe(1);
      expect(results.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    });

    test("an idempotency key answers again with the same job, for its own caller and upload only", async () => {
      const principal = holder(freshTenant(), [...allClasses], "key-1");
      const once = { maxQueued: 1_000_000, idempotencyKey: "request-1" };
      const first = await accept(principal, upload(principal.tenant, "words", { key: "a" }), once);
      const again = await accept(principal, upload(principal.tenant, "words", { key: "a" }), once);
      expect(again).toMatchObject({ duplicate: false, job: { id: first.job.id } });
      await expect(accept(principal, upload(principal.tenant, "other words", { key: "a" }), once)).rejects.toMatchObject({ code: "conflict" });
      const other = await accept({ ...principal, keyId: "key-2" }, upload(principal.tenant, "other words", { key: "b" }), once);
      expect(other.job.id).not.toBe(first.job.id);
    });

    test("an idempotency key is forgotten after a day", async () => {
      const principal = holder(freshTenant());
      const once = { maxQueued: 1_000_000, idempotencyKey: "request-1" };
      const first = await accept(principal, upload(principal.tenant, "words", { key: "a" }), once);
      bench.now += 23 * 3_600_000;
      expect(await accept(principal, upload(principal.tenant, "words", { key: "a" }), once)).toMatchObject({ duplicate: false, job: { id: first.job.id } });
      bench.now += 2 * 3_600_000;
      expect(await accept(principal, upload(principal.tenant, "words", { key: "a" }), once)).toMatchObject({ duplicate: true, job: { id: first.job.id } });
      bench.now += 25 * 3_600_000;
      expect(await accept(principal, upload(principal.tenant, "other words", { key: "b" }), once)).toMatchObject({ duplicate: false });
    });

    test("more than maxQueued waiting jobs are overloaded, and nothing of the upload stays; a duplicate is still answered", async () => {
      const principal = holder(freshTenant());
      await accept(principal, upload(principal.tenant, "words", { key: "in" }), accepting);
      const full = { maxQueued: await bench.ledger.jobs.queued(), idempotencyKey: null };
      await expect(accept(principal, upload(principal.tenant, "words", { key: "out" }), full)).rejects.toMatchObject({ code: "overloaded", retryable: true });
      expect((await bench.ledger.documents.list(principal, { collection: "default", limit: 10, cursor: null })).items.map(({ key }) => key)).toEqual(["in"]);
      expect(await accept(principal, upload(principal.tenant, "words", { key: "in" }), full)).toMatchObject({ duplicate: true });
    });

    test("a key that names a document above the caller's classes makes a separate document", async () => {
      const tenant = freshTenant();
      const all = await accept(holder(tenant, [...allClasses], "key-all"), upload(tenant, "secret"), accepting);
      const limited = await accept(holder(tenant, ["public"], "key-limited"), upload(tenant, "secret"), accepting);
      expect(limited.duplicate).toBe(false);
      expect(limited.document.id).not.toBe(all.document.id);
      expect(await bench.ledger.documents.row(all.document.id)).toMatchObject({ version: 1 });
      const mine = await accept(holder(tenant, ["public"], "key-limited"), upload(tenant, "secret"), accepting);
      expect(mine).toMatchObject({ duplicate: true, document: { id: limited.document.id } });
    });

    test("says which of the documents are erased or about to be", async () => {
      const principal = holder(freshTenant());
      const { document: kept } = await accept(principal, upload(principal.tenant, "words", { key: "kept" }), accepting);
      const { document: going } = await accept(principal, upload(principal.tenant, "words", { key: "going" }), accepting);
      expect(await bench.ledger.documents.gone([kept.id, going.id])).toEqual([]);
      await bench.ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: going.id, name: going.name, kind: "erase" });
      expect(await bench.ledger.documents.gone([kept.id, going.id, "no id"])).toEqual([going.id, "no id"]);
      expect(await bench.ledger.documents.gone([])).toEqual([]);
    });

    test("a document that is being erased takes no upload", async () => {
      const { principal, document } = await acceptOne(bench);
      await bench.ledger.jobs.create({ tenant: principal.tenant, collection: "default", documentId: document.id, name: document.name, kind: "erase" });
      await expect(accept(principal, upload(principal.tenant, "words"), accepting)).rejects.toMatchObject({ code: "conflict", retryable: true });
    });
  });

  describe("what is seen", () => {
    test("until its class is known a document and its job exist for holders of pii only; then for holders of its class", async () => {
      const { documents, jobs } = bench.ledger;
      const tenant = freshTenant();
      const uploader = holder(tenant, ["public", "internal"], "key-1");
      const { document, job } = await acceptOne(bench, {}, uploader);
      const seenBy = async (classes: Parameters<typeof holder>[1]) => {
        const who = holder(tenant, classes);
        const listed = await documents.list(who, { collection: "default", limit: 10, cursor: null });
        const listedJobs = await jobs.list(who, { collection: "default", limit: 10, cursor: null });
        return [await documents.get(who, document.id), listed.items[0], (await documents.collections(who))[0], await jobs.get(who, job.id), listedJobs.items[0]].map((each) => each != null);
      };
      const [yes, no] = [[true, true, true, true, true], [false, false, false, false, false]];
      expect(await seenBy(["public", "internal"])).toEqual(no);
      expect(await seenBy(["pii"])).toEqual(yes);
      await documents.raiseClass(document.id, "internal", [], null);
      expect(await seenBy(["public", "internal"])).toEqual(yes);
      expect(await seenBy(["public"])).toEqual(no);
      expect(await seenBy([])).toEqual(no);
      await documents.raiseClass(document.id, "confidential", [], null);
      expect(await seenBy(["public", "internal"])).toEqual(no);
      expect(await documents.get(holder(freshTenant()), document.id)).toBeNull();
    });

    test("a class rises, never falls, and never below the declared one", async () => {
      const { document } = await acceptOne(bench, { floor: "internal" });
      const raise = async (value: Parameters<typeof bench.ledger.documents.raiseClass>[1]) => {
        await bench.ledger.documents.raiseClass(document.id, value, [], null);
        return (await bench.ledger.documents.row(document.id))!.class;
      };
      expect([await raise("public"), await raise("confidential"), await raise("public"), await raise("pii"), await raise("internal")]).toEqual(["internal", "confidential", "confidential", "pii", "pii"]);
    });

    test("lists come in pages without gaps or repeats, newest first, filtered", async () => {
      const principal = holder(freshTenant());
      for (let count = 0; count < 25; count++) {
        const { document } = await accept(principal, upload(principal.tenant, `words ${count}`, { key: String(count), name: count % 2 ? `Bericht_${count}.PDF` : `notes ${count}.md` }), accepting);
        await bench.ledger.documents.raiseClass(document.id, count % 5 ? "public" : "confidential", [], null);
      }
      const walk = async (who: typeof principal, filter: object = {}) => {
        const keys: string[] = [];
        for (let cursor: string | null = null; ; ) {
          const page = await bench.ledger.documents.list(who, { collection: "default", ...filter, limit: 4, cursor });
          keys.push(...page.items.map(({ key }) => key));
          if ((cursor = page.next) === null) return keys;
        }
      };
      expect(await walk(principal)).toEqual(Array.from({ length: 25 }, (_, place) => String(24 - place)));
      expect(await walk(holder(principal.tenant, ["public"]))).toHaveLength(20);
      expect(await walk(principal, { class: "confidential" })).toEqual(["20", "15", "10", "5", "0"]);
      expect(await walk(holder(principal.tenant, ["public"]), { class: "confidential" })).toEqual([]);
      expect(await walk(principal, { name: "bericht_1" })).toEqual(["19", "17", "15", "13", "11", "1"]);
      expect(await walk(principal, { name: "%" })).toEqual([]);
      expect(await walk(principal, { status: "ready" })).toEqual([]);
      await expect(bench.ledger.documents.list(principal, { collection: "default", limit: 4, cursor: "made up" })).rejects.toMatchObject({ code: "invalid_input" });
    });
  });

  describe("what the pipeline writes", () => {
    test("an update holds while the lease does, and leaves the rest alone", async () => {
      const { document, job } = await acceptOne(bench);
      const lease = (await bench.ledger.jobs.claim(job.id, "worker", 60_000))!;
      await bench.ledger.documents.update(document.id, { status: "processing", language: "de", pages: 3, mediaType: "text/markdown" }, lease);
      expect(await bench.ledger.documents.row(document.id)).toMatchObject({ status: "processing", language: "de", pages: 3, mediaType: "text/markdown", name: "one.txt" });
      const overtaken = { ...lease, number: lease.number - 1 };
      await expect(bench.ledger.documents.update(document.id, { status: "failed" }, overtaken)).rejects.toMatchObject({ code: "conflict" });
      await expect(bench.ledger.documents.raiseClass(document.id, "pii", [], overtaken)).rejects.toMatchObject({ code: "conflict" });
      await expect(bench.ledger.documents.update("00000000-0000-8000-8000-000000000000", { status: "failed" }, null)).rejects.toMatchObject({ code: "not_found" });
    });

    test("an attachment is adopted under its parent, and renewed by the next version", async () => {
      const { principal, document } = await acceptOne(bench);
      const child = { ...upload(principal.tenant, "attached", { key: keyInside("reports/one.txt", "attached.txt"), name: "attached.txt", parentId: document.id }), status: "processing" as const };
      const id = documentId(child.scope, child.key);
      await bench.ledger.documents.adopt({ ...child, id, version: 1 });
      await bench.ledger.documents.adopt({ ...child, id, version: 1 });
      await bench.ledger.documents.adopt({ ...child, id, version: 2, bytes: 99 });
      expect(await bench.ledger.documents.children(document.id)).toMatchObject([{ id, parentId: document.id, version: 2, bytes: 99, classKnown: false }]);
    });
  });
}
