import { afterAll, beforeAll, expect, it } from "vitest";
import { rm, writeFile } from "node:fs/promises";
import { sha256 } from "../../src/data/identity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

let servers: ModelServer[];
let app: TestApp;
beforeAll(async () => {
  servers = [await startModelServer({ role: "local" }), await startModelServer({ role: "cloud" })];
  const toCloud = { routing: { strategy: "quality_optimized" }, extraction: { quality: "high" } };
  app = await openTestApp([modelServers(servers[0]!.url, servers[1]!.url), toCloud]);
});
afterAll(async () => {
  await app.end();
  for (const server of servers) await server.close();
});

it("what an upload sent to a cloud is on record under the key that uploaded it, whole, and adds up to the job's cost", async () => {
  const text = "The grid of Nordlicht was extended in that year. ".repeat(40);
  const path = await app.temporary();
  await writeFile(path, text);
  const file = { path, name: "grid.txt", bytes: text.length, sha256: sha256(text) };
  const { jobId } = await app.documents.upload({ ...localPrincipal, keyId: "key-7" }, file, { collection: "default", key: "grid.txt", class: null, idempotencyKey: null });
  await rm(path, { force: true });
  const job = await app.ended(jobId);
  expect(job.status).toBe("done");
  const records = await Array.fromAsync(app.audit.export({ user: "key-7" }));
  expect(records.length).toBeGreaterThan(0);
  expect(records.every((each) => each.request_id === jobId && each.outcome === "answered")).toBe(true);
  expect(records.reduce((sum, each) => sum + each.cost_usd!, 0)).toBeCloseTo(job.cost.usd, 9);
  expect(await app.audit.verify({ anchor: null, signal: new AbortController().signal })).toMatchObject({ attempts: records.length, open: 0, faults: [] });
  expect((await app.costs(localPrincipal, { days: 1, ofAll: true })).total.usd).toBeCloseTo(job.cost.usd, 9);
  expect(JSON.stringify(records)).not.toContain("grid");
});
