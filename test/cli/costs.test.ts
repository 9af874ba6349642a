import { expect, test } from "vitest";
import { emptyCosts } from "../http/memory-services.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();
const sums = { calls: 4, succeeded: 3, successRate: 0.75, promptTokens: 1200, outputTokens: 90, usd: 1.25, referenceUsd: 2, savedUsd: 0.75, meanMs: 120, p95Ms: 15_000, fallbacks: 1, cacheHits: 2 };

test("sluice costs shows a row for each provider, model and task, and the savings", async () => {
  const asked: unknown[] = [];
  fresh.memory.state.costs = (principal, options) => {
    asked.push([principal.tenant, options]);
    return {
      ...emptyCosts, total: sums, items: [{ location: "cloud", backend: "c", model: "m", taskType: "extraction", ...sums }],
      budgets: [{ period: "day", usedUsd: 1.25, limitUsd: 5 }], alerts: [{ period: "2026-01-30", tenant: null, percent: 50, at: "2026-01-30T10:00:00.000Z" }],
    };
  };
  const { code, stdout } = await sluice(fresh.memory, ["costs", "--days", "7"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/extraction\s+4\s+75\.0%\s+1\s+2\s+1200\s+90\s+120 ms\s+15\.0 s\s+1\.25\s+0\.75/);
  expect(stdout).toContain("all of it in a cloud: 2.00 USD, saved 0.75 USD");
  expect(stdout).toContain("day 1.25 of 5.00");
  expect(stdout).toContain("alert: 50 % of the budget of all for 2026-01-30");
  await sluice(fresh.memory, ["costs", "--tenant", "one"]);
  expect((await sluice(fresh.memory, ["costs", "--json"])).lines()).toMatchObject([{ total: { savedUsd: 0.75 } }]);
  expect(asked).toEqual([["default", { days: 7, ofAll: true }], ["one", { days: 30, ofAll: false }], ["default", { days: 30, ofAll: true }]]);
  expect((await sluice(fresh.memory, ["costs", "--days", "0"])).code).toBe(2);
});

test("and says so when no model was asked", async () => expect((await sluice(fresh.memory, ["costs"])).stdout).toContain("No model was asked"));
