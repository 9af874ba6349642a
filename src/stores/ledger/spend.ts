import { sql } from "kysely";
import { mayLeave, tokensOf, usedSoFar, whyRefused } from "./spend-limits.ts";
import { endReservation, settleReservation } from "./settle.ts";
import type { SpendLedger } from "./ledger.ts";
import { toNano, toUsd } from "./money.ts";
import { isoTime, lock, type Clock, type Sql } from "./sql.ts";

const dayOf = (time: string): string => time.slice(0, 10);

/** A call is reserved, dispatched and settled. It counts on the UTC day it was reserved, so that no day or month ends above its budget. */
export function openSpendLedger(database: Sql, clock: Clock): SpendLedger {
  return {
    reserve: (reservation, limits, documents) =>
      database.transaction().execute(async (transaction) => {
        // Asked again after the answer was lost: what it holds already would else count twice.
        if (await transaction.selectFrom("ledger_spend").select("id").where("id", "=", reservation.id).executeTakeFirst()) return { ok: true };
        const leave = documents ? await mayLeave(transaction, documents) : { releaseId: null };
        if (!leave) return { ok: false, reason: "class_changed" };
        const now = isoTime(clock);
        const nano = toNano(reservation.usd);
        // What costs nothing and is not counted passes no limit, and need not wait for others.
        if (nano > 0 || (limits.monthTokens ?? 0) > 0) await lock(transaction, "budgets");
        const refused = await whyRefused(transaction, reservation, nano, limits, dayOf(now));
        if (refused) return { ok: false, reason: refused };
        await transaction
          .insertInto("ledger_spend")
          .values({
            id: reservation.id, tenant: reservation.tenant, backend: reservation.backend, model: reservation.model, document_id: reservation.documentId, task_type: reservation.taskType,
            day: dayOf(now), state: "reserved", reserved_nano: nano, reserved_tokens: reservation.tokens,
            expires_at: new Date(reservation.expiresAt).toISOString(), reserved_at: now,
          })
          .execute();
        return { ok: true, ...(leave.releaseId === null ? {} : { releaseId: leave.releaseId }) };
      }),

    async dispatched(id) {
      await endReservation(database, id, "dispatched", null);
    },

    settle: (id, charge) => database.transaction().execute((transaction) => settleReservation(transaction, id, "settled", { ...charge, nano: toNano(charge.usd) }, isoTime(clock))),

    async release(id) {
      await endReservation(database, id, "released", isoTime(clock));
    },

    expire: (now) =>
      database.transaction().execute(async (transaction) => {
        const time = new Date(now).toISOString();
        await transaction.updateTable("ledger_spend").set({ state: "released", ended_at: time }).where("state", "=", "reserved").where("expires_at", "<=", time).execute();
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
      const open = database.selectFrom("ledger_spend").select(sql<number>`coalesce(sum(reserved_nano), 0)`.as("nano")).where("state", "in", ["reserved", "dispatched"]);
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
        .where("state", "in", ["dispatched", "settled", "charged"])
        .where("task_type", "is not", null)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    monthTokens: (backend, now) => tokensOf(database, backend, dayOf(new Date(now).toISOString())),
  };
}
