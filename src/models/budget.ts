import type { Tier } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import type { Class } from "../data/classification.ts";
import type { SpendLedger } from "../stores/ledger/ledger.ts";
import { counter, gauge, type Log } from "../telemetry.ts";
import { Failure } from "./failure.ts";
import type { ModelsOptions } from "./options.ts";
import { costUsd, highestRate, rateAt } from "./prices.ts";

const spentTotal = counter("llm_cost_usd_total", "USD spent", ["backend", "model", "tenant"]);
const spent = gauge("llm_cost_usd", "USD spent and reserved in the period (UTC)", ["period"]);
const remaining = gauge("llm_budget_remaining_ratio", "share of the budget that is left in the period", ["period"]);

export interface Spending {
  spentDay: number;
  spentMonth: number;
  tenantSpentDay: number;
  tenantSpentMonth: number;
}

export interface Held {
  id: string;
  usd: number;
}

/** Money: estimates before, reservations during, settlements after. Truth and limits are the ledger's, in its transaction. */
export interface Budget {
  /** USD that a call costs at most, or null when the model has no price. */
  estimate(backend: string, model: string, promptTokens: number, outputTokens: number): number | null;
  spending(tenant: string): Promise<Spending>;
  tokensLeft(backend: string): Promise<boolean>;
  /** Throws `Failure("refused")` with the ledger's reason. */
  reserve(call: { tenant: string; backend: string; model: string; usd: number; tokens: number; documentId: string | null; allowed: Class[] }): Promise<Held>;
  /** USD of the tokens really used, now. */
  price(backend: string, model: string, promptTokens: number, outputTokens: number): number;
  /** What a call answered elsewhere for `usd` saved against the reference model of its tier. */
  saved(tier: Tier, promptTokens: number, outputTokens: number, usd: number): number;
  /** Writes the gauges and gives the alerts that are due; never throws. */
  watch(): Promise<void>;
  charged(call: { tenant: string; backend: string; model: string; usd: number }): Promise<void>;
}

export interface BudgetParts {
  spend: SpendLedger;
  log: Log;
  onAlert: (alert: { period: "day" | "month"; percent: number }) => void;
}

export function openBudget(options: ModelsOptions, { spend, log, onAlert }: BudgetParts): Budget {
  const { budgets, prices } = options;
  const alerted = new Set<string>();
  const backend = (id: string) => options.backends.find((each) => each.id === id);
  const timeout = (id: string) => backend(id)?.timeoutMs ?? 300_000;

  const watch = () => look().catch((error: unknown) => log.warn({ event: "budget_watch_failed", cause: (error as Error).name }, "the budget could not be read for its alerts"));

  async function look(): Promise<void> {
    const now = new Date().toISOString();
    const totals = await spend.totals(null, now);
    for (const [period, used, limit, name] of [["day", totals.dayUsd, budgets.dayUsd, now.slice(0, 10)], ["month", totals.monthUsd, budgets.monthUsd, now.slice(0, 7)]] as const) {
      const share = limit > 0 ? (used + totals.reservedUsd) / limit : 1;
      spent.set({ period }, used + totals.reservedUsd);
      remaining.set({ period }, Math.max(0, 1 - share));
      for (const percent of budgets.alerts) {
        if (share * 100 < percent || alerted.has(`${name} ${percent}`)) continue;
        alerted.add(`${name} ${percent}`);
        log.warn({ event: "budget_alert", period, percent }, "a share of the budget is used up");
        onAlert({ period, percent });
      }
    }
  }

  return {
    watch,
    estimate(id, model, promptTokens, outputTokens) {
      const rate = highestRate(prices, id, model, new Date(), timeout(id) + 60_000);
      return rate ? costUsd(rate, promptTokens, outputTokens) : null;
    },
    async spending(tenant) {
      const now = new Date().toISOString();
      const [all, own] = await Promise.all([spend.totals(null, now), spend.totals(tenant, now)]);
      return { spentDay: all.dayUsd + all.reservedUsd, spentMonth: all.monthUsd + all.reservedUsd, tenantSpentDay: own.dayUsd + own.reservedUsd, tenantSpentMonth: own.monthUsd + own.reservedUsd };
    },
    async tokensLeft(id) {
      const limit = backend(id)?.monthTokens ?? 0;
      return limit <= 0 || (await spend.monthTokens(id, new Date().toISOString())) < limit;
    },
    async reserve(call) {
      const id = randomId();
      const expiresAt = new Date(Date.now() + timeout(call.backend) + 60_000).toISOString();
      const { allowed, ...row } = call;
      const limits = {
        dayUsd: budgets.dayUsd,
        monthUsd: budgets.monthUsd,
        tenantDayUsd: budgets.tenantDayUsd,
        tenantMonthUsd: budgets.tenantMonthUsd,
        monthTokens: backend(call.backend)?.monthTokens ?? 0,
      };
      const held = await spend.reserve({ id, ...row, expiresAt }, limits, call.documentId === null ? null : { id: call.documentId, allowed });
      if (!held.ok) throw new Failure("refused", held.reason, { sent: false });
      return { id, usd: call.usd };
    },
    price(id, model, promptTokens, outputTokens) {
      const rate = rateAt(prices, id, model, new Date());
      return rate ? costUsd(rate, promptTokens, outputTokens) : 0;
    },
    saved(tier, promptTokens, outputTokens, usd) {
      const reference = tier === "embedding" ? undefined : budgets.reference[tier];
      const rate = reference === undefined ? null : rateAt(prices, null, reference, new Date());
      return rate ? Math.max(0, costUsd(rate, promptTokens, outputTokens) - usd) : 0;
    },
    async charged({ tenant, backend: id, model, usd }) {
      if (usd > 0) spentTotal.inc({ backend: id, model, tenant }, usd);
      await watch();
    },
  };
}
