import { sql, type RawBuilder } from "kysely";
import type { Change } from "./commit-changes.ts";
import type { AskedReservation, Reserved } from "./paid-calls.ts";
import { limitToNano, toNano } from "./money.ts";
import { leaves, mayLeave, tokensQuery, usedQuery, whyRefused, type Used } from "./spend-limits.ts";
import { lock, type SqlTransaction } from "./sql.ts";

export const granted = (releaseId: string | null): Reserved => ({ ok: true, ...(releaseId === null ? {} : { releaseId }) });

/** What `ledger_spend` holds of a reservation made now. */
const rowOf = ({ reservation }: AskedReservation, now: string) => ({
  id: reservation.id, tenant: reservation.tenant, backend: reservation.backend, model: reservation.model, document_id: reservation.documentId, task_type: reservation.taskType,
  day: now.slice(0, 10), state: "dispatched" as const, reserved_nano: toNano(reservation.usd), reserved_tokens: reservation.tokens,
  expires_at: new Date(reservation.expiresAt).toISOString(), reserved_at: now,
});

/** Asked again after the answer was lost, it is not made anew: what it holds already would else count twice. */
export async function reserveIn(transaction: SqlTransaction, asked: AskedReservation, now: string): Promise<{ reserved: Reserved; isNew: boolean }> {
  const { reservation, limits, documents } = asked;
  if (await transaction.selectFrom("ledger_spend").select("id").where("id", "=", reservation.id).executeTakeFirst()) return { reserved: granted(null), isNew: false };
  const leave = documents ? await mayLeave(transaction, documents) : { releaseId: null };
  if (!leave) return { reserved: { ok: false, reason: "class_changed" }, isNew: false };
  const row = rowOf(asked, now);
  // What costs nothing and is not counted passes no limit, and need not wait for others.
  if (row.reserved_nano > 0 || (limits.monthTokens ?? 0) > 0) await lock(transaction, "budgets");
  const refused = await whyRefused(transaction, reservation, row.reserved_nano, limits, row.day);
  if (refused) return { reserved: { ok: false, reason: refused }, isNew: false };
  await transaction.insertInto("ledger_spend").values(row).execute();
  return { reserved: granted(leave.releaseId), isNew: true };
}

/**
 * The same as one statement for the embedded engine: a conflict where a limit, a class or the release stands against it, or it
 * was made before. `reserveIn` then finds out which.
 */
export function reserveChange(asked: AskedReservation, releaseId: string | null, now: string): Change {
  const row = rowOf(asked, now);
  return {
    sql: sql`insert into ledger_spend (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
      select ${sql.join(Object.values(row))} from (${usedQuery(row.tenant, row.day)}) as used
      where ${sql.join([sql`true`, ...withinLimits(asked, row), ...stillLeaving(asked, releaseId)], sql` and `)} on conflict (id) do nothing`,
    changes: 1,
  };
}

/** See `whyRefused`. */
function withinLimits({ reservation, limits }: AskedReservation, row: ReturnType<typeof rowOf>): RawBuilder<unknown>[] {
  const within = (period: keyof Used, usd: number | undefined) => (usd === undefined || !Number.isFinite(usd) ? [] : [sql`used.${sql.ref(period)} + ${row.reserved_nano} <= ${limitToNano(usd)}`]);
  const tokens = (limits.monthTokens ?? 0) > 0 ? [sql`(${tokensQuery(row.backend, row.day, "reserved too")}) + ${reservation.tokens} <= ${limits.monthTokens}`] : [];
  return [...within("day", limits.dayUsd), ...within("month", limits.monthUsd), ...within("tenantDay", limits.tenantDayUsd), ...within("tenantMonth", limits.tenantMonthUsd), ...tokens];
}

/** See `mayLeave`. */
function stillLeaving({ documents }: AskedReservation, releaseId: string | null): RawBuilder<unknown>[] {
  if (!documents) return [];
  const ids = [...new Set(documents.ids)];
  return [
    sql`(select count(*) from ledger_documents d join ledger_versions v on v.document_id = d.id and v.version = d.version
      where d.id in (${sql.join(ids)}) and ${leaves(documents)}) = ${ids.length}`,
    sql`(select r.id from ledger_documents d join ledger_releases r on r.document_id = d.id and r.version = d.version
      where d.id in (${sql.join(ids)}) order by r.created_at desc limit 1) is ${releaseId}`,
  ];
}
