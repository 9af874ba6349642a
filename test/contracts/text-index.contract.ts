import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draft } from "./plans.ts";
import { erase, everything, publicOnly, scope, seeing, store, type OpenStores, type Stores } from "./stores.ts";

/** What every `TextIndex` promises. `digits`: after the point, of what the driver keeps of a weight. */
export function textIndexContract(name: string, open: OpenStores, digits = 12): void {
  describe(`text index: ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => void (stores = await open()));
    afterEach(() => stores.close());

    const here = [scope.collection];
    const memo = draft({ key: "memo", chunks: [{ text: "The pump in Kiel runs.", headings: ["Pumps"] }, { text: "The turbine in Kiel stands still." }, { text: "Nothing of note." }] });
    const secret = draft({ key: "secret", class: "pii", chunks: [{ text: "The pump of Ada Lund is broken." }, { text: "Kiel, Kiel, Kiel." }] });
    const [pump, turbine] = memo.plan.chunks.map((chunk) => chunk.id);

    async function search(words: string[], principal = everything, limit = 10, filters = {}) {
      const { idf } = await stores.text.idf(principal, here, words);
      return stores.text.search(principal, here, idf, limit, filters);
    }

    it("scores with BM25 over headings and text", async () => {
      await store(stores, memo);
      const { count, idf } = await stores.text.idf(everything, here, ["pump", "kiel", "absent"]);
      expect(count).toBe(3);
      expect(idf.get("kiel")).toBeCloseTo(Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5)), 12);
      expect(idf.has("absent")).toBe(false);
      const [best] = await search(["pump", "kiel"]);
      // One heading word and five of the text, against a mean of ten.
      const weight = 2.2 / (1 + 1.2 * (0.25 + (0.75 * 6) / 10));
      expect(best!.chunkId).toBe(pump);
      expect(best!.score).toBeCloseTo(weight * (idf.get("pump")! + idf.get("kiel")!), Math.min(9, digits));
      const weights = await stores.text.termWeights(everything, [pump!, turbine!], ["kiel", "turbine", "absent"]);
      expect(weights.get(pump!)!.get("kiel")).toBeCloseTo(weight, digits);
      expect([...weights.get(turbine!)!.keys()].sort()).toEqual(["kiel", "turbine"]);
    });

    it("gives the same ranking whether or not hidden texts are there", async () => {
      await store(stores, memo);
      const before = await search(["pump", "kiel"], publicOnly);
      await store(stores, secret);
      expect(await search(["pump", "kiel"], publicOnly)).toEqual(before);
      expect((await stores.text.idf(publicOnly, here, ["lund"])).idf.size).toBe(0);
      expect(await stores.text.phrases(publicOnly, here, [["ada", "lund"]], 10)).toEqual([{ chunkIds: [], total: 0 }]);
      expect((await stores.text.termWeights(publicOnly, secret.plan.chunks.map((chunk) => chunk.id), ["pump"])).size).toBe(0);
      expect(await search(["pump"], everything)).toHaveLength(2);
    });

    it("keeps other tenants and collections apart", async () => {
      await store(stores, draft({ key: "memo", scope: { tenant: "other", collection: "default" }, chunks: [{ text: "pump pump" }] }));
      await store(stores, draft({ key: "memo", scope: { tenant: "default", collection: "second" }, chunks: [{ text: "pump again" }] }));
      await store(stores, memo);
      expect(await search(["pump"])).toHaveLength(1);
      expect((await stores.text.idf(everything, ["default", "second"], ["pump"])).count).toBe(4);
      expect((await stores.text.idf(seeing(["public"], "nobody"), here, ["pump"])).count).toBe(0);
    });

    it("is exact when frequent words are cut short", async () => {
      const texts = Array.from({ length: 60 }, (_, place) => `the of ${place % 7 === 0 ? "rare" : "the"} ${place % 3 === 0 ? "word" : "of"} number${place}`);
      await store(stores, draft({ key: "many", chunks: texts.map((text) => ({ text })) }));
      const all = await search(["the", "of", "rare", "word"], everything, 1000);
      expect(all).toHaveLength(60);
      const few = await search(["the", "of", "rare", "word"], everything, 5);
      expect(few.map((each) => each.chunkId)).toEqual(all.slice(0, 5).map((each) => each.chunkId));
      for (const [place, each] of few.entries()) expect(each.score).toBeCloseTo(all[place]!.score, Math.min(9, digits));
    });

    it("obeys filters on documents, formats, dates and classes", async () => {
      const old = draft({ key: "old", date: "1999-12-31", mediaType: "text/html", chunks: [{ text: "pump of old" }] });
      await store(stores, memo);
      await store(stores, old);
      await store(stores, secret);
      const found = async (filters: object) => (await search(["pump"], everything, 10, filters)).map((each) => each.chunkId);
      expect(await found({ documents: [old.plan.documentId] })).toEqual([old.plan.chunks[0]!.id]);
      expect(await found({ mediaTypes: ["text/html"] })).toEqual([old.plan.chunks[0]!.id]);
      expect(await found({ before: "1999-12-31" })).toEqual([old.plan.chunks[0]!.id]);
      expect(await found({ after: "2000-01-01", classes: ["pii"] })).toEqual([secret.plan.chunks[0]!.id]);
      expect(await found({ documents: ["no id"] })).toEqual([]);
    });

    it("finds words only where they stand one after the other, never across a heading", async () => {
      await store(stores, draft({ key: "films", chunks: [{ text: "Kiss and Tell is a film", headings: ["Kiss", "and tell"] }, { text: "tell and kiss", headings: ["Kiss"] }, { text: "O'Brien's tell-all: kiss and tell!" }] }));
      const totals = (await stores.text.phrases(everything, here, [["kiss", "and", "tell"], ["o", "brien"], ["kis"], [], Array.from({ length: 31 }, (_, at) => `kiss${at}`)], 10)).map(({ total }) => total);
      expect(totals).toEqual([2, 1, 0, 0, 0]);
      expect((await stores.text.phrases(everything, here, [["kiss", "and", "tell"]], 1))[0]!.chunkIds).toHaveLength(1);
    });

    it("forgets erased texts in every count", async () => {
      await store(stores, memo);
      const before = await stores.text.idf(everything, here, ["pump", "kiel", "lund"]);
      await store(stores, secret);
      await erase(stores, secret);
      expect(await stores.text.idf(everything, here, ["pump", "kiel", "lund"])).toEqual(before);
    });
  });
}
