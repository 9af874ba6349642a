import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { Sql, SqlTransaction } from "./sql.ts";

export interface Charge {
  nano: number;
  promptTokens: number;
  outputTokens: number;
}

/**
 * Writes what a call cost, once: later charges of the same reservation change nothing. A released one that was answered
 * after all is charged too. `charged` is for calls whose cost nobody learned.
 */
export async function settleReservation(transaction: SqlTransaction, id: string, state: "settled" | "charged", charge: Charge, now: string): Promise<void> {
  const { nano } = charge;
  const row = await transaction
    .updateTable("ledger_spend")
    .set({ state, charged_nano: nano, prompt_tokens: charge.promptTokens, output_tokens: charge.outputTokens, ended_at: now })
    .where("id", "=", id)
    .where("state", "in", ["reserved", "dispatched", "released"])
    .returning(["day", "tenant", "backend"])
    .executeTakeFirst();
  if (!row) return mustExist(transaction, id);
  const tokens = charge.promptTokens + charge.outputTokens;
  await transaction
    .insertInto("ledger_spend_days")
    .values({ ...row, nano, tokens })
    .onConflict((conflict) =>
      conflict.columns(["day", "tenant", "backend"]).doUpdateSet({ nano: sql<number>`ledger_spend_days.nano + ${nano}`, tokens: sql<number>`ledger_spend_days.tokens + ${tokens}` }),
    )
    .execute();
}

/** `dispatched` and `released` follow only on `reserved`: bytes that left are never taken back. */
export async function endReservation(database: Sql, id: string, state: "dispatched" | "released", endedAt: string | null): Promise<void> {
  const { numUpdatedRows } = await database.updateTable("ledger_spend").set({ state, ended_at: endedAt }).where("id", "=", id).where("state", "=", "reserved").executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  const row = await mustFind(database, id);
  if (state === "dispatched" && row.state === "released") throw new SluiceError("conflict", `[ledger] reservation ${id} ran out before its bytes left; reserve again`, { retryable: true });
}

async function mustExist(database: Sql, id: string): Promise<void> {
  await mustFind(database, id);
}

async function mustFind(database: Sql, id: string): Promise<{ state: string }> {
  const row = await database.selectFrom("ledger_spend").select("state").where("id", "=", id).executeTakeFirst();
  if (!row) throw new SluiceError("not_found", `[ledger] there is no reservation ${id}`);
  return row;
}
