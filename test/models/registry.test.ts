import { afterEach, describe, expect, it } from "vitest";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startModelServer, type ModelServer } from "../servers/model-server/model-server.ts";
import { askPerson, openWorld, Person, personAnswer, personInputs, prices, task, type World, type WorldOptions } from "./open-test-models.ts";

let world: World;
const servers: ModelServer[] = [];
afterEach(async () => {
  await world.close();
  await Promise.all(servers.splice(0).map((each) => each.close()));
});
const open = async (options: WorldOptions = {}) => (world = await openWorld(options));
const serve = async (options: Parameters<typeof startModelServer>[0]) => {
  const server = await startModelServer(options);
  servers.push(server);
  return server;
};
const until = async (met: () => boolean) => {
  while (!met()) await sleep(2);
};
const again = (changes: object) => ({ prices, auditKey: "audit-key", cache: { enabled: false }, ...changes });

describe("the registry", () => {
  it("knows each model's size, parameters, family, context, abilities and tiers, and when it answered", async () => {
    await open();
    world.local.setScript([personAnswer]);
    await askPerson(world.models, { quality: "low" });
    await world.models.refresh();
    const rows = world.models.list();
    expect(rows.find((each) => each.name === "llama3.2:3b")).toEqual({
      backend: "ollama", location: "local", name: "llama3.2:3b", size: 2_019_393_189, parameters: "3.2B", family: "llama", context: 131_072, capabilities: ["completion", "tools"],
      resident: true, forwards: false, tiers: ["fast"], lastUsedAt: expect.stringMatching(/^20/),
    });
    expect(rows.find((each) => each.name === "bge-m3:latest")).toMatchObject({ tiers: ["embedding"], resident: false, lastUsedAt: null });
    expect(rows.filter((each) => each.location === "cloud").map((each) => each.name)).toEqual(["gpt-oss:120b", "gpt-oss:20b", "qwen3-vl:235b"]);
  });

  it("sees what came and went since, at every look", async () => {
    const models = [{ name: "llama3.2:3b", capabilities: ["completion"], parameterSize: "3.2B", size: 2e9, contextLength: 8192 }];
    await open({ local: { models } });
    expect(world.models.tier("strong", "pii")).toBe("ready");
    models.push({ name: "qwen3:8b", capabilities: ["completion"], parameterSize: "8.2B", size: 5e9, contextLength: 8192 });
    await world.models.refresh();
    expect(world.models.status()[0]!.models).toEqual({ fast: "llama3.2:3b", strong: "qwen3:8b" });
    models.splice(0);
    await world.models.refresh();
    expect(world.models.status()[0]!.models).toEqual({});
  });

  it.each([["a page", "<html>Hello</html>", 200], ["nothing found", "Not Found", 404], ["another protocol", '{"object":"list"}', 404]])("a server of another kind (%s) is named as what it is", async (_what, text, status) => {
    const page = createServer((request, response) => request.resume().on("end", () => response.writeHead(status).end(text)));
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    await open({ withoutCloud: true });
    for (const driver of ["ollama", "openai"] as const) {
      const models = await world.reopen({ backends: [{ id: "page", driver, location: "local", url }] });
      expect(models.status()[0]).toMatchObject({ state: "down", detail: `what answers there is no server for driver: ${driver}`, hint: "correct url or driver" });
    }
    page.close();
    page.closeAllConnections();
  });

  it("names the command that gets what is missing, in the status and in the error", async () => {
    await open({ local: { models: [] }, withoutCloud: true, models: { tiers: { strong: { local: "llama3.3:70b" } } } });
    expect(world.models.status()[0]!.hint).toContain("`ollama pull llama3.3:70b`");
    await expect(askPerson(world.models, { classification: "pii" })).rejects.toMatchObject({ code: "model_unavailable", message: expect.stringContaining("`ollama pull qwen3:4b`") });
  });
});

