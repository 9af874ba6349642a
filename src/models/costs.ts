import type { CostItem, Costs } from "../data/costs.ts";
import type { AlertLedger, CostRow, UsageLedger } from "../stores/ledger/ledger.ts";
import type { SpendLedger } from "../stores/ledger/paid-calls.ts";
import { toUsd } from "../stores/ledger/money.ts";
import type { BudgetsOptions } from "./options.ts";
import { stepMs } from "./usage.ts";

export interface CostsParts {
  usage: Pick<UsageLedger, "sums">;
  spend: Pick<SpendLedger, "used">;
  alerts: Pick<AlertLedger, "list">;
  budgets: BudgetsOptions;
}

/** Of one tenant, or (null) of all. Money is added in whole nano-USD, so that it is exact. */
export async function readCosts({ tenant, days }: { tenant: string | null; days: number }, parts: CostsParts, now: Date = new Date()): Promise<Costs> {
  const to = now.toISOString().slice(0, 10);
  const from = new Date(now.getTime() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  const [rows, used, alerts] = await Promise.all([parts.usage.sums(tenant, from, to), parts.spend.used(tenant ?? "", now.toISOString()), parts.alerts.list(tenant, from.slice(0, 7))]);
  const items = rows.map((row) => ({ location: row.location as CostItem["location"], backend: row.backend, model: row.model, taskType: row.taskType || "unknown", ...sumsOf([row]) }));
  const { budgets } = parts;
  return {
    from,
    to,
    items: items.toSorted((a, b) => b.usd - a.usd || b.calls - a.calls || (a.model < b.model ? -1 : 1)),
    total: sumsOf(rows),
    // What others have spent is not a tenant's to see.
    budgets:
      tenant === null
        ? [{ period: "day", usedUsd: used.dayUsd, limitUsd: budgets.dayUsd }, { period: "month", usedUsd: used.monthUsd, limitUsd: budgets.monthUsd }]
        : [{ period: "day", usedUsd: used.tenantDayUsd, limitUsd: budgets.tenantDayUsd }, { period: "month", usedUsd: used.tenantMonthUsd, limitUsd: budgets.tenantMonthUsd }],
    alerts: alerts.filter(({ at }) => at.slice(0, 10) >= from),
  };
}

function sumsOf(rows: CostRow[]): Costs["total"] {
  const sum = (name: keyof CostRow) => rows.reduce((total, row) => total + (row[name] as number), 0);
  const [calls, succeeded, nano, reference] = [sum("calls"), sum("succeeded"), sum("nano"), sum("referenceNano")];
  const latencies = new Map<number, number>();
  for (const row of rows) for (const [step, count] of Object.entries(row.latencies)) latencies.set(Number(step), (latencies.get(Number(step)) ?? 0) + count);
  const timed = [...latencies.values()].reduce((total, count) => total + count, 0);
  return {
    calls,
    succeeded,
    successRate: calls > 0 ? succeeded / calls : null,
    promptTokens: sum("promptTokens"),
    outputTokens: sum("outputTokens"),
    usd: toUsd(nano),
    referenceUsd: toUsd(reference),
    savedUsd: toUsd(reference - nano),
    meanMs: timed > 0 ? Math.round(sum("latencyMs") / timed) : null,
    p95Ms: timed > 0 ? Math.round(stepMs(atShare(latencies, timed * 0.95))) : null,
    fallbacks: sum("fallbacks"),
    cacheHits: sum("cacheHits"),
  };
}

/** The step in which the call of this rank lies. */
function atShare(latencies: Map<number, number>, rank: number): number {
  let seen = 0;
  let last = 0;
  for (const [step, count] of [...latencies].toSorted(([a], [b]) => a - b)) {
    seen += count;
    last = step;
    if (seen >= rank) break;
  }
  return last;
}
