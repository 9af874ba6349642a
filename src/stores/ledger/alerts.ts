import type { AlertLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";

/** In the table the budget of all has the empty tenant. */
export function openAlertLedger(database: Sql, clock: Clock): AlertLedger {
  return {
    async first({ period, tenant, percent }, token) {
      const key = { period, tenant: tenant ?? "", percent };
      await database
        .insertInto("ledger_alerts")
        .values({ ...key, token, at: isoTime(clock) })
        .onConflict((conflict) => conflict.columns(["period", "tenant", "percent"]).doNothing())
        .execute();
      const row = await database.selectFrom("ledger_alerts").select("token").where("period", "=", period).where("tenant", "=", key.tenant).where("percent", "=", percent).executeTakeFirst();
      return row?.token === token;
    },

    async list(tenant, from) {
      const query = database.selectFrom("ledger_alerts").select(["period", "tenant", "percent", "at"]).where("period", ">=", from);
      const rows = await (tenant === null ? query : query.where("tenant", "=", tenant)).orderBy("at", "desc").orderBy("percent", "desc").execute();
      return rows.map((row) => ({ ...row, tenant: row.tenant === "" ? null : row.tenant }));
    },
  };
}