describe("pulling a model", () => {
  it("tells how far it is, and the model is there to be used", async () => {
    await open({ local: { models: [] }, withoutCloud: true });
    const told: string[] = [];
    const pulled = await world.models.pull("qwen3:8b", { onProgress: ({ status, completed, total }) => told.push(`${status} ${completed}/${total}`), signal: new AbortController().signal });
    expect(pulled).toEqual({ backend: "ollama", model: "qwen3:8b" });
    expect(told[0]).toBe("pulling manifest null/null");
    expect(told).toContain("pulling 6335adf2a2f5 5225388164/5225388164");
    expect(told.at(-1)).toBe("success null/null");
    expect(world.models.status()[0]!.models).toMatchObject({ strong: "qwen3:8b" });
  });

  it("says what the server says, refuses forwarded names, and can be ended", async () => {
    await open({ withoutCloud: true, local: { pullMs: 5000 } });
    const pulling = { onProgress: () => {}, signal: new AbortController().signal };
    await expect(world.models.pull("nosuch:1b", pulling)).rejects.toMatchObject({ code: "model_unavailable", message: expect.stringContaining("file does not exist") });
    await expect(world.models.pull("gpt-oss:120b-cloud", pulling)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(world.models.pull("qwen3:8b", { ...pulling, backend: "other" })).rejects.toMatchObject({ code: "invalid_input" });
    const stop = new AbortController();
    const ended = world.models.pull("qwen3:8b", { onProgress: () => stop.abort(), signal: stop.signal });
    await expect(ended).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("a change of the configuration", () => {
  it("holds for the next call, while those in flight end where they began", async () => {
    await open({ withoutCloud: true, local: { latencyMs: 300 } });
    const second = await serve({ role: "local" });
    world.local.setScript([personAnswer]);
    second.setScript([personAnswer]);
    const before = askPerson(world.models, { classification: "pii" });
    await until(() => world.asked(world.local).length === 1);
    await world.models.reload(again({ backends: [{ id: "rack", location: "local", url: second.url }] }));
    const after = await askPerson(world.models, { classification: "pii" });
    expect([after.backend, (await before).backend]).toEqual(["rack", "ollama"]);
    expect(world.models.status().map((each) => each.backend)).toEqual(["rack"]);
  });

  it("that is wrong leaves everything as it was", async () => {
    await open({ withoutCloud: true });
    world.local.setScript([personAnswer]);
    await expect(world.models.reload(again({ backends: [{ id: "far", location: "local", url: "http://8.8.8.8" }] }))).rejects.toThrow();
    await expect(world.models.reload(again({ auditKey: null, prompts: "/nowhere", backends: [] }))).rejects.toThrow();
    expect((await askPerson(world.models, { classification: "pii" })).backend).toBe("ollama");
  });

  it("keeps the slots that are taken: two sets of one account never ask for more together", async () => {
    await open({ withoutCloud: true, backend: { local: { slots: 1 } }, local: { latencyMs: 60, slots: 8 } });
    world.local.setScript([personAnswer, personAnswer]);
    const first = askPerson(world.models, { classification: "pii" });
    await until(() => world.asked(world.local).length === 1);
    await world.models.reload(again({ backends: [{ id: "renamed", location: "local", url: world.local.url, slots: 1 }] }));
    const second = await askPerson(world.models, { classification: "pii" });
    expect([(await first).backend, second.backend]).toEqual(["ollama", "renamed"]);
    expect(world.local.stats.maxInFlight).toBe(1);
  });
});

describe("many instances", () => {
  const three = async (options: Partial<Parameters<typeof startModelServer>[0]> = {}) => {
    await open({ withoutCloud: true, local: { slots: 16, ...options } });
    const more = [await serve({ role: "local", slots: 16, ...options }), await serve({ role: "local", slots: 16, ...options })];
    const all = [world.local, ...more];
    for (const each of all) each.setScript(Array.from({ length: 300 }, () => personAnswer));
    const backends = all.map((each, index) => ({ id: `n${index}`, location: "local" as const, url: each.url, slots: 4, timeoutMs: 2000 }));
    return { all, models: await world.reopen({ backends }) };
  };
  const counts = (all: ModelServer[]) => all.map((each) => world.asked(each).length);
  const pii = { classification: "pii" as const };

  it("share calls evenly, all at once, one after the other, or a few at a time", async () => {
    const { all, models } = await three({ latencyMs: 3 });
    await Promise.all(Array.from({ length: 90 }, () => askPerson(models, pii)));
    for (const count of counts(all)) expect(Math.abs(count - 30)).toBeLessThanOrEqual(3);
    for (let call = 0; call < 30; call++) await askPerson(models, pii);
    for (const count of counts(all)) expect(Math.abs(count - 40)).toBeLessThanOrEqual(4);
    const workers = Array.from({ length: 7 }, async () => {
      for (let call = 0; call < 15; call++) await askPerson(models, pii);
    });
    await Promise.all(workers);
    for (const count of counts(all)) expect(Math.abs(count - 75)).toBeLessThanOrEqual(7.5);
  });

  it("prefer the one that has the model in memory, only between equals", async () => {
    const { all, models } = await three({ latencyMs: 30 });
    await askPerson(models, pii); // loads it on one
    const [loaded] = counts(all).flatMap((count, index) => (count ? [index] : []));
    for (let call = 0; call < 3; call++) await askPerson(models, pii);
    expect(counts(all)[loaded!]).toBe(4);
    await Promise.all(Array.from({ length: 6 }, () => askPerson(models, pii)));
    expect(counts(all).filter((_count, index) => index !== loaded)).toEqual([2, 2]);
  });

  it("one that goes away is left out, and comes back when its probe answers", async () => {
    const { all, models } = await three();
    const port = Number(new URL(all[2]!.url).port);
    await all[2]!.close();
    const answered = await Promise.all(Array.from({ length: 12 }, () => askPerson(models, pii)));
    expect(answered.every((each) => each.backend !== "n2")).toBe(true);
    expect(models.status()[2]!.state).toBe("down");
    const back = await serve({ role: "local", port });
    back.setScript(Array.from({ length: 20 }, () => personAnswer));
    await models.refresh();
    await Promise.all(Array.from({ length: 12 }, () => askPerson(models, pii)));
    expect(world.asked(back).length).toBeGreaterThanOrEqual(3);
  });

  it("one that answers with errors is left out for its pause, then asked once", async () => {
    const { all, models } = await three();
    all[1]!.setFaults([{ kind: "internal" }]);
    const round = () => Promise.all(Array.from({ length: 6 }, () => askPerson(models, pii)));
    for (let call = 0; call < 8; call++) await round();
    const failed = world.asked(all[1]!).length;
    expect([5, 6]).toContain(failed); // a second one may be on its way when the fifth fails
    expect(models.status()[1]!.load!.breakers).toMatchObject([{ model: "llama3.2:3b", state: "open" }]);
    all[1]!.setFaults([]);
    await models.resetBreakers("n1");
    expect(models.status()[1]!.load!.breakers).toEqual([]);
    await round();
    expect(world.asked(all[1]!).length).toBeGreaterThan(failed);
  });
});

it("a caller of many does not keep one of few waiting, nor questions ingestion", async () => {
  await open({ withoutCloud: true, backend: { local: { slots: 1 } }, local: { latencyMs: 2 } });
  world.local.setScript(Array.from({ length: 60 }, () => personAnswer));
  const order: string[] = [];
  const ask = (name: string, changes: object) =>
    world.models.ask({ prompt: "extract-entities", inputs: personInputs, schema: Person, task: task({ classification: "pii", ...changes }), signal: new AbortController().signal }).then(() => order.push(name));
  const many = Array.from({ length: 20 }, () => ask("many", { tenant: "many" }));
  const few = [ask("few", { tenant: "few" }), ask("few", { tenant: "few" })];
  const questions = Array.from({ length: 12 }, () => ask("question", { tenant: "many", priority: "question" }));
  await Promise.all([...many, ...few, ...questions]);
  expect(order.lastIndexOf("few")).toBeLessThan(order.length - 10);
  expect(order.slice(0, 10)).toContain("many");
  expect(order.filter((each) => each === "question").length).toBe(12);
  expect(order.slice(0, 18).filter((each) => each === "question").length).toBeGreaterThanOrEqual(12);
});
