import { array, assert, asyncProperty, integer, record as object, constantFrom } from "fast-check";
import { Decimal } from "decimal.js";
import { afterEach, describe, expect, it } from "vitest";
import { randomId } from "../../src/data/identity.ts";
import { readCosts } from "../../src/models/costs.ts";
import { BudgetsOptions } from "../../src/models/options.ts";
import { costUsd } from "../../src/models/prices.ts";
import { latencyStep, stepMs, usageRow } from "../../src/models/usage.ts";
import { toNano } from "../../src/stores/ledger/money.ts";
import { silentLog } from "../../src/telemetry.ts";
import { reserve } from "../contracts/ledger/bench.ts";
import { askPerson, openWorld, personAnswer, task, type World, type WorldOptions } from "./open-test-models.ts";

let world: World;
afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<World> {
  world = await openWorld({ ownLedger: true, ...options, parts: { log: silentLog } });
  for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 50 }, () => personAnswer));
  return world;
}

const all = { tenant: null, days: 30 };
const askLocally = (changes = {}) => askPerson(world.models, { quality: "low", ...changes });

describe("costs", () => {
  it("tell calls, tokens, money, latency, success, fallbacks and savings apart by provider, model and task", async () => {
    await open({ cloud: { faults: [{ kind: "payment", requests: [2] }] } });
    const first = await askPerson(world.models);
    await askPerson(world.models); // the cloud asks for payment: answered locally
    await askLocally();
    await askLocally({ taskType: "generation" });
    const { items, total, budgets } = await world.models.costs(all);
    const of = (location: string, taskType: string) => items.find((each) => each.location === location && each.taskType === taskType);
    expect(of("cloud", "extraction")).toMatchObject({ backend: "ollama-cloud", calls: 2, succeeded: 1, successRate: 0.5, usd: first.cost.usd, promptTokens: first.cost.promptTokens, outputTokens: first.cost.outputTokens, fallbacks: 0 });
    expect(of("local", "extraction")).toMatchObject({ calls: 2, succeeded: 2, usd: 0, fallbacks: 1 });
    expect(of("local", "generation")).toMatchObject({ calls: 1, fallbacks: 0 });
    expect(of("local", "generation")!.meanMs).toBeGreaterThanOrEqual(0);
    expect(of("local", "generation")!.p95Ms).not.toBeNull();
    expect(total).toMatchObject({ calls: 5, succeeded: 4, usd: first.cost.usd });
    // gpt-oss:20b is the reference of the tier: 1 and 2 USD per million tokens.
    const reference = items.map((each) => costUsd({ input: 1, cachedInput: 1, output: 2 }, each)).reduce((sum, each) => sum.plus(each), new Decimal(0));
    expect(total.referenceUsd).toBe(reference.toNumber());
    expect(total.savedUsd).toBe(reference.minus(first.cost.usd).toNumber());
    expect(budgets[0]).toMatchObject({ period: "day", usedUsd: first.cost.usd, limitUsd: 100 });
  });

  it("count what the cache answered, and what their caller ended not as a failure", async () => {
    await open({ models: { cache: { enabled: true } }, local: { latencyMs: 100 } });
    await askLocally();
    await askLocally();
    const caller = new AbortController();
    const chat = world.models.chat({ ...task({ quality: "low", taskType: "classification" }), tier: "fast" });
    const ended = chat.invoke("Hello", { signal: caller.signal });
    await expect.poll(() => world.asked(world.local).length).toBe(2);
    caller.abort();
    await expect(ended).rejects.toThrow();
    const { items } = await world.models.costs(all);
    expect(items).toMatchObject([{ taskType: "extraction", calls: 1, succeeded: 1, cacheHits: 1 }]);
  });

  it("are each tenant's own", async () => {
    await open();
    await askPerson(world.models, { tenant: "one" });
    await askPerson(world.models, { tenant: "other", taskType: "generation" });
    const one = await world.models.costs({ tenant: "one", days: 1 });
    expect(one.items).toMatchObject([{ taskType: "extraction", calls: 1 }]);
    expect(one.budgets[0]).toEqual({ period: "day", usedUsd: one.total.usd, limitUsd: 100 });
    expect((await world.models.costs(all)).total.calls).toBe(2);
    expect((await world.models.costs({ tenant: "nobody", days: 366 })).items).toEqual([]);
  });

  it("add up exactly, to the billionth of a dollar, whatever is added in whatever order", async () => {
    await open();
    const { ledger } = world;
    const calls = array(object({ model: constantFrom("a", "b"), paid: integer({ min: 0, max: 3_000_000 }), reference: integer({ min: 0, max: 3_000_000 }) }), { minLength: 1, maxLength: 30 });
    await assert(
      asyncProperty(calls, async (list) => {
        const tenant = randomId();
        const one = (model: string) => ({ ...task({ tenant }), tier: "fast" as const, model });
        for (const { model, paid, reference } of list) {
          const id = randomId();
          await reserve(ledger, { id, tenant, backend: "c", model, usd: 1, tokens: 1, documentId: null, taskType: "extraction", expiresAt: new Date().toISOString() });
          await ledger.spend.settle(id, { usd: paid / 1e6, promptTokens: 1, outputTokens: 1 });
          await ledger.usage.add([usageRow(one(model), { location: "cloud", backend: "c", model }, { calls: 1, succeeded: 1, referenceNano: toNano(reference / 1e6) })]);
        }
        const { items, total } = await readCosts({ tenant, days: 1 }, { ...ledger, budgets: BudgetsOptions.parse({}) });
        const sum = (of: typeof list, key: "paid" | "reference") => of.reduce((micro, each) => micro + each[key], 0);
        const inUsd = (micro: number) => new Decimal(micro).div(1e6).toNumber();
        expect([total.usd, total.referenceUsd, total.savedUsd]).toEqual([inUsd(sum(list, "paid")), inUsd(sum(list, "reference")), inUsd(sum(list, "reference") - sum(list, "paid"))]);
        for (const item of items) expect(item.usd).toBe(inUsd(sum(list.filter((each) => each.model === item.model), "paid")));
      }),
      { numRuns: 5 },
    );
  });

  it("give a p95 that is at most 5 % too high", () => {
    for (const ms of [0.2, 1, 7, 99, 100, 4321, 250_000]) {
      const read = stepMs(latencyStep(ms));
      expect(read).toBeGreaterThanOrEqual(Math.max(1, ms) * 0.9999);
      expect(read).toBeLessThanOrEqual(Math.max(1, ms) * 1.0501);
    }
  });
});
