import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draft, entityOf, type Draft } from "./plans.ts";
import { erase, everything, hold, publicOnly, scope, store, type OpenStores, type Stores } from "./stores.ts";

const here = [scope.collection];
const company: Draft = {
  key: "company",
  chunks: [
    { text: "Nordlicht builds pumps.", headings: ["About"], vector: [1, 0, 0, 0], mentions: ["Nordlicht||a maker"] },
    { text: "Ada Lund runs it.", vector: [0, 1, 0, 0], mentions: ["Ada Lund", "Nordlicht"], statements: ["[Nordlicht] EMPLOYS [Ada Lund]"] },
  ],
};

/** What every `DocumentWriter` promises, seen through the stores. */
export function documentWriterContract(name: string, open: OpenStores): void {
  describe(`document writer: ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => void (stores = await open()));
    afterEach(() => stores.close());

    const finds = async (word: string) => {
      const { idf } = await stores.text.idf(everything, here, [word]);
      return (await stores.text.search(everything, here, idf, 10, {})).length;
    };

    it("makes a document visible in every store at once, with its ledger row", async () => {
      const planned = draft(company);
      await store(stores, planned);
      expect(await finds("pumps")).toBe(1);
      expect(await stores.vectors.count(everything, here)).toBe(2);
      expect(await stores.knowledge.counts(everything, here)).toEqual({ chunks: 2, entities: 2, relations: 1 });
      expect(await stores.ledger.documents.row(planned.plan.documentId)).toMatchObject({ status: "ready", counts: { chunks: 2, entities: 2, relations: 1 } });
    });

    it("replaces only what changed and removes what vanished", async () => {
      await store(stores, draft(company));
      const edited = draft({ ...company, chunks: [{ text: "A new beginning." }, { ...company.chunks[0]!, headings: ["Who we are"], class: "internal" }] });
      await store(stores, edited);
      const chunks = await stores.knowledge.documentChunks(everything, edited.plan.documentId, 10, null);
      expect(chunks.items).toEqual(edited.plan.chunks);
      expect(await finds("who")).toBe(1);
      for (const gone of ["about", "runs"]) expect(await finds(gone)).toBe(0);
      expect(await stores.knowledge.aboutNames(everything, here, ["about", "who we are"])).toEqual(["who we are"]);
      expect(await stores.knowledge.aboutNames(publicOnly, here, ["who we are"])).toEqual([]);
      expect(await stores.knowledge.entity(everything, entityOf("Ada Lund"))).toBeNull();
      expect(await stores.knowledge.entity(everything, entityOf("Nordlicht"))).toMatchObject({ class: "internal", mentionCount: 1 });
      expect(await stores.vectors.count(everything, here)).toBe(1);
      expect(await stores.vectors.count(publicOnly, here)).toBe(0);
      expect(await stores.knowledge.counts(publicOnly, here)).toEqual({ chunks: 1, entities: 0, relations: 0 });
    });

    it("writes nothing at all once the lease is lost", async () => {
      const { key, plan } = draft(company);
      const { lease, version, jobId } = await hold(stores, plan, key);
      const overtaken = { jobId, number: lease.number - 1 };
      await expect(stores.writer.replace([{ ...plan, version }], overtaken)).rejects.toMatchObject({ code: "conflict" });
      await expect(stores.writer.erase(plan.documentId, overtaken)).rejects.toMatchObject({ code: "conflict" });
      await expect(stores.writer.raiseClass(plan.documentId, "pii", overtaken)).rejects.toMatchObject({ code: "conflict" });
      expect(await finds("pumps")).toBe(0);
      expect(await stores.knowledge.counts(everything, here)).toEqual({ chunks: 0, entities: 0, relations: 0 });
    });

    it("refuses a plan that points outside itself", async () => {
      const { key, plan } = draft(company);
      const { lease, version } = await hold(stores, plan, key);
      const wrong = [
        { ...plan, mentions: [] },
        { ...plan, chunks: plan.chunks.slice(1) },
        { ...plan, chunks: [...plan.chunks, plan.chunks[0]!] },
        { ...plan, chunks: plan.chunks.map((chunk) => ({ ...chunk, documentId: "other" })) },
      ];
      for (const each of wrong) await expect(stores.writer.replace([{ ...each, version }], lease)).rejects.toMatchObject({ code: "internal" });
    });

    it("raises the class of everything stored at once and lets no row fall", async () => {
      const planned = draft({ ...company, chunks: [{ ...company.chunks[0]!, class: "pii" }, company.chunks[1]!], merges: [{ a: "Nordlicht", b: "Ada Lund" }] });
      await store(stores, planned);
      await stores.writer.raiseClass(planned.plan.documentId, "confidential", null);
      const classes = (await stores.knowledge.documentChunks(everything, planned.plan.documentId, 10, null)).items.map((each) => each.class);
      expect(classes).toEqual(["pii", "confidential"]);
      expect(await stores.knowledge.counts(publicOnly, here)).toEqual({ chunks: 0, entities: 0, relations: 0 });
      expect((await stores.text.idf(publicOnly, here, ["runs"])).count).toBe(0);
      expect((await stores.text.idf(everything, here, ["runs"])).idf.size).toBe(1);
      expect(await stores.vectors.count(publicOnly, here)).toBe(0);
      expect((await stores.knowledge.documentRecords(planned.plan.documentId)).merges.map((each) => each.class)).toEqual(["confidential"]);
    });

    it("keeps no mention or statement below the class of its chunk", async () => {
      const { key, plan } = draft({ ...company, class: "pii" });
      await store(stores, { key, plan: { ...plan, mentions: plan.mentions.map((each) => ({ ...each, class: "public" as const })) } });
      expect((await stores.knowledge.counts(publicOnly, here)).entities).toBe(0);
    });

    it("keeps a merge while both things are mentioned somewhere, whoever mentions them", async () => {
      const other = draft({ key: "other", chunks: [{ text: "NL is Nordlicht.", mentions: ["NL"] }], merges: [{ a: "NL", b: "Nordlicht" }] });
      await store(stores, draft(company));
      await store(stores, other);
      expect((await stores.knowledge.entity(everything, entityOf("NL")))!.mentionCount).toBe(3);
      // Every mention of the company document is new, yet the thing never ceased to be.
      await store(stores, draft({ ...company, chunks: company.chunks.map((chunk) => ({ ...chunk, text: `${chunk.text} Still.` })) }));
      expect((await stores.knowledge.entity(everything, entityOf("NL")))!.mentionCount).toBe(3);
      await erase(stores, draft(company));
      expect((await stores.knowledge.documentRecords(other.plan.documentId)).merges).toEqual([]);
      expect((await stores.knowledge.entity(everything, entityOf("NL")))!.mentionCount).toBe(1);
    });

    it("erases a document with its children and says which they and their jobs were", async () => {
      const mail = draft(company);
      const attachment = draft({ key: "company/attachment", chunks: [{ text: "attached words", mentions: ["Attached"] }], parentId: mail.plan.documentId });
      const { lease, version, jobId } = await hold(stores, mail.plan, mail.key);
      const upload = { scope, key: attachment.key, name: "a.md", mediaType: "text/markdown", bytes: 1, sha256: "0".repeat(64), floor: "public" as const, parentId: mail.plan.documentId, kind: "ingest" as const };
      await stores.ledger.documents.adopt({ ...upload, id: attachment.plan.documentId, version: 1, status: "processing" });
      await stores.writer.replace([{ ...mail.plan, version }, attachment.plan], lease);
      await stores.ledger.jobs.finish(lease, "done", {});
      expect(await finds("attached")).toBe(1);
      const erased = await erase(stores, mail);
      expect(erased.documentIds.toSorted()).toEqual([mail.plan.documentId, attachment.plan.documentId].toSorted());
      expect(erased.jobIds).toContain(jobId);
      expect(await finds("attached")).toBe(0);
      expect(await stores.knowledge.counts(everything, here)).toEqual({ chunks: 0, entities: 0, relations: 0 });
      expect(await stores.ledger.documents.row(attachment.plan.documentId)).toBeNull();
    });
  });
}
