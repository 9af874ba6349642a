import { QdrantClient } from "@qdrant/js-client-rest";
import { afterEach, beforeEach, expect, it } from "vitest";
import { draft, model4 } from "../contracts/plans.ts";
import { everything } from "../contracts/stores.ts";
import { startFaultProxy } from "../servers/fault-proxy.ts";
import { describeOn } from "../servers/real-servers.ts";
import { openQdrantStores, type QdrantStores } from "./qdrant-stores.ts";

const collection = "default";
const vector = [1, 0, 0, 0];

describeOn("qdrant", "documents of one collection that are written to Qdrant at once", (server) => {
  let stores: QdrantStores;
  beforeEach(async () => void (stores = await openQdrantStores(server)));
  afterEach(() => stores.close());
  const plan = (key: string, chunk: { vector?: number[] }) => draft({ key, chunks: [{ text: `The pump ${key} runs.`, ...chunk }] }).plan;
  const write = (some: ReturnType<typeof plan>, { held = async () => {}, by = stores }: { held?: () => Promise<void>; by?: QdrantStores } = {}) => by.qdrant.writer.write([some], new Map([[some.documentId, 1]]), held);
  const erase = (some: ReturnType<typeof plan>) => stores.qdrant.writer.erase([some.documentId]);
  const found = async (): Promise<[texts: number, vectors: number]> => [(await stores.text.search(everything, [collection], new Map([["pump", 1]]), 50, {})).length, await stores.vectors.count(everything, [collection])];

  it("keep their vectors, whichever of two machines made the place", async () => {
    const proxy = await startFaultProxy({ port: Number(new URL(server.url).port) });
    const far = await openQdrantStores({ ...server, url: proxy.through(server.url) }, { collection: stores.options.collection });
    try {
      proxy.slow(40);
      await Promise.all([write(plan("far", { vector }), { by: far }), ...["near", "other"].map((key) => write(plan(key, { vector })))]);
      expect(await found()).toEqual([3, 3]);
    } finally {
      await far.close();
      await proxy.close();
    }
  });

  it("are written, rolled back and erased though a machine stopped between making the place and its indexes", async () => {
    await new QdrantClient({ url: server.url, headers: { "api-key": server.apiKey }, checkCompatibility: false }).createCollection(`${stores.options.collection}-text`, { sparse_vectors: { text: {} }, metadata: { model: null, dimension: null, schemaVersion: 2 } });
    const one = plan("one", {});
    await stores.qdrant.writer.rollBack(one.documentId, 0, 1);
    await write(one);
    expect(await found()).toEqual([1, 0]);
    await erase(one);
    expect(await found()).toEqual([0, 0]);
  });

  it("are found when the first vectors move the texts while one of them is on its way", async () => {
    await write(plan("first", {}));
    await write(plan("late", {}), { held: () => write(plan("moving", { vector })) });
    expect([await found(), await stores.vectors.model("default", collection)]).toEqual([[3, 1], model4]);
    expect(await stores.qdrant.writer.stored(plan("late", {}).documentId)).toMatchObject({ texts: { length: 1 } });
  });

  it("are found with their vectors though all that was there is erased while one is on its way", async () => {
    const last = plan("last", { vector });
    await write(last);
    await write(plan("late", { vector }), { held: () => erase(last) });
    expect([await found(), await stores.vectors.model("default", collection)]).toEqual([[1, 1], model4]);
  });

  it("keep their vectors though the last one that had any is erased meanwhile, and texts stay", async () => {
    const last = plan("last", { vector });
    await write(last);
    await write(plan("text", {}));
    await write(plan("late", { vector }), { held: () => erase(last) });
    expect(await found()).toEqual([2, 1]);
    await erase(plan("late", { vector }));
    expect([await found(), await stores.vectors.model("default", collection)]).toEqual([[1, 0], null]);
    await write(plan("new", { vector }));
    expect(await found()).toEqual([2, 1]);
  });
});
