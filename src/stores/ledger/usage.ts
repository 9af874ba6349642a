import { sql } from "kysely";
import type { CostRow, UsageLedger, UsageRow } from "./ledger.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";

export function openUsageLedger(database: Sql, clock: Clock): UsageLedger {
  return {
    async add(rows) {
      if (rows.length > 0) await database.transaction().execute((transaction) => addUsage(transaction, rows, isoTime(clock).slice(0, 10)));
    },

    async sums(tenant, from, to) {
      const sums = new Map<string, CostRow>();
      const rowOf = (key: { location: string; backend: string; model: string; task_type: string | null }): CostRow => {
        const { location, backend, model, task_type: taskType } = key;
        const id = JSON.stringify([location, backend, model, taskType]);
        const known = sums.get(id) ?? { tenant: tenant ?? "", location, backend, model, taskType: taskType ?? "", calls: 0, succeeded: 0, promptTokens: 0, outputTokens: 0, referenceNano: 0, latencyMs: 0, fallbacks: 0, cacheHits: 0, latencies: {}, nano: 0 };
        sums.set(id, known);
        return known;
      };
      for (const row of await readUsage(database, tenant, from, to)) Object.assign(rowOf(row), numbers(row));
      for (const row of await readLatencies(database, tenant, from, to)) rowOf(row).latencies[row.step] = Number(row.calls);
      // What a paid call cost is the ledger's own figure, whatever became of its answer.
      for (const row of await readCharges(database, tenant, from, to)) rowOf({ ...row, location: "cloud" }).nano = Number(row.nano);
      return [...sums.values()];
    },
  };
}

/** In the order of their keys, so that two that add at once do not wait for each other. */
export async function addUsage(transaction: Sql, rows: UsageRow[], day: string): Promise<void> {
  const inOrder = rows.map((row) => ({ row, key: { day, tenant: row.tenant, location: row.location, backend: row.backend, model: row.model, task_type: row.taskType } })).toSorted((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));
  for (const { row, key } of inOrder) {
    await sql`
      insert into ledger_usage (day, tenant, location, backend, model, task_type, calls, succeeded, prompt_tokens, output_tokens, reference_nano, latency_ms, fallbacks, cache_hits)
      values (${key.day}, ${key.tenant}, ${key.location}, ${key.backend}, ${key.model}, ${key.task_type}, ${row.calls}, ${row.succeeded}, ${row.promptTokens}, ${row.outputTokens}, ${row.referenceNano}, ${row.latencyMs}, ${row.fallbacks}, ${row.cacheHits})
      on conflict (day, tenant, location, backend, model, task_type) do update set
        calls = ledger_usage.calls + excluded.calls, succeeded = ledger_usage.succeeded + excluded.succeeded,
        prompt_tokens = ledger_usage.prompt_tokens + excluded.prompt_tokens, output_tokens = ledger_usage.output_tokens + excluded.output_tokens,
        reference_nano = ledger_usage.reference_nano + excluded.reference_nano, latency_ms = ledger_usage.latency_ms + excluded.latency_ms,
        fallbacks = ledger_usage.fallbacks + excluded.fallbacks, cache_hits = ledger_usage.cache_hits + excluded.cache_hits`.execute(transaction);
    const latencies = Object.entries(row.latencies).map(([step, calls]) => ({ ...key, step: Number(step), calls }));
    if (latencies.length === 0) continue;
    await transaction
      .insertInto("ledger_usage_latencies")
      .values(latencies.toSorted((one, other) => one.step - other.step))
      .onConflict((conflict) => conflict.columns(["day", "tenant", "location", "backend", "model", "task_type", "step"]).doUpdateSet({ calls: sql<number>`ledger_usage_latencies.calls + excluded.calls` }))
      .execute();
  }
}

const kind = ["location", "backend", "model", "task_type"] as const;

function readUsage(database: Sql, tenant: string | null, from: string, to: string) {
  const sum = (column: string) => sql<number>`sum(${sql.ref(column)})`;
  const query = database
    .selectFrom("ledger_usage")
    .select([...kind, sum("calls").as("calls"), sum("succeeded").as("succeeded"), sum("prompt_tokens").as("promptTokens"), sum("output_tokens").as("outputTokens"), sum("reference_nano").as("referenceNano"), sum("latency_ms").as("latencyMs"), sum("fallbacks").as("fallbacks"), sum("cache_hits").as("cacheHits")])
    .where("day", ">=", from)
    .where("day", "<=", to);
  return (tenant === null ? query : query.where("tenant", "=", tenant)).groupBy(kind).execute();
}

function readLatencies(database: Sql, tenant: string | null, from: string, to: string) {
  const query = database.selectFrom("ledger_usage_latencies").select([...kind, "step", sql<number>`sum(calls)`.as("calls")]).where("day", ">=", from).where("day", "<=", to);
  return (tenant === null ? query : query.where("tenant", "=", tenant)).groupBy([...kind, "step"]).execute();
}

function readCharges(database: Sql, tenant: string | null, from: string, to: string) {
  const query = database
    .selectFrom("ledger_spend")
    .select(["backend", "model", "task_type", sql<number>`sum(charged_nano)`.as("nano")])
    .where("charged_nano", "is not", null)
    .where("day", ">=", from)
    .where("day", "<=", to);
  return (tenant === null ? query : query.where("tenant", "=", tenant)).groupBy(["backend", "model", "task_type"]).execute();
}

/** Sums come as text from one of the engines. */
function numbers(row: Record<string, unknown>): Partial<CostRow> {
  const names = ["calls", "succeeded", "promptTokens", "outputTokens", "referenceNano", "latencyMs", "fallbacks", "cacheHits"] as const;
  return Object.fromEntries(names.map((name) => [name, Number(row[name])]));
}
