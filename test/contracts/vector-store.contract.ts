import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draft, model4 } from "./plans.ts";
import { erase, everything, publicOnly, scope, store, type OpenStores, type Stores } from "./stores.ts";

/** What every `VectorStore` promises. */
export function vectorStoreContract(name: string, open: OpenStores): void {
  describe(`vector store: ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => void (stores = await open()));
    afterEach(() => stores.close());

    const here = [scope.collection];
    const axes = draft({ key: "axes", chunks: [{ text: "east", vector: [1, 0, 0, 0] }, { text: "north", vector: [0, 1, 0, 0] }, { text: "north east", vector: [2, 2, 0, 0] }] });
    const [east, north, northEast] = axes.plan.chunks.map((chunk) => chunk.id);
    const hidden = draft({ key: "hidden", class: "confidential", chunks: [{ text: "hidden east", vector: [1, 0.01, 0, 0] }] });
    const eastward = Float32Array.from([3, 0, 0, 0]);

    it("ranks by cosine", async () => {
      await store(stores, axes);
      const found = await stores.vectors.search(everything, here, model4, eastward, 10, {});
      expect(found.map((each) => each.chunkId)).toEqual([east, northEast, north]);
      expect(found[0]!.score).toBeCloseTo(1, 5);
      expect(found[1]!.score).toBeCloseTo(Math.SQRT1_2, 5);
      expect(await stores.vectors.search(everything, here, model4, eastward, 1, {})).toHaveLength(1);
      expect(await stores.vectors.search(everything, ["other"], model4, eastward, 1, {})).toEqual([]);
    });

    it("shows a caller nothing above its classes, nor what filters leave out", async () => {
      await store(stores, axes);
      await store(stores, hidden);
      expect(await stores.vectors.count(everything, here)).toBe(4);
      expect(await stores.vectors.count(publicOnly, here)).toBe(3);
      expect((await stores.vectors.search(publicOnly, here, model4, eastward, 10, {})).map((each) => each.chunkId)).toEqual([east, northEast, north]);
      expect((await stores.vectors.search(everything, here, model4, eastward, 10, { documents: [hidden.plan.documentId] })).map((each) => each.chunkId)).toEqual([hidden.plan.chunks[0]!.id]);
      expect(await stores.vectors.search(everything, here, model4, eastward, 10, { after: "2030-01-01" })).toEqual([]);
    });

    it("refuses another model and names reindex", async () => {
      await store(stores, axes);
      const other = { name: "other", dimension: 4 };
      await expect(stores.vectors.search(everything, here, other, eastward, 1, {})).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("sluice reindex") });
      await expect(stores.vectors.search(everything, here, model4, Float32Array.from([1]), 1, {})).rejects.toMatchObject({ code: "conflict" });
      await expect(store(stores, draft({ key: "late", model: other, chunks: [{ text: "late", vector: [1, 0, 0, 0] }] }))).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("sluice reindex") });
      expect(await stores.vectors.model("default", "default")).toEqual(model4);
    });

    it("fills what is missing after a change of the model", async () => {
      await store(stores, axes);
      const other = { name: "other", dimension: 2 };
      await stores.vectors.reset("default", "default", other);
      expect(await stores.vectors.model("default", "default")).toEqual(other);
      expect(await stores.vectors.count(everything, here)).toBe(0);
      expect((await stores.vectors.missing("default", "default", other, 10)).sort()).toEqual([east, north, northEast].sort());
      const gone = draft({ key: "gone", chunks: [{ text: "gone" }] }).plan.chunks[0]!.id;
      await stores.vectors.fill("default", "default", other, new Map([[east!, Float32Array.from([1, 0])], [gone, Float32Array.from([1, 1])]]));
      expect(await stores.vectors.missing("default", "default", other, 10)).toHaveLength(2);
      expect((await stores.vectors.search(everything, here, other, Float32Array.from([1, 0]), 10, {})).map((each) => each.chunkId)).toEqual([east]);
    });

    it("has no model while there are no vectors", async () => {
      await store(stores, draft({ key: "plain", chunks: [{ text: "plain" }] }));
      expect(await stores.vectors.model("default", "default")).toBeNull();
      await store(stores, axes);
      await erase(stores, axes);
      expect(await stores.vectors.model("default", "default")).toBeNull();
    });
  });
}
