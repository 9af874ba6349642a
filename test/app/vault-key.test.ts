import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { openGatekeeper } from "../../src/app/open-gate.ts";
import { ownSecrets } from "../../src/app/own-secrets.ts";
import { loadConfig } from "../../src/config.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { openAudit } from "../../src/models/audit.ts";
import { verifyAudit } from "../../src/models/audit-verify.ts";
import { Secret } from "../../src/models/secret.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const text = "Hafenkran GmbH delivers a harbour crane to Ostwick Terminal. Mrs Petra Quandel of Hafenkran GmbH wrote to Ostwick Terminal.";

describe("the vault of an application", async () => {
  const [local, cloud] = [await startModelServer({ role: "local" }), await startModelServer({ role: "cloud" })];
  const servers = [modelServers(local.url, cloud.url), { privacy: { policy: "balanced" }, extraction: { quality: "high" } }];
  let app: TestApp | null = null;
  afterAll(async () => {
    await app?.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it("changes its key at a start, and nothing of it is left when the documents are erased", async () => {
    app = await openTestApp(servers);
    const { jobId, documentId } = await app.add({ name: "letter.txt", text });
    await app.ended(jobId);
    const { folder } = app;
    const files = () => readdir(join(folder, "vault")).catch(() => []);
    expect(await files()).toHaveLength(1);
    expect(cloud.requests.some((each) => each.body.includes("[PERSON_1]"))).toBe(true);
    expect(cloud.requests.some((each) => each.body.includes("Quandel"))).toBe(false);
    await app.end(true);

    const before = join(folder, "keys", "before.key");
    await copyFile(join(folder, "keys", "vault.key"), before);
    const present = { value: "the key that holds from today on" };
    app = await openTestApp([...servers, { vault: { key: present, previous: [{ file: before }] } }], folder);
    await app.end(true);
    app = await openTestApp([...servers, { vault: { key: present } }], folder);
    const again = await app.documents.reprocess(localPrincipal, documentId);
    expect((await app.ended(again!.id)).status).toBe("done");
    expect(await files()).toHaveLength(1);

    for (const job of (await app.collections.delete(localPrincipal, "default"))!) await app.ended(job.id);
    expect(await files()).toEqual([]);
  });
});

describe("what the gate stops", () => {
  it("is on record: kinds and counts, with tenant and document, and no value", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-gate-"));
    const database = await openSqlite({ path: join(folder, "ledger.sqlite"), schemas: [ledgerSchema] });
    const ledger = openLedger(database);
    const key = new Secret("a key for the chain of this test");
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const gatekeeper = await openGatekeeper(loadConfig({ data: folder, environment: {} }), { ledger, audit: openAudit(ledger.audit, key), visionCloud: () => false, log });
    const body = JSON.stringify({ messages: [{ content: "Write to petra.quandel@hafenkran.example" }] });
    const clearance = { texts: [], pictures: 0, classification: "public" as const, anonymised: false, scope: { tenant: "acme", collection: "default" }, documentId: "0191-d" };
    await expect(gatekeeper.gate(body, clearance)).rejects.toMatchObject({ code: "privacy_blocked" });
    const stored: string[] = [];
    for (let waited = 0; waited < 200 && stored.length === 0; waited++) {
      await sleep(20);
      for (const { chain } of await ledger.audit.chains()) for await (const { line } of ledger.audit.rows(chain)) stored.push(line);
    }
    expect(stored.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ phase: "event", event: "privacy_blocked", tenant: "acme", document_id: "0191-d", kinds: { email: 1 } })]);
    expect(lines.join("")).toContain("privacy_blocked");
    expect(`${lines.join("")} ${stored.join("")}`).not.toContain("quandel");
    expect((await verifyAudit({ audit: ledger.audit, spend: ledger.spend, key, anchor: null })).faults).toEqual([]);
    await gatekeeper.close();
    await database.close();
    await rm(folder, { recursive: true });
  });
});

describe("our own secrets", () => {
  it("are all that the configuration holds, those in addresses too", () => {
    const config = loadConfig({
      environment: { CLOUD_KEY: "key-of-the-cloud" },
      values: [
        {
          models: { backends: [{ id: "ollama-cloud", url: "https://ollama.com", apiKey: "${CLOUD_KEY}", enabled: true }] },
          budgets: { webhook: { url: "https://hooks.example/a", location: "cloud", apiKey: "key-of-the-hook" } },
          stores: {
            text: { driver: "qdrant" },
            vectors: { driver: "qdrant", url: "http://10.0.0.5:6333", apiKey: "key-of-qdrant" },
            knowledge: { driver: "neo4j", url: "bolt://10.0.0.6:7687", user: "neo4j", password: "word-of-neo4j" },
            ledger: { driver: "postgres", url: "postgres://sluice:word%2Dof-postgres@10.0.0.7/sluice" },
            queue: { driver: "redis", url: "redis://:word-of-redis@10.0.0.8:6379" },
            files: { driver: "s3", bucket: "b", endpoint: "http://10.0.0.9:9000", accessKeyId: "a", secretAccessKey: "key-of-s3" },
          },
        },
      ],
    });
    expect(ownSecrets(config).toSorted()).toEqual(["key-of-qdrant", "key-of-s3", "key-of-the-cloud", "key-of-the-hook", "word%2Dof-postgres", "word-of-neo4j", "word-of-postgres", "word-of-redis"].toSorted());
    expect(ownSecrets(loadConfig({ environment: {} }))).toEqual([]);
  });
});
