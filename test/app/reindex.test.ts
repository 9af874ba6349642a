import { rm } from "node:fs/promises";
import { afterEach, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { localModels } from "../servers/model-server/catalogue.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";

const opened: { apps: TestApp[]; servers: ModelServer[] } = { apps: [], servers: [] };
afterEach(async () => {
  for (const app of opened.apps.splice(0)) await app.end();
  for (const server of opened.servers.splice(0)) await server.close();
});

async function serve(options: Partial<Parameters<typeof startModelServer>[0]> = {}): Promise<ModelServer> {
  const made = await startModelServer({ role: "local", ...options });
  opened.servers.push(made);
  return made;
}

const note = { name: "note.md", text: "# Lantern Works\n\nLantern Works Ltd makes lamps in Aberdeen. The glass comes from Clyde Glass Ltd in Glasgow.\n" };
const silent = { signal: new AbortController().signal, onProgress: () => undefined };

it("without an embedding model says that search by meaning is off, and reindex fills it when a model appears", async () => {
  const first = await openTestApp([noModelServer]);
  const job = await first.ended((await first.add(note)).jobId);
  expect(job.warnings.map((each) => each.code)).toContain("vectors_off");
  expect((await first.ask("Where are lamps made?")).warnings.map((each) => each.code)).toContain("vectors_off");
  await expect(first.reindex(silent)).rejects.toThrow(/ollama pull bge-m3/);
  await first.end(true);

  const app = await openTestApp([modelServers((await serve()).url)], first.folder);
  opened.apps.push(app);
  expect(await app.reindex(silent)).toMatchObject({ chunks: 1, model: "bge-m3:latest" });
  const answer = await app.ask("Where are lamps made?", { retrieval: "vector", answer: false });
  expect(answer.passages.map((each) => each.found)).toEqual([["vector"]]);
  expect(await app.reindex(silent)).toMatchObject({ chunks: 0 });
});

it("with another model than the vectors were made by names reindex, which then replaces them", async () => {
  const first = await openTestApp([modelServers((await serve()).url)]);
  await first.ended((await first.add(note)).jobId);
  await first.end(true);

  const others = localModels.map((model) => (model.name.startsWith("bge-m3") ? { ...model, name: "nomic-embed-text:latest" } : model));
  const app = await openTestApp([modelServers((await serve({ models: others })).url)], first.folder);
  opened.apps.push(app);
  await expect(app.ask("Where are lamps made?", { answer: false })).rejects.toThrow(/sluice reindex/);
  const second = await app.ended((await app.add({ name: "other.md", text: "Clyde Glass Ltd melts sand in Glasgow." })).jobId);
  expect(second).toMatchObject({ status: "failed", error: { message: expect.stringContaining("sluice reindex") } });
  expect(await app.reindex(silent)).toMatchObject({ model: "nomic-embed-text:latest" });
  const answer = await app.ask("Where are lamps made?", { retrieval: "vector", answer: false });
  expect(answer.passages.length).toBeGreaterThan(0);
  await rm(first.folder, { recursive: true, force: true });
});
