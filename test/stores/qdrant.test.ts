import { QdrantClient } from "@qdrant/js-client-rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openQdrant } from "../../src/stores/qdrant/open-qdrant.ts";
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
      await writer().rollBack(next.plan.documentId, 1);
      expect([await found("turbine"), await found("crane")]).toEqual([1, 0]);
      expect(await writer().stored(old.plan.documentId)).toEqual(before);
      await writer().write([later.plan], new Map([[later.plan.documentId, 3]]), nothing);
      expect(await found("pump", publicOnly)).toBe(0);
      await writer().settle(later.plan.documentId, 3);
      expect(await found("pump", publicOnly)).toBe(1);
    });

    it("is not touched by a writer that was overtaken, and what that one wrote late is taken back", async () => {
      const [old, next, late] = [draft(first), draft(second), draft({ ...first, chunks: [{ ...second.chunks[1]!, headings: ["Late"] }, { text: "Too late.", vector: [0, 0, 0, 1] }] })];
      const id = old.plan.documentId;
      await store(stores, old);
      await writer().write([next.plan], new Map([[id, 3]]), nothing);
      await writer().settle(id, 3);
      const before = await writer().stored(id);
      await writer().write([late.plan], new Map([[id, 2]]), nothing);
      expect(await found("late")).toBe(1);
      await writer().undo(id, 2);
      expect([await found("late"), await found("crane"), await found("pump")]).toEqual([0, 1, 1]);
      expect(await writer().stored(id)).toEqual(before);
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

  it("a wrong key and an address where nothing listens name their keys", async () => {
    const stores = await open();
    const parts = { meanLength, termCounts: { idf: stores.text.idf }, readInFlight: async () => new Map() };
    await expect(openQdrant({ ...stores.options, apiKey: "wrong" }, parts)).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.vectors.apiKey") });
    await expect(openQdrant({ ...stores.options, url: "http://127.0.0.1:9" }, parts)).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.vectors.url") });
    await stores.close();
  });
});
