import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { QdrantClient } from "@qdrant/js-client-rest";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { SluiceError } from "../../src/errors.ts";
import { silentLog } from "../../src/telemetry.ts";
import { freePort } from "../servers/free-port.ts";
import { describeOnAll, ownName } from "../servers/real-servers.ts";
import { freshFolder } from "../stores/folder.ts";
import { ownCluster } from "./cluster.ts";
import { noModelServer } from "./open-test-app.ts";
import { runCommand } from "./start-process.ts";

type Stores = Record<"ledger" | "checkpoints" | "vectors" | "knowledge" | "queue" | "cache" | "files", Record<string, unknown>>;
const changed = (url: string, change: (url: URL) => void): string => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};
const names = ["neo4j", "qdrant", "redis", "postgres", "s3"] as const;

describeOnAll(names, "a configuration that does not fit its servers", (servers) => {
  const closing: (() => Promise<unknown>)[] = [];
  let cluster: Awaited<ReturnType<typeof ownCluster>>;
  let stores: Stores;
  const folder = freshFolder();
  /** Nothing listens there. */
  let closed: number;
  /** Connections are accepted there, and nothing is ever said. */
  const mute = createServer(() => undefined);
  beforeAll(async () => {
    cluster = await ownCluster(servers);
    await once(mute.listen(0, "127.0.0.1"), "listening");
    closing.push(cluster.close);
    closed = await freePort();
    const redis = { driver: "redis", url: servers.redis.url };
    stores = { ...(cluster.values.stores as Stores), queue: redis, cache: redis, files: { driver: "s3", ...servers.s3 } };
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    mute.close();
  });

  /** What a document is written to lies on servers together; the others stand alone. */
  const together = ["ledger", "checkpoints", "vectors", "knowledge"];
  const valuesWith = (store: keyof Stores, change: object) => {
    const chosen = together.includes(store) ? Object.fromEntries([["text", { driver: "qdrant" }], ...together.map((name) => [name, stores[name as keyof Stores]])]) : {};
    return [noModelServer, { stores: { ...chosen, [store]: { ...stores[store], ...change } }, privacy: { threads: 1 } }];
  };

  /** How the application does not start. */
  async function refusal(store: keyof Stores, change: object): Promise<{ code: string; message: string }> {
    const opening = openApp({ config: loadConfig({ data: join(folder, ownName()), values: valuesWith(store, change), environment: {} }), workers: false, log: silentLog });
    const error: unknown = await opening.then((app) => app.close(), (reason: unknown) => reason);
    expect(error).toBeInstanceOf(SluiceError);
    return error as SluiceError;
  }

  const url = (store: keyof Stores, change: (url: URL) => void) => () => ({ url: changed(stores[store]["url"] as string, change) });
  const refused: [what: string, store: keyof Stores, change: () => object, key: RegExp][] = [
    ["Postgres: a wrong password", "ledger", url("ledger", (at) => (at.password = "wrong")), /stores\.ledger\.url.*password/],
    ["Postgres: a missing database", "ledger", url("ledger", (at) => (at.pathname = "/absent")), /stores\.ledger\.url.*database does not exist/],
    ["Postgres: a wrong password for the checkpoints", "checkpoints", url("ledger", (at) => (at.password = "wrong")), /stores\.checkpoints\.url.*password/],
    ["Neo4j: a wrong password", "knowledge", () => ({ password: "wrong-password" }), /stores\.knowledge\.password/],
    ["Neo4j: a missing database", "knowledge", () => ({ database: "absent" }), /stores\.knowledge\.database/],
    ["Qdrant: a wrong key", "vectors", () => ({ apiKey: "wrong" }), /stores\.vectors\.apiKey/],
    ["Redis: a wrong password for the queue", "queue", url("queue", (at) => (at.password = "wrong")), /stores\.queue\.url.*password/],
    ["Redis: a wrong password for the cache", "cache", url("queue", (at) => (at.password = "wrong")), /stores\.cache\.url.*password/],
    ["Redis: a missing database", "queue", url("queue", (at) => (at.pathname = "/999999")), /stores\.queue\.url.*number/],
    ["S3: a wrong key", "files", () => ({ secretAccessKey: "wrong" }), /stores\.files\.secretAccessKey/],
    ["S3: a missing bucket", "files", () => ({ bucket: "absent" }), /stores\.files\.bucket/],
  ];
  it.each(refused)("%s is told, with the key", async (_, store, change, key) => {
    expect(await refusal(store, change())).toMatchObject({ code: "config", message: expect.stringMatching(key) });
  }, 10_000);

  const addresses: [store: keyof Stores, field: string, key: RegExp][] = [
    ["ledger", "url", /stores\.ledger\.url/],
    ["checkpoints", "url", /stores\.checkpoints\.url/],
    ["knowledge", "url", /stores\.knowledge\.url/],
    ["vectors", "url", /stores\.vectors\.url/],
    ["queue", "url", /stores\.queue\.url/],
    ["cache", "url", /stores\.cache\.url/],
    ["files", "endpoint", /stores\.files\.endpoint/],
  ];
  const at = (store: keyof Stores, field: string, port: number) => {
    const { url: address = servers.postgres.url } = stores[store === "checkpoints" ? "ledger" : store] as { url?: string };
    return { [field]: changed(field === "endpoint" ? servers.s3.endpoint : address, (to) => ([to.hostname, to.port] = ["127.0.0.1", `${port}`])) };
  };
  const muted = () => (mute.address() as AddressInfo).port;
  // Ten seconds, and what a busy machine adds for all of them at once.
  it("a server that is not there, or accepts and never answers, is told in seconds, with the key", async () => {
    const found = await Promise.all(addresses.flatMap(([store, field, key]) => [closed, muted()].map(async (port) => ({ key, error: await refusal(store, at(store, field, port)) }))));
    for (const { key, error } of found) expect(error).toMatchObject({ code: "store", retryable: true, message: expect.stringMatching(key) });
  }, 15_000);

  it("a command says it and ends, though the server never answers", async () => {
    const drivers = addresses.filter(([store]) => store !== "checkpoints" && store !== "cache");
    const ends = await Promise.all(
      drivers.map(async ([store, field, key]) => {
        const overlay = join(folder, `${store}.yaml`);
        await writeFile(overlay, JSON.stringify(Object.assign({}, ...valuesWith(store, at(store, field, muted())))));
        return { key, ...(await runCommand(["check", "--data", join(folder, ownName()), "--config", overlay])) };
      }),
    );
    for (const { key, code, output } of ends) expect([code, output]).toEqual([1, expect.stringMatching(key)]);
  });

  async function inPostgres(statement: string): Promise<void> {
    const client = new Client({ connectionString: stores.ledger["url"] as string });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }
  it("tables, graph and points of a newer program are refused, and nothing in them is changed", async () => {
    const { app } = await opened();
    await app.close();
    await inPostgres("update schema_versions set version = version + 100 where name = 'ledger'");
    expect(await refusal("ledger", {})).toMatchObject({ code: "config", message: expect.stringMatching(/stores\.ledger\.url.*newer program/) });
    await inPostgres("update schema_versions set version = version - 100 where name = 'ledger'");
    await inPostgres("insert into checkpoint_migrations (v) values (999)");
    expect(await refusal("ledger", {})).toMatchObject({ code: "config", message: expect.stringMatching(/stores\.checkpoints\.url.*newer program/) });
    await inPostgres("delete from checkpoint_migrations where v = 999");
    await cluster.graph.once("MATCH (s:SluiceSchema {name: 'knowledge'}) SET s.version = s.version + 100");
    expect(await refusal("ledger", {})).toMatchObject({ code: "config", message: expect.stringMatching(/stores\.knowledge\.url.*newer program/) });
    await cluster.graph.once("MATCH (s:SluiceSchema {name: 'knowledge'}) SET s.version = s.version - 100");
    await (await opened()).app.close();
  }, 30_000);

  const opened = async () => ({ app: await openApp({ config: loadConfig({ data: join(folder, ownName()), values: valuesWith("ledger", {}), environment: {} }), workers: false, log: silentLog }) });

  const dense = { "dense-11111111": { size: 3, distance: "Cosine" as const } };
  const collections: [what: string, made: object, key: RegExp][] = [
    ["a newer program", { vectors: dense, metadata: { model: "bge-m3:latest", dimension: 3, schemaVersion: 99 } }, /stores\.vectors\.collection.*newer program/],
    ["vectors of another dimension than it says", { vectors: dense, metadata: { model: "bge-m3:latest", dimension: 1024, schemaVersion: 1 } }, /stores\.vectors\.collection.*1024.*reindex/],
    ["somebody else", { vectors: dense }, /stores\.vectors\.collection.*another name/],
  ];
  it.each(collections)("points of %s are refused, with the key", async (_, made, key) => {
    const collection = ownName();
    const client = new QdrantClient({ url: servers.qdrant.url, headers: { "api-key": servers.qdrant.apiKey }, checkCompatibility: false });
    await client.createCollection(`${collection}-dense-11111111`, { sparse_vectors: { text: {} }, ...made });
    try {
      expect(await refusal("vectors", { collection })).toMatchObject({ code: "config", message: expect.stringMatching(key) });
    } finally {
      await client.deleteCollection(`${collection}-dense-11111111`);
    }
  }, 10_000);
});
