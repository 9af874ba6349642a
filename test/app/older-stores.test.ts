import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QdrantClient } from "@qdrant/js-client-rest";
import { describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { embeddedSchemas } from "../../src/stores/embedded-schemas.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { migrate } from "../../src/stores/postgres/migrate.ts";
import { openPool } from "../../src/stores/postgres/open-pool.ts";
import { PostgresOptions } from "../../src/stores/postgres/options.ts";
import type { StoreSchema } from "../../src/stores/sqlite/database.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { describeOnAll } from "../servers/real-servers.ts";
import { ownCluster } from "./cluster.ts";
import { noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { note } from "./towns.ts";

const signal = new AbortController().signal;
/** As the first program that had these tables made them. */
const atFirst = (schema: StoreSchema): StoreSchema => ({ ...schema, migrations: schema.migrations.slice(0, 1) });
const key = "insert into ledger_keys (id, tenant, name, prefix, roles, classes, sha256, created_at) values ('0', 'default', 'kept', 'p', '[]', '[]', 's', '2025-01-01T00:00:00.000Z')";

async function ingest(app: TestApp, town: string): Promise<string> {
  const { jobId } = await app.add(note(town));
  expect(await app.ended(jobId)).toMatchObject({ status: "done", error: null });
  return jobId;
}
const found = async (app: TestApp) => (await app.ask("Where is Kiel Terminal based?", { answer: false })).passages.map(({ chunkId }) => chunkId);

describe("a data folder of an older program", () => {
  it("is brought up to date, and what it held is there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-older-"));
    const path = join(folder, "sluice.sqlite");
    const older = await openSqlite({ path, schemas: [ledgerSchema, ...embeddedSchemas].map(atFirst) });
    await older.write([{ sql: key, rows: [[]] }]);
    await older.close();
    const app = await openTestApp([noModelServer, { privacy: { threads: 1 } }], folder);
    await ingest(app, "Kiel");
    expect((await found(app)).length).toBeGreaterThan(0);
    expect((await app.keys.list(localPrincipal)).map(({ name }) => name)).toEqual(["kept"]);
    expect(await app.verify({ repair: false, signal })).toMatchObject({ documents: 1, differences: [] });
    await app.close();
    const newer: StoreSchema = { ...ledgerSchema, migrations: [...ledgerSchema.migrations, "CREATE TABLE ledger_later (id INTEGER) STRICT;"] };
    await (await openSqlite({ path, schemas: [newer, ...embeddedSchemas] })).close();
    await expect(openTestApp([noModelServer], folder)).rejects.toMatchObject({ code: "config", message: expect.stringMatching(/data\.directory.*newer program/) });
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
});

describeOnAll(["neo4j", "qdrant", "postgres"], "servers that an older program wrote to", (servers) => {
  it("are brought up to date, and what they held is there", async () => {
    const cluster = await ownCluster(servers);
    const values = [noModelServer, cluster.values, { privacy: { threads: 1 } }];
    const ledger = PostgresOptions.parse((cluster.values.stores as { ledger: object }).ledger);
    const pool = await openPool(ledger, "stores.ledger.url");
    await migrate(pool, ledger.schema, atFirst(ledgerSchema));
    await pool.query(key);
    const first = await openTestApp(values);
    const jobId = await ingest(first, "Kiel");
    const job = await first.jobs.get(localPrincipal, jobId);
    const before = await found(first);
    expect(before.length).toBeGreaterThan(0);
    expect((await first.keys.list(localPrincipal)).map(({ name }) => name)).toEqual(["kept"]);
    await first.close();
    // The checkpoints as before a saver kept single writes, the graph as before two of its rules.
    await pool.query("drop table checkpoint_writes");
    await pool.query("delete from checkpoint_migrations where v >= 3");
    await pool.end();
    for (const rule of ["CONSTRAINT sluice_is_about", "INDEX sluice_names"]) await cluster.graph.once(`DROP ${rule}`);
    await cluster.graph.once("MATCH (s:SluiceSchema {name: 'knowledge'}) SET s.version = 0");
    const { url, apiKey, collection } = (cluster.values.stores as { vectors: { url: string; apiKey: string; collection: string } }).vectors;
    const client = new QdrantClient({ url, headers: { "api-key": apiKey }, checkCompatibility: false });
    const points = `${collection}-text`;
    await client.deletePayloadIndex(points, "fence");
    await client.updateCollection(points, { metadata: { schemaVersion: 1 } });
    const again = await openTestApp(values, first.folder);
    const { config, payload_schema: indexes } = await client.getCollection(points);
    expect([config.metadata, indexes]).toEqual([expect.objectContaining({ schemaVersion: 2 }), expect.objectContaining({ fence: expect.anything() })]);
    expect(await again.jobs.get(localPrincipal, jobId)).toEqual(job);
    expect(await found(again)).toEqual(before);
    await ingest(again, "Bremen");
    expect(await again.verify({ repair: false, signal })).toMatchObject({ documents: 2, differences: [] });
    expect(await cluster.graph.once("SHOW INDEXES YIELD name WHERE name IN ['sluice_is_about', 'sluice_names'] RETURN name")).toHaveLength(2);
    await again.end();
    await cluster.close();
  }, 120_000);
});
