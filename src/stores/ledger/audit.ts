import type { AuditLedger } from "./ledger.ts";
import { lock, type Sql } from "./sql.ts";

const pageSize = 500;

/** Lines, and beside each chain its head and length: a cut tail shows. */
export function openAuditLedger(database: Sql): AuditLedger {
  return {
    append: (chain, make) =>
      database.transaction().execute(async (transaction) => {
        await lock(transaction, `audit ${chain}`);
        const last = await transaction.selectFrom("ledger_audit_chains").selectAll().where("chain", "=", chain).executeTakeFirst();
        const position = last?.length ?? 0;
        const { line, hmac } = make(last?.head ?? "", position);
        await transaction.insertInto("ledger_audit").values({ chain, position, line, hmac }).execute();
        const head = { head: hmac, length: position + 1 };
        await transaction
          .insertInto("ledger_audit_chains")
          .values({ chain, ...head })
          .onConflict((conflict) => conflict.column("chain").doUpdateSet(head))
          .execute();
      }),

    chains: () => database.selectFrom("ledger_audit_chains").selectAll().orderBy("chain").execute(),

    async *rows(chain) {
      for (let position = -1; ; ) {
        const rows = await database.selectFrom("ledger_audit").select(["position", "line", "hmac"]).where("chain", "=", chain).where("position", ">", position).orderBy("position").limit(pageSize).execute();
        for (const { line, hmac } of rows) yield { line, hmac };
        if (rows.length < pageSize) return;
        position = rows.at(-1)!.position;
      }
    },
  };
}
