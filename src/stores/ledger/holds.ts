import { isoTime, type Clock, type Sql } from "./sql.ts";

/** Accounts of model servers that are left alone for a time, since a limit of theirs is used up. */
export interface HoldLedger {
  /** Holds it so many ms from now; a hold that ends later stands. */
  put(account: string, ms: number): Promise<void>;
  /** Those that stand, with the ms that are left. */
  list(): Promise<{ account: string; ms: number }[]>;
  end(account: string): Promise<void>;
}

export function openHoldLedger(database: Sql, clock: Clock): HoldLedger {
  /** A clock that went back makes no hold longer than it was. */
  const leftOf = ({ from_at, ms }: { from_at: string; ms: number }): number => Math.min(ms, Date.parse(from_at) + ms - clock());

  return {
    async put(account, ms) {
      const row = { from_at: isoTime(clock), ms };
      await database.transaction().execute(async (transaction) => {
        const known = await transaction.selectFrom("ledger_holds").selectAll().where("account", "=", account).executeTakeFirst();
        if (known && leftOf(known) >= ms) return;
        await transaction
          .insertInto("ledger_holds")
          .values({ account, ...row })
          .onConflict((conflict) => conflict.column("account").doUpdateSet(row))
          .execute();
      });
    },

    async list() {
      const rows = await database.selectFrom("ledger_holds").selectAll().execute();
      return rows.map((row) => ({ account: row.account, ms: leftOf({ ...row, ms: Number(row.ms) }) })).filter(({ ms }) => ms > 0);
    },

    async end(account) {
      await database.deleteFrom("ledger_holds").where("account", "=", account).execute();
    },
  };
}
