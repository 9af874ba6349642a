import { randomId } from "../data/identity.ts";
import type { AlertLedger } from "../stores/ledger/ledger.ts";
import type { SpendLedger } from "../stores/ledger/paid-calls.ts";
import { counter, gauge, type Log } from "../telemetry.ts";
import type { BudgetsOptions } from "./options.ts";

const spent = gauge("llm_cost_usd", "USD spent and reserved in the period (UTC)", ["period"]);
const remaining = gauge("llm_budget_remaining_ratio", "share of the budget that is left in the period", ["period"]);
const given = counter("llm_budget_alerts_total", "alerts that a share of the budget is used up", ["period", "percent"]);

/** `tenant` is null for the budget of all; `starts` names the UTC day or month. */
export interface Alert {
  period: "day" | "month";
  starts: string;
  tenant: string | null;
  percent: number;
}

export interface BudgetAlerts {
  /** Writes the gauges and gives the alerts that are due, for all and for this tenant; never throws. */
  look(tenant: string): Promise<void>;
  /** A call was turned down: nothing more fits, however little is left. */
  exhausted(period: "day" | "month", tenant: string | null): Promise<void>;
  close(): void;
}

export interface AlertParts {
  spend: Pick<SpendLedger, "used">;
  alerts: AlertLedger;
  log: Log;
  onAlert: (alert: Alert) => void;
}

/** Each alert is given once in its period, whichever process sees it first, over restarts too: the ledger says who was first. */
export function openBudgetAlerts(budgets: BudgetsOptions, { spend, alerts, log, onAlert }: AlertParts): BudgetAlerts {
  const token = randomId();
  const known = new Set<string>();
  const failed = (error: unknown) => log.warn({ event: "budget_watch_failed", cause: (error as Error).name }, "the budget could not be read for its alerts");

  async function give(alert: Alert): Promise<void> {
    const key = JSON.stringify(alert);
    if (known.has(key)) return;
    const { period, starts, tenant, percent } = alert;
    const first = await alerts.first({ period: starts, tenant, percent }, token);
    known.add(key);
    if (!first) return;
    given.inc({ period, percent: String(percent) });
    log.warn({ event: "budget_alert", ...alert }, "a share of the budget is used up");
    onAlert(alert);
  }

  async function giveDue(alert: Omit<Alert, "percent">, used: number, limit: number): Promise<void> {
    // A budget of nothing is no budget that runs out: it turns the clouds off.
    if (limit <= 0) return;
    for (const percent of budgets.alerts) if ((used / limit) * 100 >= percent) await give({ ...alert, percent });
  }

  async function look(tenant: string): Promise<void> {
    try {
      const now = new Date().toISOString();
      const used = await spend.used(tenant, now);
      const periods = [
        ["day", now.slice(0, 10), used.dayUsd, budgets.dayUsd, used.tenantDayUsd, budgets.tenantDayUsd],
        ["month", now.slice(0, 7), used.monthUsd, budgets.monthUsd, used.tenantMonthUsd, budgets.tenantMonthUsd],
      ] as const;
      for (const [period, starts, ofAll, limit, own, ownLimit] of periods) {
        spent.set({ period }, ofAll);
        remaining.set({ period }, limit > 0 ? Math.max(0, 1 - ofAll / limit) : 0);
        await giveDue({ period, starts, tenant: null }, ofAll, limit);
        // Where a tenant may use all of the budget there is, the alert for all says the same.
        if (tenant && ownLimit < limit) await giveDue({ period, starts, tenant }, own, ownLimit);
      }
    } catch (error) {
      failed(error);
    }
  }

  // A new day or month shows in the gauges though nobody calls, and what other processes spend as well.
  const timer = setInterval(() => void look(""), 60_000).unref();

  return {
    look,
    close: () => clearInterval(timer),
    async exhausted(period, tenant) {
      const limit = tenant === null ? (period === "day" ? budgets.dayUsd : budgets.monthUsd) : period === "day" ? budgets.tenantDayUsd : budgets.tenantMonthUsd;
      if (limit <= 0 || !budgets.alerts.includes(100)) return;
      const starts = new Date().toISOString().slice(0, period === "day" ? 10 : 7);
      await give({ period, starts, tenant, percent: 100 }).catch(failed);
    },
  };
}
