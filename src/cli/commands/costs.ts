import { localPrincipal } from "../../data/principal.ts";
import type { CostItem, Costs } from "../../data/costs.ts";
import { addCommand, wholeNumber, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, table, type Column } from "../output.ts";

interface Options extends CommonOptions {
  days: number;
  tenant?: string;
}

export function costCommand(commands: Commands): void {
  addCommand(commands.program, "costs", "what model calls came to: by provider, model and task, with latency, success and savings")
    .option("--days <n>", "UTC days, today included", wholeNumber(1, 366), 30)
    .option("--tenant <name>", "of this tenant only")
    .action((options: Options) => withApp(commands, options, (run) => costs(options, run)));
}

async function costs({ days, tenant }: Options, { app, output, parts }: Run): Promise<void> {
  const report = await app.costs(tenant === undefined ? localPrincipal : { ...localPrincipal, tenant }, { days, ofAll: tenant === undefined });
  await output.result(report, () => costWords(report, parts.terminal.columns));
}

const share = (value: number | null): string => (value === null ? "–" : `${(value * 100).toFixed(1)}%`);
const ms = (value: number | null): string => (value === null ? "–" : value < 10_000 ? `${value} ms` : `${(value / 1000).toFixed(1)} s`);
/** Cents are exact; below a cent the digits that tell it from nothing. */
const usd = (value: number): string => (value !== 0 && Math.abs(value) < 0.01 ? value.toFixed(6) : value.toFixed(2));

const columns: Column<CostItem>[] = [
  { title: "provider", value: ({ backend, location }) => `${backend} (${location})` },
  { title: "model", value: ({ model }) => model },
  { title: "task", value: ({ taskType }) => taskType },
  { title: "calls", value: ({ calls }) => calls, align: "right" },
  { title: "ok", value: ({ successRate }) => share(successRate), align: "right" },
  { title: "fallbacks", value: ({ fallbacks }) => fallbacks, align: "right" },
  { title: "cached", value: ({ cacheHits }) => cacheHits, align: "right" },
  { title: "tokens in", value: ({ promptTokens }) => promptTokens, align: "right" },
  { title: "out", value: ({ outputTokens }) => outputTokens, align: "right" },
  { title: "mean", value: ({ meanMs }) => ms(meanMs), align: "right" },
  { title: "p95", value: ({ p95Ms }) => ms(p95Ms), align: "right" },
  { title: "USD", value: (each) => usd(each.usd), align: "right" },
  { title: "saved", value: ({ savedUsd }) => usd(savedUsd), align: "right" },
];

function costWords({ from, to, items, total, budgets, alerts }: Costs, screen: number): string {
  if (items.length === 0) return `No model was asked from ${from} to ${to}.`;
  const limits = budgets.map(({ period, usedUsd, limitUsd }) => `${period} ${usd(usedUsd)} of ${usd(limitUsd)}`);
  return [
    table(items, columns, screen),
    "",
    `${from} to ${to}: ${count(total.calls, "call")}, ${share(total.successRate)} ok, ${usd(total.usd)} USD; all of it in a cloud: ${usd(total.referenceUsd)} USD, saved ${usd(total.savedUsd)} USD`,
    `budgets, spent and reserved: ${limits.join(", ")} USD`,
    ...alerts.slice(0, 10).map(({ period, tenant, percent, at }) => `alert: ${percent} % of the budget of ${tenant ?? "all"} for ${period} (${at})`),
  ].join("\n");
}
