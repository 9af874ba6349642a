import { QdrantClient } from "@qdrant/js-client-rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startQdrant, type QdrantServer } from "./qdrant.ts";
import { ownName } from "./real-servers.ts";
import { whyMissing } from "./server-cache.ts";

const missing = whyMissing("qdrant");
const ids = Array.from({ length: 6 }, (_, index) => `0191a2b3-c4d5-8e6f-8123-00000000000${index}`);
const dense = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.9, 0.1, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1]];

describe.skipIf(missing)(`the local-mode Qdrant${missing ? ` (${missing})` : ""}`, () => {
  let server: QdrantServer;
  let client: QdrantClient;
  const answerOf = async (path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${server.url}${path}`, { ...init, headers: { "api-key": server.apiKey, "content-type": "application/json", ...init.headers } });
    return { status: response.status, text: await response.text() };
  };
  const errorOf = async (call: Promise<unknown>): Promise<{ status?: number; data?: { status: { error: string } } }> => call.then(() => ({}), (error: object) => error);

  beforeAll(async () => {
    server = await startQdrant();
    client = new QdrantClient({ url: server.url, apiKey: server.apiKey });
  });
  afterAll(() => server?.stop());

  async function createCollection(): Promise<string> {
    const name = ownName();
    await client.createCollection(name, { vectors: { dense: { size: 4, distance: "Cosine", on_disk: true } }, sparse_vectors: { text: {} }, on_disk_payload: true, quantization_config: { scalar: { type: "int8", always_ram: true } } });
    await client.createPayloadIndex(name, { field_name: "tenant", field_schema: { type: "keyword", is_tenant: true }, wait: true });
    await client.createPayloadIndex(name, { field_name: "since", field_schema: "integer", wait: true });
    const upserted = await client.upsert(name, {
      wait: true,
      points: dense.map((vector, index) => ({ id: ids[index]!, vector: { dense: vector, text: { indices: [index, 100], values: [1, 0.5 + index] } }, payload: { tenant: index < 3 ? "a" : "b", since: index, kind: "text" } })),
    });
    expect(upserted.status).toBe("completed");
    return name;
  }

  test("shows a collection as it was created, with its payload indexes", async () => {
    const name = await createCollection();
    const info = await client.getCollection(name);
    expect(info.points_count).toBe(6);
    expect(info.config.params.vectors).toEqual({ dense: { size: 4, distance: "Cosine", on_disk: true } });
    expect(info.config.quantization_config).toEqual({ scalar: { type: "int8", always_ram: true } });
    expect(info.config.strict_mode_config).toMatchObject({ enabled: true, unindexed_filtering_retrieve: false });
    expect(info.payload_schema.tenant).toMatchObject({ data_type: "keyword", params: { is_tenant: true } });
    await client.updateCollection(name, { quantization_config: { binary: { always_ram: true } }, vectors: { dense: { on_disk: false } } });
    const changed = await client.getCollection(name);
    expect(changed.config.quantization_config).toEqual({ binary: { always_ram: true } });
    expect(changed.config.params.vectors).toEqual({ dense: { size: 4, distance: "Cosine", on_disk: false } });
  });

  test("has every index of several that were made at once", async () => {
    const name = await createCollection();
    const fields = ["one", "two", "three", "four", "five", "six"];
    await Promise.all(fields.map((field) => client.createPayloadIndex(name, { field_name: field, field_schema: "keyword", wait: true })));
    expect(Object.keys((await client.getCollection(name)).payload_schema).toSorted()).toEqual([...fields, "since", "tenant"].toSorted());
  });

  test("searches dense, sparse and fused, by vector and by id, with filters inside", async () => {
    const name = await createCollection();
    const filter = { must: [{ key: "tenant", match: { value: "b" } }, { key: "since", range: { gte: 3 } }] };
    const found = await client.query(name, { query: [1, 0, 0, 0], using: "dense", filter, limit: 2, with_payload: ["since"] });
    expect(found.points.map(({ id, payload }) => [id, payload])).toEqual([[ids[3], { since: 3 }], [ids[4], { since: 4 }]]);
    const sparse = await client.query(name, { query: { indices: [100], values: [2] }, using: "text", limit: 3 });
    expect(sparse.points.map(({ id, score }) => [id, score])).toEqual([[ids[5], 11], [ids[4], 9], [ids[3], 7]]);
    const fused = await client.query(name, {
      prefetch: [{ query: [0, 1, 0, 0], using: "dense", limit: 3, filter }, { query: { indices: [100], values: [1] }, using: "text", limit: 3, filter }],
      query: { fusion: "rrf" },
      limit: 3,
    });
    expect(fused.points.map(({ id }) => id)).toEqual([ids[4], ids[5], ids[3]]);
    const [near] = await client.queryBatch(name, { searches: [{ query: ids[0]!, using: "dense", limit: 1 }] });
    expect(near!.points[0]!.id).toBe(ids[3]);
  });

  test("retrieves, counts, scrolls in order, sets payload, deletes by filter", async () => {
    const name = await createCollection();
    expect((await client.retrieve(name, { ids: [ids[2]!], with_vector: true }))[0]).toMatchObject({ id: ids[2], payload: { since: 2 }, vector: { dense: [0, 0, 1, 0] } });
    expect(await client.count(name, { filter: { must: [{ key: "tenant", match: { any: ["a"] } }] }, exact: true })).toEqual({ count: 3 });
    const page = await client.scroll(name, { order_by: { key: "since", direction: "desc" }, limit: 2, with_payload: false });
    expect(page.points.map(({ id }) => id)).toEqual([ids[5], ids[4]]);
    const first = await client.scroll(name, { limit: 4 });
    expect(await client.scroll(name, { limit: 4, offset: first.next_page_offset })).toMatchObject({ points: [{ id: ids[4] }, { id: ids[5] }], next_page_offset: null });
    await client.setPayload(name, { wait: true, payload: { until: 7 }, filter: { must: [{ key: "since", match: { value: 1 } }] } });
    expect((await client.retrieve(name, { ids: [ids[1]!] }))[0]!.payload).toEqual({ tenant: "a", since: 1, kind: "text", until: 7 });
    await client.delete(name, { wait: true, filter: { must: [{ key: "tenant", match: { value: "a" } }] } });
    expect((await client.scroll(name, { limit: 10 })).points.map(({ id }) => id)).toEqual(ids.slice(3));
    await client.delete(name, { wait: true, points: [ids[3]!] });
    expect((await client.getCollection(name)).points_count).toBe(2);
  });

  test("leaves a point alone that the update filter does not match, and takes new ones", async () => {
    const name = await createCollection();
    const point = (index: number, since: number) => ({ id: ids[index] ?? "0191a2b3-c4d5-8e6f-8123-0000000000ff", vector: { dense: [1, 1, 1, 1] }, payload: { since } });
    await client.upsert(name, { wait: true, points: [point(0, 50), point(5, 50), point(9, 50)], update_filter: { must: [{ key: "since", range: { lt: 3 } }] } });
    const after = await client.retrieve(name, { ids: [ids[0]!, ids[5]!, point(9, 0).id] });
    expect(Object.fromEntries(after.map(({ id, payload }) => [id, payload!.since]))).toEqual({ [ids[0]!]: 50, [ids[5]!]: 5, [point(9, 0).id]: 50 });
  });

  test("switches an alias at once and answers under it", async () => {
    const [before, after, alias] = [await createCollection(), await createCollection(), ownName("alias")];
    await client.updateCollectionAliases({ actions: [{ create_alias: { alias_name: alias, collection_name: before } }] });
    await client.delete(after, { wait: true, points: [ids[0]!] });
    await client.updateCollectionAliases({ actions: [{ delete_alias: { alias_name: alias } }, { create_alias: { alias_name: alias, collection_name: after } }] });
    expect((await client.getAliases()).aliases).toContainEqual({ alias_name: alias, collection_name: after });
    expect(await client.count(alias, { filter: { must: [{ key: "since", range: { gte: 0 } }] } })).toEqual({ count: 5 });
    await client.deleteCollection(after);
    expect((await client.getCollectionAliases(before)).aliases).toEqual([]);
    expect(await client.collectionExists(alias)).toEqual({ exists: false });
  });

  test("refuses filters and orders without a payload index that can serve them", async () => {
    const name = await createCollection();
    const filters = [
      { must: [{ key: "kind", match: { value: "text" } }] },
      { must: [{ should: [{ key: "kind", match: { value: "text" } }, { has_id: [ids[0]!] }] }] },
      { must_not: [{ key: "since", match: { value: "text" } }] },
      { must: [{ is_empty: { key: "kind" } }] },
      { must: [{ key: "tenant", range: { gt: 1 } }] },
    ];
    for (const filter of filters) {
      const calls = [
        client.count(name, { filter }),
        client.scroll(name, { filter }),
        client.query(name, { filter }),
        client.query(name, { prefetch: [{ filter, query: [1, 0, 0, 0], using: "dense" }], query: { fusion: "rrf" } }),
        client.delete(name, { filter }),
        client.setPayload(name, { payload: {}, filter }),
      ];
      for (const error of await Promise.all(calls.map(errorOf))) {
        expect(error).toMatchObject({ status: 400, data: { status: { error: expect.stringContaining("Index required but not found for") } } });
      }
    }
    expect(await errorOf(client.scroll(name, { order_by: "kind" }))).toMatchObject({ status: 400, data: { status: { error: expect.stringContaining("No range index for `order_by` key: `kind`") } } });
    expect(await client.count(name, { filter: { must: [{ has_id: [ids[0]!] }, { is_empty: { key: "tenant" } }] } })).toEqual({ count: 0 });
    await client.deletePayloadIndex(name, "since", { wait: true });
    expect(await errorOf(client.scroll(name, { order_by: "since" }))).toMatchObject({ status: 400 });
  });

  test("answers 400 that names the mistake to what the description does not have", async () => {
    const name = await createCollection();
    const post = (path: string, body: unknown, method = "POST") => answerOf(`/collections/${name}${path}`, { method, body: JSON.stringify(body) });
    const mistakes: [Promise<{ status: number; text: string }>, string][] = [
      [post("/points/query", { query: [1, 0, 0, 0], using: "dense", with_paylod: true }), "with_paylod"],
      [post("/points/scroll", { limit: "ten" }), "/limit must be integer"],
      [post("/points/count", { filter: { must: [{ key: "since", mach: { value: 1 } }] } }), "mach"],
      [post("/points?wait=perhaps", { points: [] }, "PUT"), "/wait must be boolean"],
      [post("/points?wiat=true", { points: [] }, "PUT"), "wiat"],
      [post("/points", { points: [{ id: "not an id", vector: { dense: [1, 0, 0, 0] } }] }, "PUT"), "uuid"],
      [post("/points", { points: [{ id: 1, vector: { dense: [1, 0] } }] }, "PUT"), "expected dim: 4, got 2"],
      [post("/points", { points: [{ id: 1, vector: { other: [1, 0, 0, 0] } }] }, "PUT"), "Not existing vector name error: other"],
      [answerOf(`/collections/${name}/points/count`, { method: "POST", body: "{" }), "Format error in JSON body"],
    ];
    for (const [answer, told] of mistakes) {
      const { status, text } = await answer;
      expect([status, JSON.parse(text).status.error]).toEqual([400, expect.stringContaining(told)]);
    }
    expect((await client.getCollection(name)).points_count).toBe(6);
  });

  test("answers 401, 404, 409 and 501 as the real server does", async () => {
    const wrong = await answerOf("/collections", { headers: { "api-key": "wrong" } });
    expect(wrong).toEqual({ status: 401, text: "Invalid API key or JWT" });
    expect(await errorOf(new QdrantClient({ url: server.url, apiKey: "wrong", checkCompatibility: false }).getCollections())).toMatchObject({ status: 401 });
    expect(await errorOf(client.getCollection("absent"))).toMatchObject({ status: 404, data: { status: { error: "Not found: Collection `absent` doesn't exist!" } } });
    expect(await errorOf(client.upsert("absent", { points: [{ id: 1, vector: [1] }] }))).toMatchObject({ status: 404 });
    const name = await createCollection();
    expect(await errorOf(client.createCollection(name, { vectors: { size: 4, distance: "Dot" } }))).toMatchObject({ status: 409 });
    expect(await errorOf(client.setPayload(name, { payload: { a: 1 }, points: [7] }))).toMatchObject({ status: 404 });
    expect((await answerOf("/snapshots")).status).toBe(501);
    expect((await answerOf("/healthz", { headers: { "api-key": "" } })).text).toBe("healthz check passed");
  });

  test("keeps points, indexes and aliases when it is killed, and integers up to 2^53 - 1", async () => {
    const [name, alias] = [await createCollection(), ownName("alias")];
    await client.updateCollectionAliases({ actions: [{ create_alias: { alias_name: alias, collection_name: name } }] });
    await client.setPayload(name, { wait: true, payload: { since: Number.MAX_SAFE_INTEGER }, points: [ids[0]!] });
    await server.kill("SIGKILL");
    await expect(client.getCollections()).rejects.toThrow("fetch failed");
    await server.restart();
    expect((await client.retrieve(alias, { ids: [ids[0]!] }))[0]!.payload!.since).toBe(Number.MAX_SAFE_INTEGER);
    expect((await client.scroll(alias, { order_by: "since", limit: 1 })).points[0]!.id).toBe(ids[1]);
    expect((await client.getCollection(name)).payload_schema).toHaveProperty("tenant");
  });
});
