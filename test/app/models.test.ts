import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "../../src/app.ts";
import { guardNewKeys } from "../../src/app/new-keys.ts";
import { loadConfig } from "../../src/config.ts";
import { createHttp } from "../../src/http/create-http.ts";
import { silentLog } from "../../src/telemetry.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { waitFor } from "./wait-for-job.ts";

describe("models and their configuration while the server runs", () => {
  let folder: string;
  let overlay: string;
  let first: ModelServer;
  let second: ModelServer;
  let app: App;
  const write = (backends: object[], more: object = {}) => writeFile(overlay, JSON.stringify({ models: { backends }, ...more }));
  const request = async (method: string, path: string, body?: object) => {
    const response = await createHttp(app, app.server).request(`http://127.0.0.1:8080${path}`, {
      method, headers: { host: "127.0.0.1:8080", "content-type": "application/json" }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: (await response.json()) as { items: Record<string, unknown>[]; checks: { name: string; ok: boolean; detail: string }[]; detail: string } };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-models-app-"));
    overlay = join(folder, "overlay.yaml");
    [first, second] = [await startModelServer({ role: "local" }), await startModelServer({ role: "local" })];
    await write([{ id: "ollama", url: first.url }]);
    const load = () => loadConfig({ overlays: [overlay], data: join(folder, "data"), environment: {} });
    app = await openApp({ config: load(), workers: false, log: silentLog, source: { files: [overlay], load } });
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([first.close(), second.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it("are listed, with their state and load", async () => {
    const { status, body } = await request("GET", "/v1/models");
    expect(status).toBe(200);
    expect(body.items.map((each) => each.name)).toContain("qwen3:8b");
    const backends = await request("GET", "/v1/models/status");
    expect(backends.body.items.map((each) => [each.backend, each.state])).toEqual([["ollama", "up"], ["ollama-cloud", "disabled"]]);
    expect(backends.body.items[0]!.load).toEqual({ slots: 4, inFlight: 0, queued: 0, breakers: [] });
  });

  it("have breakers that can be reset, of backends that are there", async () => {
    expect((await request("POST", "/v1/models/breakers/reset", {})).status).toBe(200);
    expect((await request("POST", "/v1/models/breakers/reset", { backend: "ollama" })).status).toBe(200);
    expect((await request("POST", "/v1/models/breakers/reset", { backend: "nowhere" })).status).toBe(404);
  });

  it("follow the file within seconds", async () => {
    await write([{ id: "ollama", url: second.url }]);
    await waitFor(() => app.status()[0]!.url === second.url, Boolean, 10_000);
    expect(app.status()[0]).toMatchObject({ state: "up", url: second.url });
  });

  it("stay as they were where the file is wrong, which is to be seen, and follow it when it is right again", async () => {
    await write([{ id: "ollama", url: "http://8.8.8.8:11434" }]);
    const refused = await request("POST", "/v1/models/reload");
    expect(refused.body.detail).toContain("public address");
    expect(app.status()[0]).toMatchObject({ url: second.url });
    const ready = await request("GET", "/health/ready");
    expect(ready.body.checks.find((each) => each.name === "configuration")).toMatchObject({ ok: false, detail: expect.stringContaining("public address") });
    expect(await app.metrics()).toContain("sluice_configuration_refused 1");
    await write([{ id: "ollama", url: first.url }], { stores: { queue: { driver: "redis", url: "redis://8.8.8.8:6379" } } });
    expect((await request("POST", "/v1/models/reload")).body.detail).toMatch(/stores\.queue: a public address/);
    await write([{ id: "ollama", url: first.url }]);
    expect((await request("POST", "/v1/models/reload")).body.items[0]).toMatchObject({ url: first.url, state: "up" });
    expect(await app.metrics()).toContain("sluice_configuration_refused 0");
  });

  it("show a cloud that nobody can use, and which tiers have a model, in the readiness and the metrics", async () => {
    await write([{ id: "ollama", url: first.url }, { id: "ollama-cloud", url: second.url, apiKey: "sk-...", enabled: true }]);
    expect((await request("POST", "/v1/models/reload")).body.items[1]).toMatchObject({ degraded: true, detail: "its apiKey is a placeholder" });
    const { checks } = (await request("GET", "/health/ready")).body;
    expect(checks).toContainEqual({ name: "models:ollama-cloud", ok: false, detail: "degraded" });
    expect(checks).toContainEqual({ name: "tier:strong", ok: true, detail: "ready" });
    expect(await app.metrics()).toMatch(/llm_backend_up\{backend="ollama-cloud",location="cloud"\} 0/);
    await write([{ id: "ollama", url: first.url }]);
    await request("POST", "/v1/models/reload");
  });

  it("may gain a cloud and lose it again", async () => {
    const cloud = await startModelServer({ role: "cloud", apiKey: "a-key-that-came-later" });
    await write([{ id: "ollama", url: first.url }, { id: "ollama-cloud", url: cloud.url, apiKey: "a-key-that-came-later", enabled: true }]);
    expect((await request("POST", "/v1/models/reload")).body.items[1]).toMatchObject({ state: "up" });
    await write([{ id: "ollama", url: first.url }]);
    await request("POST", "/v1/models/reload");
    await cloud.close();
  });
});

it("a key that came by a change is stopped like those of the start", async () => {
  const passed: string[] = [];
  const { gate, know } = guardNewKeys(async (body) => {
    passed.push(body);
    return null as never;
  });
  const clearance = { texts: [], pictures: 0, classification: "public" as const, anonymised: false, scope: { tenant: "default", collection: "default" }, documentId: null };
  know(["a-key-that-came-later"]);
  await gate("nothing of note", clearance);
  await expect(gate('{"content":"a-key-that-came-later"}', clearance)).rejects.toThrow(/held a key/);
  await expect(gate("{}", { ...clearance, texts: [Buffer.from("a-key-that-came-later").toString("hex")] })).rejects.toThrow(/held a key/);
  expect(passed).toEqual(["nothing of note"]);
});
