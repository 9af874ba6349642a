import { afterEach, describe, expect, it } from "vitest";
import { ModelsOptions, type ModelsInput } from "../../src/models/options.ts";
import { makeClearedRequest } from "../../src/privacy/cleared-request.ts";
import { metrics } from "../../src/telemetry.ts";
import { reserve } from "../contracts/ledger/bench.ts";
import { bareCloud, startBareServer } from "./bare-server.ts";
import { askPerson, openWorld, Person, personAnswer, personInputs, prices, task, type World, type WorldOptions } from "./open-test-models.ts";

let world: World;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await world.close();
  for (const close of closing.splice(0)) await close();
});

async function open(options: WorldOptions = {}): Promise<World> {
  world = await openWorld({ ownLedger: true, ...options });
  for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 400 }, () => personAnswer));
  return world;
}

const now = () => new Date().toISOString();
const totals = () => world.ledger.spend.totals(null, now());
const budgets = (dayUsd: number, more: object = {}) => ({ dayUsd, monthUsd: 1000, tenantDayUsd: 1000, tenantMonthUsd: 1000, ...more });
const cloudOnly = (url: string): ModelsInput["backends"] => [{ id: "ollama", location: "local", url: world.local.url }, { id: "ollama-cloud", location: "cloud", url, apiKey: "test-key" }];

describe("what a call costs", () => {
  it.each([
    ["missing", {}],
    ["nothing", { prompt_eval_count: 0, eval_count: 0 }],
  ])("is estimated where the counts are %s, thinking included, never nothing", async (_what, last) => {
    await open();
    const cloud = await startBareServer(bareCloud(personAnswer, last));
    closing.push(cloud.close);
    const models = await world.reopen({ backends: cloudOnly(cloud.url) });
    const asked = await askPerson(models);
    expect(asked.decision.location).toBe("cloud");
    expect(asked.cost.promptTokens).toBeGreaterThan(100);
    expect(asked.cost.outputTokens).toBeGreaterThan(5);
    expect((await totals()).dayUsd).toBe(asked.cost.usd);
    expect(asked.cost.usd).toBeCloseTo((asked.cost.promptTokens * 1 + asked.cost.outputTokens * 2) / 1e6, 9);
  });

  it("is billed when the caller goes away", async () => {
    await open({ cloud: { latencyMs: 400 } });
    const caller = new AbortController();
    const asking = world.models.ask({ prompt: "extract-entities", inputs: personInputs, schema: Person, task: task(), signal: caller.signal });
    await expect.poll(() => world.asked(world.cloud).length).toBe(1);
    caller.abort();
    await expect(asking).rejects.toMatchObject({ code: "cancelled" });
    const { dayUsd, reservedUsd } = await totals();
    expect(dayUsd).toBeGreaterThan(0);
    expect(reservedUsd).toBe(0);
  });

  it("is nothing when the caller goes away before a byte left: no reservation, nothing on record", async () => {
    const caller = new AbortController();
    const gate = async (body: string) => {
      if (body.includes('"messages"')) caller.abort(); // models are asked after too
      return makeClearedRequest(Buffer.from(body), "");
    };
    await open({ parts: { gate } });
    await expect(world.models.ask({ prompt: "extract-entities", inputs: personInputs, schema: Person, task: task(), signal: caller.signal })).rejects.toMatchObject({ code: "cancelled" });
    expect(await totals()).toEqual({ dayUsd: 0, monthUsd: 0, reservedUsd: 0 });
    expect(world.asked(world.cloud)).toHaveLength(0);
    expect((await world.ledger.audit.chains()).reduce((sum, { length }) => sum + (length ?? 0), 0)).toBe(0);
  });

  it("is billed when the connection breaks before an answer", async () => {
    await open();
    const cloud = await startBareServer((path) => (path === "/api/chat" ? "hang-up" : bareCloud("", {})(path)));
    closing.push(cloud.close);
    const models = await world.reopen({ backends: cloudOnly(cloud.url) });
    expect((await askPerson(models)).decision).toMatchObject({ location: "local", reason: "fallback_used" });
    const { dayUsd, reservedUsd } = await totals();
    expect(dayUsd).toBeGreaterThan(0);
    expect(reservedUsd).toBe(0);
  });

  it("has to be known: a model without a price is not called", async () => {
    await open({ models: { prices: [] } });
    expect((await askPerson(world.models)).decision).toMatchObject({ location: "local", reason: "cloud_unavailable" });
    const named = await world.reopen({ tiers: { fast: { cloud: "gpt-oss:20b" }, strong: { cloud: "gpt-oss:120b" } } });
    expect((await askPerson(named)).decision).toMatchObject({ location: "local", rule: "guard.cloud.unpriced" });
    expect(world.asked(world.cloud)).toEqual([]);
  });

  it("stands with its task type beside the answer, and is what the analytics sum", async () => {
    await open();
    const asked = await askPerson(world.models);
    await world.models.close();
    const day = now().slice(0, 10);
    const rows = await world.ledger.usage.sums(null, day, day);
    expect(rows).toMatchObject([{ location: "cloud", backend: "ollama-cloud", taskType: "extraction", calls: 1, succeeded: 1, nano: Math.round(asked.cost.usd * 1e9) }]);
  });
});

