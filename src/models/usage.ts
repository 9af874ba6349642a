import type { Task } from "../data/decision.ts";
import type { UsageLedger, UsageRow } from "../stores/ledger/ledger.ts";
import type { Log } from "../telemetry.ts";

/** Latencies are counted in steps of 5 %: what is read of them is at most that much too high. */
const growth = 1.05;
export const latencyStep = (ms: number): number => Math.max(0, Math.ceil(Math.log(Math.max(1, ms)) / Math.log(growth)));
export const stepMs = (step: number): number => growth ** step;

/** ms between writes of what was counted since. */
const pause = 1000;

/** What calls come to, counted in memory and written about every second: a kill loses that second of counts, never money. */
export interface Usage {
  note(row: UsageRow): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export function openUsage(ledger: UsageLedger, log: Log): Usage {
  let open = new Map<string, UsageRow>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const rows = [...open.values()];
    open = new Map();
    if (rows.length > 0) {
      writing = writing
        .then(() => ledger.add(rows))
        .catch((error: unknown) => log.warn({ event: "usage_lost", calls: rows.reduce((sum, each) => sum + each.calls, 0), cause: (error as Error).name }, "counts of calls could not be written; money is not among them"));
    }
    return writing;
  }

  return {
    note(row) {
      const key = JSON.stringify([row.tenant, row.location, row.backend, row.model, row.taskType]);
      const known = open.get(key);
      open.set(key, known ? added(known, row) : row);
      timer ??= setTimeout(() => void flush(), pause).unref();
    },
    flush,
    close: flush,
  };
}

const counts = ["calls", "succeeded", "promptTokens", "outputTokens", "referenceNano", "latencyMs", "fallbacks", "cacheHits"] as const;

function added(a: UsageRow, b: UsageRow): UsageRow {
  const sum = { ...a, latencies: { ...a.latencies } };
  for (const name of counts) sum[name] += b[name];
  for (const [step, calls] of Object.entries(b.latencies)) sum.latencies[Number(step)] = (sum.latencies[Number(step)] ?? 0) + calls;
  return sum;
}

/** One call of a kind; what is not said is nothing. */
export function usageRow(task: Task, at: { location: string; backend: string; model: string }, counted: Partial<Pick<UsageRow, (typeof counts)[number]>> & { ms?: number }): UsageRow {
  const { ms, ...given } = counted;
  return {
    tenant: task.tenant, location: at.location, backend: at.backend, model: at.model, taskType: task.taskType,
    calls: 0, succeeded: 0, promptTokens: 0, outputTokens: 0, referenceNano: 0, latencyMs: ms ?? 0, fallbacks: 0, cacheHits: 0,
    latencies: ms === undefined ? {} : { [latencyStep(ms)]: 1 },
    ...given,
  };
}
