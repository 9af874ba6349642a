import { sql, type RawBuilder } from "kysely";
import type { Leaving, Limits, Reservation } from "./paid-calls.ts";
import { limitToNano } from "./money.ts";
import type { Sql, SqlTransaction } from "./sql.ts";

/** Nano-USD spent and reserved, as each limit sums them. */
export interface Used {
  day: number;
  month: number;
  tenantDay: number;
  tenantMonth: number;
}

const firstDay = (day: string): string => `${day.slice(0, 7)}-01`;
const lastDay = (day: string): string => `${day.slice(0, 7)}-31`;

/** Why this reservation may not be made, or null. Spent + reserved + this call may reach a limit, not pass it. */
export async function whyRefused(transaction: SqlTransaction, reservation: Reservation, nano: number, limits: Limits, day: string): Promise<"budget_exceeded" | "token_limit" | null> {
  const used = await usedSoFar(transaction, reservation.tenant, day);
  const passes = (spent: number, limit: number | undefined): boolean => limit !== undefined && spent + nano > limitToNano(limit);
  if (passes(used.day, limits.dayUsd) || passes(used.month, limits.monthUsd) || passes(used.tenantDay, limits.tenantDayUsd) || passes(used.tenantMonth, limits.tenantMonthUsd)) return "budget_exceeded";
  if (limits.monthTokens === undefined || limits.monthTokens <= 0) return null;
  const tokens = await tokensOf(transaction, reservation.backend, day, "reserved too");
  return tokens + reservation.tokens > limits.monthTokens ? "token_limit" : null;
}

export const usedQuery = (tenant: string, day: string): RawBuilder<Used> => sql`
  select
    coalesce(sum(case when day = ${day} then nano else 0 end), 0) as "day",
    coalesce(sum(nano), 0) as "month",
    coalesce(sum(case when day = ${day} and tenant = ${tenant} then nano else 0 end), 0) as "tenantDay",
    coalesce(sum(case when tenant = ${tenant} then nano else 0 end), 0) as "tenantMonth"
  from (
    select day, tenant, nano from ledger_spend_days where day between ${firstDay(day)} and ${lastDay(day)}
    union all
    select day, tenant, reserved_nano as nano from ledger_spend where state = 'dispatched' and day between ${firstDay(day)} and ${lastDay(day)}
  ) as used`;

export async function usedSoFar(database: Sql, tenant: string, day: string): Promise<Used> {
  const { rows } = await usedQuery(tenant, day).execute(database);
  const row = rows[0]!;
  return { day: Number(row.day), month: Number(row.month), tenantDay: Number(row.tenantDay), tenantMonth: Number(row.tenantMonth) };
}

type Reserved = "reserved too" | "spent only";

/** One statement: what is settled between two reads would count in neither. */
export function tokensQuery(backend: string, day: string, reserved: Reserved): RawBuilder<{ tokens: number }> {
  const inMonth = sql`backend = ${backend} and day between ${firstDay(day)} and ${lastDay(day)}`;
  const open = reserved === "reserved too" ? sql` union all select reserved_tokens as tokens from ledger_spend where state = 'dispatched' and ${inMonth}` : sql``;
  return sql`select coalesce(sum(tokens), 0) as tokens from (select tokens from ledger_spend_days where ${inMonth}${open}) as used`;
}

export async function tokensOf(database: Sql, backend: string, day: string, reserved: Reserved = "spent only"): Promise<number> {
  const { rows } = await tokensQuery(backend, day, reserved).execute(database);
  return Number(rows[0]!.tokens);
}

/**
 * A condition on a document `d` and its newest version `v`. The class alone decides: what rose after a release stays here. A
 * passage of a more private document leaves under its own class while the job that read it holds the document.
 */
export function leaves({ allowed, passage }: Leaving): RawBuilder<boolean> {
  const among = (column: string) => sql`coalesce(${sql.ref(column)}, 'pii') in (${sql.join(allowed)})`;
  const isHeld = ({ documentId, lease }: NonNullable<typeof passage>) => sql`d.id = ${documentId} and ${among("v.least")}
    and exists (select 1 from ledger_jobs as j where j.id = v.least_job and j.id = ${lease.jobId} and j.lease_number = ${lease.number} and j.lease_owner is not null)`;
  return sql`d.status <> 'erasing' and (${among("v.class")}${passage ? sql` or (${isHeld(passage)})` : sql``})`;
}

/** Reads the documents, and a release that made one so, as they are now. What is unknown, gone or being erased may not leave: null. */
export async function mayLeave(database: Sql, documents: Leaving): Promise<{ releaseId: string | null } | null> {
  const ids = [...new Set(documents.ids)];
  const rows = await database
    .selectFrom("ledger_documents as d")
    .innerJoin("ledger_versions as v", (join) => join.onRef("v.document_id", "=", "d.id").onRef("v.version", "=", "d.version"))
    .leftJoin("ledger_releases as r", (join) => join.onRef("r.document_id", "=", "d.id").onRef("r.version", "=", "d.version"))
    .select(["d.id", "r.id as releaseId"])
    .where("d.id", "in", ids)
    .where(leaves(documents))
    .orderBy("r.created_at", "desc")
    .execute();
  const leaving = new Set(rows.map(({ id }) => id));
  return ids.every((id) => leaving.has(id)) ? { releaseId: rows.find((row) => row.releaseId !== null)?.releaseId ?? null } : null;
}