describe("a budget", () => {
  it("of tokens in a month ends at or below its limit", async () => {
    await open();
    const backends = cloudOnly(world.cloud.url)!.map((each) => (each.location === "cloud" ? { ...each, monthTokens: 12_000 } : each));
    const models = await world.reopen({ backends });
    const asked = await Promise.all(Array.from({ length: 12 }, () => askPerson(models)));
    const locations = new Set(asked.map((each) => each.decision.location));
    expect(locations).toEqual(new Set(["cloud", "local"]));
    expect(await world.ledger.spend.monthTokens("ollama-cloud", now())).toBeLessThanOrEqual(12_000);
  });

  it("is never passed by 64 callers in two routers on one ledger, and every caller gets an answer", async () => {
    await open({ models: { budgets: budgets(0.25) } });
    const other = await world.reopen();
    const asked = await Promise.all(Array.from({ length: 64 }, (_each, place) => askPerson(place % 2 ? other : world.models)));
    expect(asked.every((each) => each.value.name === "Ann")).toBe(true);
    const { dayUsd, reservedUsd } = await totals();
    expect(dayUsd + reservedUsd).toBeLessThanOrEqual(0.25);
    expect(asked.filter((each) => each.decision.location === "local").every((each) => each.decision.reason === "budget_exceeded" || each.decision.reason === "fallback_used")).toBe(true);
    expect(dayUsd).toBeCloseTo(asked.reduce((sum, each) => sum + each.cost.usd, 0), 9);
  });
});

describe("alerts", () => {
  const given = () => world.events.flatMap((event) => (event.type === "budget_alert" ? [`${event.tenant ?? "all"} ${event.period} ${event.percent}`] : []));
  const spend = async (usd: number, tenant = "default") => {
    const id = crypto.randomUUID();
    await reserve(world.ledger, { id, tenant, backend: "ollama-cloud", model: "m", usd, tokens: 1, documentId: null, taskType: "extraction", expiresAt: now() });
    await world.ledger.spend.settle(id, { usd, promptTokens: 1, outputTokens: 0 });
  };

  it("are given once in their period, by whichever process sees them first, over restarts too", async () => {
    await open({ models: { budgets: budgets(10, { monthUsd: 20 }) } });
    await spend(5.5);
    await askPerson(world.models);
    await askPerson(world.models);
    expect(given()).toEqual(["all day 50"]);
    await spend(3.6);
    const after = await world.reopen();
    await askPerson(after);
    await askPerson(world.models);
    expect(given().toSorted()).toEqual(["all day 50", "all day 80", "all day 90"]);
    expect(await metrics.metrics()).toMatch(/llm_budget_alerts_total\{period="day",percent="90"\} \d/);
  });

  it("of 100 percent come when nothing fits any more, though a little is left", async () => {
    await open({ models: { budgets: budgets(1) } });
    await spend(0.999);
    expect((await askPerson(world.models)).decision).toMatchObject({ reason: "budget_exceeded" });
    await expect.poll(given).toContain("all day 100");
    expect((await world.ledger.alerts.list(null, now().slice(0, 7))).map((each) => each.percent)).toContain(100);
  });

  it("tell a tenant's own budget apart, where it is smaller than that of all", async () => {
    await open({ models: { budgets: budgets(100, { monthUsd: 1000, tenantDayUsd: 1, tenantMonthUsd: 1000 }) } });
    await spend(0.6);
    await askPerson(world.models);
    expect(given()).toEqual(["default day 50"]);
  });

  it("are posted to a webhook; one outside is not told whose budget it is", async () => {
    const hook = await startBareServer(() => ({ body: "ok" }));
    closing.push(hook.close);
    for (const location of ["local", "cloud"] as const) {
      await open({ models: { budgets: budgets(100, { tenantDayUsd: 1, webhook: { url: `${hook.url}/hooks/one`, location, apiKey: "hook-key" } }) } });
      await spend(0.6);
      await askPerson(world.models);
      await world.models.close();
      if (location === "local") await world.close();
    }
    const [own, outside] = hook.received.map(({ body, ...rest }) => ({ ...rest, ...(JSON.parse(body) as object) }));
    expect(own).toEqual({ path: "/hooks/one", authorization: "Bearer hook-key", event: "budget_alert", period: "day", starts: now().slice(0, 10), percent: 50, tenant: "default" });
    expect(outside).toEqual({ path: "/hooks/one", authorization: "Bearer hook-key", event: "budget_alert", period: "day", starts: now().slice(0, 10), percent: 50, scope: "tenant" });
  });

  it("have a webhook whose location is checked", () => {
    const parse = (webhook: object) => ModelsOptions.parse({ prices, budgets: { webhook } });
    expect(() => parse({ url: "http://8.8.8.8/hook", location: "local" })).toThrow(/public address/);
    expect(() => parse({ url: "http://8.8.8.8/hook", location: "local", trusted: "our own machine at the hoster" })).not.toThrow();
    expect(() => parse({ url: "http://hooks.example.org/a", location: "cloud" })).toThrow(/https/);
    expect(() => parse({ url: "https://name:secret@hooks.example.org/a", location: "cloud" })).toThrow(/credentials/);
    expect(() => parse({ url: "https://hooks.example.org/a?key=1", location: "cloud" })).toThrow(/apiKey/);
    expect(() => parse({ url: "https://hooks.example.org/a" })).toThrow(/location/);
  });

  it("are no alerts where the budget is nothing: that turns the clouds off", async () => {
    await open({ models: { budgets: budgets(0) } });
    await askPerson(world.models);
    await askPerson(world.models);
    expect(given()).toEqual([]);
  });

  it("and a negative budget is refused", () => expect(() => ModelsOptions.parse({ budgets: { dayUsd: -1 } })).toThrow(/dayUsd/));
});
