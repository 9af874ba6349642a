import { sql } from "kysely";
import { tokensOf, usedSoFar } from "./spend-limits.ts";
import { inNano, settleReservation } from "./settle.ts";
import type { SpendLedger } from "./paid-calls.ts";
import { toUsd } from "./money.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";

const dayOf = (time: string): string => time.slice(0, 10);

/** What calls cost. A call counts on the UTC day it was reserved, so that no day or month ends above its budget; see `AuditLedger.reserve`. */
export function openSpendLedger(database: Sql, clock: Clock): SpendLedger {
  return {
    settle: (id, charge) => database.transaction().execute((transaction) => settleReservation(transaction, id, "settled", inNano(charge), isoTime(clock))),

    expire: (now) =>
      database.transaction().execute(async (transaction) => {
        const time = new Date(now).toISOString();
        const left = await transaction.selectFrom("ledger_spend").selectAll().where("state", "=", "dispatched").where("expires_at", "<=", time).execute();
        for (const row of left) await settleReservation(transaction, row.id, "charged", { nano: row.reserved_nano, promptTokens: row.reserved_tokens, outputTokens: 0 }, time);
        return left.length;
      }),

    async totals(tenant, now) {
      const day = dayOf(new Date(now).toISOString());
      const spent = (from: string, to: string) => {
        const query = database.selectFrom("ledger_spend_days").select(sql<number>`coalesce(sum(nano), 0)`.as("nano")).where("day", ">=", from).where("day", "<=", to);
        return (tenant === null ? query : query.where("tenant", "=", tenant)).executeTakeFirstOrThrow();
      };
      const open = database.selectFrom("ledger_spend").select(sql<number>`coalesce(sum(reserved_nano), 0)`.as("nano")).where("state", "=", "dispatched");
      const [today, month, reserved] = [await spent(day, day), await spent(`${day.slice(0, 7)}-01`, `${day.slice(0, 7)}-31`), await (tenant === null ? open : open.where("tenant", "=", tenant)).executeTakeFirstOrThrow()];
      return { dayUsd: toUsd(Number(today.nano)), monthUsd: toUsd(Number(month.nano)), reservedUsd: toUsd(Number(reserved.nano)) };
    },

    async used(tenant, now) {
      const used = await usedSoFar(database, tenant, dayOf(new Date(now).toISOString()));
      return { dayUsd: toUsd(used.day), monthUsd: toUsd(used.month), tenantDayUsd: toUsd(used.tenantDay), tenantMonthUsd: toUsd(used.tenantMonth) };
    },

    async left(after, limit) {
      const rows = await database
        .selectFrom("ledger_spend")
        .select("id")
        .where("id", ">", after)
        .where("task_type", "is not", null)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    monthTokens: (backend, now) => tokensOf(database, backend, dayOf(new Date(now).toISOString())),
  };
}
