import { z } from "zod";
import { Class } from "../data/classification.ts";
import type { AuditLedger } from "../stores/ledger/paid-calls.ts";

const Line = z.object({
  phase: z.enum(["intent", "outcome"]), attempt_id: z.string(), timestamp: z.string(), request_id: z.string(), user_id: z.string().nullable(), tenant: z.string(),
  document_id: z.string().nullable(), task_id: z.string(), task_type: z.string(), data_classification: Class.nullable(), release_id: z.string().nullable(), anonymised: z.boolean(),
  payload_hmac: z.string(), backend: z.string().nullable(), model: z.string().nullable(), prompt_tokens: z.number().nullable(), output_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(), latency_ms: z.number().nullable(), decision_reason: z.string(), outcome: z.string().nullable(),
});

/** One cloud attempt, intent and outcome in one; an `outcome` of null is not known (in flight, or ended by a kill). */
export type AuditRecord = Omit<z.infer<typeof Line>, "phase">;

export const auditFields = Object.keys(Line.shape).filter((name) => name !== "phase") as (keyof AuditRecord)[];

/** Times are ISO 8601; `from` is included, `to` is not. What is not given is not asked for. */
export interface AuditFilter {
  from?: string | undefined;
  to?: string | undefined;
  tenant?: string | undefined;
  user?: string | undefined;
  class?: Class | undefined;
  model?: string | undefined;
}

/** Every attempt that the filter lets through, chain by chain; the time of an attempt is that of its intent. */
export async function* exportAudit(audit: Pick<AuditLedger, "chains" | "rows">, filter: AuditFilter): AsyncGenerator<AuditRecord> {
  for (const { chain } of await audit.chains()) {
    const open = new Map<string, AuditRecord>();
    for await (const { line } of audit.rows(chain)) {
      const read = Line.safeParse(parsed(line));
      if (!read.success) continue; // `audit verify` names it
      const { phase, ...record } = read.data;
      const intent = open.get(record.attempt_id);
      if (phase === "intent") open.set(record.attempt_id, record);
      else {
        open.delete(record.attempt_id);
        const whole = { ...record, timestamp: intent?.timestamp ?? record.timestamp };
        if (passes(whole, filter)) yield whole;
      }
    }
    for (const record of open.values()) if (passes(record, filter)) yield record;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function passes(record: AuditRecord, { from, to, tenant, user, class: value, model }: AuditFilter): boolean {
  if ((from !== undefined && record.timestamp < from) || (to !== undefined && record.timestamp >= to)) return false;
  if ((tenant !== undefined && record.tenant !== tenant) || (user !== undefined && record.user_id !== user) || (model !== undefined && record.model !== model)) return false;
  return value === undefined || (record.data_classification ?? "pii") === value;
}

/** A line of CSV (RFC 4180). What a spreadsheet would take for a formula is marked as text. */
export const csvLine = (values: readonly (string | number | boolean | null)[]): string => `${values.map(csvField).join(",")}\r\n`;

function csvField(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
