import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { Change } from "./commit-changes.ts";
import type { Charge } from "./paid-calls.ts";
import { toNano } from "./money.ts";
import type { SqlTransaction } from "./sql.ts";

interface ChargeInNano extends Omit<Charge, "usd"> {
  nano: number;
}

export const inNano = ({ usd, promptTokens, outputTokens }: Charge): ChargeInNano => ({ nano: toNano(usd), promptTokens, outputTokens });

/** Ends a reservation and adds its cost to its day, in this order: the second counts what the first wrote. */
export const settleChanges = (id: string, state: "settled" | "charged", { nano, promptTokens, outputTokens }: ChargeInNano, now: string): [Change, Change] => [
  {
    sql: sql`update ledger_spend set state = ${state}, charged_nano = ${nano}, prompt_tokens = ${promptTokens}, output_tokens = ${outputTokens}, ended_at = ${now}
      where id = ${id} and state = 'dispatched'`,
    changes: 1,
  },
  {
    sql: sql`insert into ledger_spend_days (day, tenant, backend, nano, tokens)
      select day, tenant, backend, charged_nano, prompt_tokens + output_tokens from ledger_spend where id = ${id}
      on conflict (day, tenant, backend) do update set nano = ledger_spend_days.nano + excluded.nano, tokens = ledger_spend_days.tokens + excluded.tokens`,
  },
];

/** Writes what a call cost, once: later charges of the same reservation change nothing. `charged` is for calls whose cost nobody learned. */
export async function settleReservation(transaction: SqlTransaction, id: string, state: "settled" | "charged", charge: ChargeInNano, now: string): Promise<void> {
  const [end, count] = settleChanges(id, state, charge, now);
  const { numAffectedRows } = await end.sql.execute(transaction);
  if (numAffectedRows === 1n) return void (await count.sql.execute(transaction));
  const known = await transaction.selectFrom("ledger_spend").select("id").where("id", "=", id).executeTakeFirst();
  if (!known) throw new SluiceError("not_found", `[ledger] there is no reservation ${id}`);
}
