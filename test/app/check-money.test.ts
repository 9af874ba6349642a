import { expect, it } from "vitest";
import { checkMoney } from "../../src/app/check-money.ts";
import { loadConfig } from "../../src/config.ts";
import { PriceTable } from "../../src/models/prices.ts";

const now = new Date("2026-03-10T12:00:00Z");
const prices = (rows: object[]) => PriceTable.parse(rows.map((row) => ({ from: "2025-01-01", input: 1, output: 2, ...row })));
const all = prices([{ model: "gpt-oss:20b" }, { model: "gpt-oss:120b" }, { model: "qwen3-vl:235b" }]);

function linesOf(values: object, table = all, models: Record<string, string> = { fast: "gpt-oss:20b" }) {
  const cloud = { models: { backends: [{ id: "ollama-cloud", apiKey: "k", enabled: true }] } };
  const config = loadConfig({ values: [cloud, values], environment: {} });
  return checkMoney(config, table, [{ backend: "ollama-cloud", location: "cloud", url: "", state: "up", models, detail: "", degraded: false, hint: null }], now);
}

const warnings = (...given: Parameters<typeof linesOf>) => linesOf(...given).filter(({ state }) => state !== "ok").map(({ name, detail }) => `${name}: ${detail}`);

it("nothing is wrong with what is shipped", () => {
  expect(linesOf({})).toEqual([{ name: "budgets", state: "ok", detail: "5 USD a day, 100 a month; a tenant 5 and 100", hint: null }]);
  const config = loadConfig({ environment: {} });
  expect(checkMoney(config, [], [], now)).toMatchObject([{ state: "ok", detail: expect.stringContaining("no cloud is enabled") }]);
});

it.each<[string, Parameters<typeof linesOf>, RegExp]>([
  ["a model that is asked for and has no price", [{ models: { tiers: { strong: { cloud: "dear:1t" } } } }], /prices: dear:1t on ollama-cloud has no price today/],
  ["a price that ends within a week", [{}, prices([{ model: "gpt-oss:20b", until: "2026-03-14" }, { model: "gpt-oss:120b" }, { model: "qwen3-vl:235b" }])], /ends within a week/],
  ["a cloud of which nothing has a price", [{}, all, {}], /nothing has a price/],
  ["a reference without a price", [{ budgets: { reference: { fast: "absent" } } }], /budgets\.reference: fast: absent has no price/],
  ["a budget of nothing", [{ budgets: { dayUsd: 0 } }], /no cloud is ever called/],
  ["a month smaller than a day", [{ budgets: { dayUsd: 50, monthUsd: 20 } }], /smaller than the day's/],
  ["tenants without money", [{ budgets: { tenantDayUsd: 0 } }], /tenantDayUsd is nothing/],
])("%s is named, with what to do", (_what, given, words) => {
  expect(warnings(...given).join("\n")).toMatch(words);
  expect(linesOf(...given).filter(({ state }) => state !== "ok").every(({ hint }) => hint)).toBe(true);
});
