import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { Change } from "./commit-changes.ts";
import type { Sql, SqlTransaction } from "./sql.ts";

export interface Charge {
  nano: number;
  promptTokens: number;
  outputTokens: number;
}

/** Ends a reservation and adds its cost to its day, in this order: the second counts what the first wrote. */
export const settleChanges = (id: string, state: "settled" | "charged", { nano, promptTokens, outputTokens }: Charge, now: string): [Change, Change] => [
  {
    sql: sql`update ledger_spend set state = ${state}, charged_nano = ${nano}, prompt_tokens = ${promptTokens}, output_tokens = ${outputTokens}, ended_at = ${now}
      where id = ${id} and state in ('reserved', 'dispatched', 'released')`,
    changes: 1,
  },
  {
    sql: sql`insert into ledger_spend_days (day, tenant, backend, nano, tokens)
      select day, tenant, backend, charged_nano, prompt_tokens + output_tokens from ledger_spend where id = ${id}
      on conflict (day, tenant, backend) do update set nano = ledger_spend_days.nano + excluded.nano, tokens = ledger_spend_days.tokens + excluded.tokens`,
  },
];

/**
 * Writes what a call cost, once: later charges of the same reservation change nothing. A released one that was answered
 * after all is charged too. `charged` is for calls whose cost nobody learned.
 */
export async function settleReservation(transaction: SqlTransaction, id: string, state: "settled" | "charged", charge: Charge, now: string): Promise<void> {
  const [end, count] = settleChanges(id, state, charge, now);
  const { numAffectedRows } = await end.sql.execute(transaction);
  if (numAffectedRows === 1n) await count.sql.execute(transaction);
  else await mustFind(transaction, id);
}

/** `dispatched` and `released` follow only on `reserved`: bytes that left are never taken back. */
export const endChange = (id: string, state: "dispatched" | "released", endedAt: string | null): Change => ({
  sql: sql`update ledger_spend set state = ${state}, ended_at = ${endedAt} where id = ${id} and state = 'reserved'`,
  changes: 1,
});

export async function endReservation(database: Sql, id: string, state: "dispatched" | "released", endedAt: string | null): Promise<void> {
  const { numAffectedRows } = await endChange(id, state, endedAt).sql.execute(database);
  if (numAffectedRows === 1n) return;
  const row = await mustFind(database, id);
  if (state === "dispatched" && row.state === "released") throw new SluiceError("conflict", `[ledger] reservation ${id} ran out before its bytes left; reserve again`, { retryable: true });
}

async function mustFind(database: Sql, id: string): Promise<{ state: string }> {
  const row = await database.selectFrom("ledger_spend").select("state").where("id", "=", id).executeTakeFirst();
  if (!row) throw new SluiceError("not_found", `[ledger] there is no reservation ${id}`);
  return row;
}
