import { QdrantClient } from "@qdrant/js-client-rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openQdrant } from "../../src/stores/qdrant/open-qdrant.ts";
import type { QdrantOptions } from "../../src/stores/qdrant/options.ts";
import { documentWriterContract } from "../contracts/document-writer.contract.ts";
import { draft, model4, type Draft } from "../contracts/plans.ts";
import { erase, everything, hold, publicOnly, scope, store } from "../contracts/stores.ts";
import { textIndexContract } from "../contracts/text-index.contract.ts";
import { vectorStoreContract } from "../contracts/vector-store.contract.ts";
import { describeOn } from "../servers/real-servers.ts";
import { meanLength } from "./embedded-stores.ts";
import { openQdrantStores, type QdrantStores } from "./qdrant-stores.ts";

/** Weights are 32-bit floats there. */
const digits = 6;
const here = [scope.collection];
const nothing = async () => {};

describeOn("qdrant", "on a Qdrant server", (server) => {
  const open = () => openQdrantStores(server);
  textIndexContract("qdrant", open, digits);
  vectorStoreContract("qdrant", open);
  documentWriterContract("qdrant", open);

  describe("qdrant: a document that is written", () => {
    let stores: QdrantStores;
    beforeEach(async () => void (stores = await open()));
    afterEach(() => stores.close());
    const first: Draft = { key: "pump", chunks: [{ text: "The pump runs.", vector: [1, 0, 0, 0] }, { text: "The turbine stands.", vector: [0, 1, 0, 0] }] };
    const second: Draft = { ...first, chunks: [{ ...first.chunks[0]!, class: "internal" }, { text: "The crane lifts.", vector: [0, 0, 1, 0] }] };
    const found = async (word: string, principal = everything) => (await stores.text.search(principal, here, new Map([[word, 1]]), 10, {})).length;
    const writer = () => stores.qdrant.writer;

    it("shows the old version whole until the commit, then the new one whole", async () => {
      const [old, next] = [draft(first), draft(second)];
      await store(stores, old);
      stores.inFlight.set(old.plan.documentId, 1);
      await writer().write([next.plan], new Map([[next.plan.documentId, 2]]), nothing);
      expect([await found("turbine"), await found("crane"), await stores.vectors.count(everything, here)]).toEqual([1, 0, 2]);
      expect(await found("pump", publicOnly)).toBe(0);
      stores.inFlight.set(old.plan.documentId, 2);
      expect([await found("turbine"), await found("crane"), await stores.vectors.count(everything, here)]).toEqual([0, 1, 2]);
      await writer().settle(next.plan.documentId, 2);
      stores.inFlight.clear();
      expect([await found("turbine"), await found("crane"), await found("pump")]).toEqual([0, 1, 1]);
      expect(await writer().stored(next.plan.documentId)).toEqual({ texts: next.plan.chunks.map(({ id }) => id).toSorted(), vectors: next.plan.chunks.map(({ id }) => id).toSorted() });
    });

    it("goes back to what readers saw when it is given up, and a class falls with the commit only", async () => {
      const [old, next] = [draft({ ...first, class: "internal" }), draft(second)];
      const later = draft({ ...first, chunks: [{ ...first.chunks[0]!, class: "public" }, second.chunks[1]!] });
      await store(stores, old);
      const before = await writer().stored(old.plan.documentId);
      await writer().write([next.plan], new Map([[next.plan.documentId, 2]]), nothing);
      await writer().rollBack(next.plan.documentId, 1, 3);
      expect([await found("turbine"), await found("crane")]).toEqual([1, 0]);
      expect(await writer().stored(old.plan.documentId)).toEqual(before);
      await writer().write([later.plan], new Map([[later.plan.documentId, 3]]), nothing);
      expect(await found("pump", publicOnly)).toBe(0);
      await writer().settle(later.plan.documentId, 3);
      expect(await found("pump", publicOnly)).toBe(1);
    });

    it("keeps what a chunk said before, its headings, date and vector, until the commit, and when the new version is given up", async () => {
      const [old, next] = ["Harbour", "Shipyard"].map((heading, place) => draft({ ...first, date: `202${place}-01-01`, chunks: [{ text: "The pump runs.", headings: [heading], vector: place ? [0, 1, 0, 0] : [1, 0, 0, 0] }] })) as [ReturnType<typeof draft>, ReturnType<typeof draft>];
      const id = old.plan.documentId;
      const seen = async () => {
        const [nearest] = await stores.vectors.search(everything, here, model4, Float32Array.from([1, 0, 0, 0]), 10, {});
        const dated = await stores.text.search(everything, here, new Map([["pump", 1]]), 10, { before: "2020-12-31" });
        expect([nearest!.chunkId, await found("pump"), await stores.vectors.count(everything, here)]).toEqual([old.plan.chunks[0]!.id, 1, 1]);
        return [await found("harbour"), await found("shipyard"), Math.round(nearest!.score), dated.length];
      };
      await store(stores, old);
      const before = await writer().stored(id);
      for (const [revision, shown] of [[2, 1], [3, 3]] as const) {
        stores.inFlight.set(id, 1);
        await writer().write([next.plan], new Map([[id, revision]]), nothing);
        expect(await seen()).toEqual([1, 0, 1, 1]);
        stores.inFlight.set(id, shown);
        if (shown === 1) await writer().rollBack(id, 1, 3);
        else await writer().settle(id, revision);
        stores.inFlight.clear();
        expect(await seen()).toEqual(shown === 1 ? [1, 0, 1, 1] : [0, 1, 0, 0]);
        expect(await writer().stored(id)).toEqual(before);
      }
      const weights = await stores.text.termWeights(everything, [old.plan.chunks[0]!.id], ["shipyard"]);
      expect([...weights.keys()]).toEqual([old.plan.chunks[0]!.id]);
      await stores.vectors.fill("default", "default", model4, new Map([[old.plan.chunks[0]!.id, Float32Array.from([1, 0, 0, 0])]]));
      expect(await seen()).toEqual([0, 1, 1, 0]);
      await writer().write([old.plan], new Map([[id, 4]]), nothing);
      await writer().settle(id, 4);
      expect(await seen()).toEqual([1, 0, 1, 1]);
    });

    it("is not touched by a writer that was overtaken, and what that one wrote late is taken back", async () => {
      const [old, next, late] = [draft(first), draft(second), draft({ ...first, chunks: [{ ...second.chunks[1]!, headings: ["Late"] }, { ...first.chunks[0]!, headings: ["Late"] }, { text: "Too late.", vector: [0, 0, 0, 1] }] })];
      const id = old.plan.documentId;
      await store(stores, old);
      let asked = 0;
      // It is paused after it was told that it still holds the document, and writes when another one has.
      const paused = async () => {
        if (++asked !== 2) return;
        await writer().write([next.plan], new Map([[id, 3]]), nothing);
        await writer().settle(id, 3);
      };
      await writer().write([late.plan], new Map([[id, 2]]), paused);
      expect([await found("crane"), await found("turbine")]).toEqual([1, 0]);
      expect((await stores.text.search(everything, here, new Map([["late", 1]]), 10, {})).map(({ chunkId }) => chunkId)).not.toContain(next.plan.chunks[1]!.id);
      await writer().undo(id, 2);
      expect([await found("late"), await found("crane"), await found("pump")]).toEqual([0, 1, 1]);
      expect(await writer().stored(id)).toEqual({ texts: next.plan.chunks.map((chunk) => chunk.id).toSorted(), vectors: next.plan.chunks.map((chunk) => chunk.id).toSorted() });
      await expect(writer().write([late.plan], new Map([[id, 2]]), nothing)).rejects.toMatchObject({ code: "conflict" });
    });

    it("stops before the next batch when the lease is lost, and the same write again changes nothing", async () => {
      const { plan } = draft(first);
      const { lease } = await hold(stores, plan, "pump");
      expect(lease.number).toBe(1);
      await expect(writer().write([plan], new Map([[plan.documentId, 1]]), () => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
      expect(await found("pump")).toBe(0);
      const revisions = new Map([[plan.documentId, 1]]);
      for (let count = 0; count < 2; count++) await writer().write([plan], revisions, nothing);
      expect(await stores.vectors.count(everything, here)).toBe(2);
    });

    it("leaves nothing when it is erased: no point, no alias", async () => {
      const planned = draft(first);
      await store(stores, planned);
      await erase(stores, planned);
      expect(await Array.fromAsync(writer().documents())).toEqual([]);
      const client = new QdrantClient({ url: server.url, headers: { "api-key": server.apiKey }, checkCompatibility: false });
      const { aliases } = await client.getAliases();
      expect(aliases.filter((each) => each.alias_name.startsWith(stores.options.collection))).toEqual([]);
    });
  });

  const quantizations: Record<QdrantOptions["quantization"], object | null> = { scalar: { scalar: { type: "int8", always_ram: true } }, binary: { binary: { always_ram: true } }, none: null };
  it.each(Object.entries(quantizations) as [QdrantOptions["quantization"], object | null][])("a collection is made for its vectors, %s quantization, with texts on disk and an index for all that is filtered by", async (quantization, wanted) => {
    const stores = await openQdrantStores(server, { quantization });
    await store(stores, draft({ key: "pump", chunks: [{ text: "The pump runs.", vector: [1, 0, 0, 0] }] }));
    const client = new QdrantClient({ url: server.url, headers: { "api-key": server.apiKey }, checkCompatibility: false });
    const name = (await client.getCollections()).collections.map((each) => each.name).find((each) => each.startsWith(`${stores.options.collection}-dense-`))!;
    const { config, payload_schema: indexes } = await client.getCollection(name);
    expect([Object.values(config.params.vectors!), config.params.on_disk_payload, config.quantization_config]).toEqual([[expect.objectContaining({ size: 4, distance: "Cosine", on_disk: true })], true, wanted]);
    expect(Object.keys(indexes).toSorted()).toEqual(["class", "collection", "date", "document", "fence", "kind", "mediaType", "nextClass", "nextSince", "since", "tenant", "until", "words"]);
    expect(indexes["tenant"]!.params).toMatchObject({ type: "keyword", is_tenant: true });
    await stores.close();
  });

  it("a change of the model moves the texts and switches at once, and texts written without a model are found with one", async () => {
    const stores = await open();
    await store(stores, draft({ key: "plain", chunks: [{ text: "A plain pump." }] }));
    await store(stores, draft({ key: "vector", chunks: [{ text: "A pump with a vector.", vector: [1, 0, 0, 0] }] }));
    const { idf } = await stores.text.idf(everything, here, ["pump"]);
    expect(await stores.text.search(everything, here, idf, 10, {})).toHaveLength(2);
    expect(await stores.vectors.model("default", "default")).toEqual(model4);
    await stores.vectors.reset("default", "default", { name: "new", dimension: 3 });
    expect(await stores.text.search(everything, here, idf, 10, {})).toHaveLength(2);
    expect(await stores.vectors.missing("default", "default", { name: "new", dimension: 3 }, 10)).toHaveLength(2);
    await stores.close();
  });

  it("another installation, whose name begins like this one's, is not looked into", async () => {
    const stores = await open();
    const other = await openQdrantStores(server, { collection: `${stores.options.collection}-2` });
    await store(other, draft({ key: "pump", chunks: [{ text: "The pump runs.", vector: [1, 0, 0, 0] }] }));
    expect(await Array.fromAsync(other.qdrant.writer.documents())).toHaveLength(1);
    expect(await Array.fromAsync(stores.qdrant.writer.documents())).toEqual([]);
    await other.close();
    await stores.close();
  });

  it("a wrong key and an address where nothing listens name their keys", async () => {
    const stores = await open();
    const parts = { meanLength, termCounts: { idf: stores.text.idf }, readInFlight: async () => ({ open: new Map(), ended: new Map() }) };
    await expect(openQdrant({ ...stores.options, apiKey: "wrong" }, parts)).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.vectors.apiKey") });
    await expect(openQdrant({ ...stores.options, url: "http://127.0.0.1:9" }, parts)).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.vectors.url") });
    await stores.close();
  });
});
