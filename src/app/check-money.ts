import type { Config } from "../config.ts";
import type { BackendStatus } from "../models/models.ts";
import { type PriceTable, rateAt } from "../models/prices.ts";
import type { CheckLine } from "./check-line.ts";

const week = 7 * 86_400_000;

/** What is wrong with prices and budgets, one line each; a line that says so where nothing is. */
export function checkMoney({ budgets, models }: Pick<Config, "budgets" | "models">, prices: PriceTable, backends: BackendStatus[], now: Date = new Date()): CheckLine[] {
  const clouds = models.backends.filter((each) => each.enabled && each.location === "cloud");
  if (clouds.length === 0) return [{ name: "budgets", state: "ok", detail: "no cloud is enabled: nothing can cost anything", hint: null }];
  const lines: CheckLine[] = [];
  const warn = (name: string, detail: string, hint: string) => lines.push({ name, state: "warning", detail, hint });
  const file = budgets.prices ?? "config/prices.yaml";

  for (const cloud of clouds) {
    const found = backends.find((each) => each.backend === cloud.id)?.models ?? {};
    const named = (["fast", "strong", "vision"] as const).map((tier) => models.tiers[tier].cloud).filter((name) => name !== "auto");
    for (const model of new Set([...Object.values(found), ...named])) {
      if (!rateAt(prices, cloud.id, model, now)) warn("prices", `${model} on ${cloud.id} has no price today: it is never called`, `add it to ${file}`);
      else if (!rateAt(prices, cloud.id, model, new Date(now.getTime() + week))) warn("prices", `the price of ${model} on ${cloud.id} ends within a week: then it is not called any more`, `add the price that follows to ${file}`);
    }
    if (Object.keys(found).length === 0 && named.length === 0) warn("prices", `of what ${cloud.id} offers nothing has a price, or it offers nothing`, `see the line of the backend, and ${file}`);
  }
  for (const [tier, model] of Object.entries(budgets.reference)) {
    if (model && !rateAt(prices, null, model, now)) warn("budgets.reference", `${tier}: ${model} has no price for all backends: savings of this tier count as nothing`, `name a model of ${file}`);
  }
  if (budgets.dayUsd === 0 || budgets.monthUsd === 0) warn("budgets", "a budget of nothing: no cloud is ever called", "raise budgets.dayUsd and budgets.monthUsd, or disable the cloud");
  else if (budgets.monthUsd < budgets.dayUsd) warn("budgets", "the month's budget is smaller than the day's", "raise budgets.monthUsd");
  for (const [own, all] of [["tenantDayUsd", "dayUsd"], ["tenantMonthUsd", "monthUsd"]] as const) {
    if (budgets[own] === 0 && budgets[all] > 0) warn("budgets", `budgets.${own} is nothing: no tenant may call a cloud`, `raise budgets.${own}`);
  }
  const limits = `${budgets.dayUsd} USD a day, ${budgets.monthUsd} a month; a tenant ${budgets.tenantDayUsd} and ${budgets.tenantMonthUsd}`;
  const told = budgets.webhook ? `; alerts go to ${new URL(budgets.webhook.url).host} (${budgets.webhook.location})` : "";
  return [{ name: "budgets", state: "ok", detail: limits + told, hint: null }, ...lines];
}
