import type { Tier } from "../../data/decision.ts";
import type { TierLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";

export function openTierLedger(database: Sql, clock: Clock): TierLedger {
  return {
    async answered(tier, backend, model) {
      await database
        .insertInto("ledger_tiers")
        .values({ tier, backend, model, at: isoTime(clock) })
        .onConflict((conflict) => conflict.columns(["tier", "backend", "model"]).doNothing())
        .execute();
    },

    seen: async () => (await database.selectFrom("ledger_tiers").selectAll().orderBy("at").execute()).map((row) => ({ ...row, tier: row.tier as Tier })),

    async forget(backendOrModel) {
      const { numDeletedRows } = await database.deleteFrom("ledger_tiers").where(({ or, eb }) => or([eb("backend", "=", backendOrModel), eb("model", "=", backendOrModel)])).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}
