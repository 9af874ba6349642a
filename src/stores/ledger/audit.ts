import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { runChanges, type Change } from "./commit-changes.ts";
import { toStatement } from "./commit-plan.ts";
import type { AuditLedger, SpendStep } from "./ledger.ts";
import { toNano } from "./money.ts";
import { endChange, endReservation, settleChanges, settleReservation, type Charge } from "./settle.ts";
import { isoTime, lock, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

const pageSize = 500;

interface Head {
  head: string;
  length: number;
}

type Make = Parameters<AuditLedger["append"]>[1];

/** Lines, and beside each chain its head and length: a cut tail shows. `write`: the embedded engine's way of writing a plan at once. */
export function openAuditLedger(database: Sql, clock: Clock, write?: SqliteDatabase["write"]): AuditLedger {
  /** Heads of the chains that this object wrote last, which are this process's own; and who waits for a transaction on them. */
  const heads = new Map<string, Head>();
  const turns = new Map<string, Promise<unknown>>();

  const inTransaction = (chain: string, make: Make, spend: SpendStep | undefined): Promise<Head> =>
    database.transaction().execute(async (transaction) => {
      await lock(transaction, `audit ${chain}`);
      if (spend) await take(transaction, spend, isoTime(clock));
      const before = (await transaction.selectFrom("ledger_audit_chains").select(["head", "length"]).where("chain", "=", chain).executeTakeFirst()) ?? { head: "", length: 0 };
      const line = make(before.head, before.length);
      await runChanges(transaction, lineChanges(chain, before, line));
      return { head: line.hmac, length: before.length + 1 };
    });

  /**
   * As `inTransaction`, as one message to the writer: a call that is paid for waits for two of them. The next one goes on from
   * this line before it is durable, so that both can be written together. False where chain or reservation stand otherwise.
   */
  async function appendAtOnce(chain: string, make: Make, spend: SpendStep | undefined): Promise<boolean> {
    const known = heads.get(chain);
    if (!write || !known) return false;
    const line = make(known.head, known.length);
    heads.set(chain, { head: line.hmac, length: known.length + 1 });
    try {
      await write([...(spend ? spendChanges(spend, isoTime(clock)) : []), ...lineChanges(chain, known, line)].map(toStatement));
      return true;
    } catch (error) {
      heads.delete(chain); // whether it was kept is not known: the next one asks
      if (error instanceof SluiceError && error.code === "conflict") return false;
      throw error;
    }
  }

  return {
    async append(chain, make, spend) {
      if (await appendAtOnce(chain, make, spend)) return;
      // One at a time: those that wait for their turn hold no connection.
      const before = turns.get(chain) ?? Promise.resolve();
      const done = before.then(async () => void heads.set(chain, await inTransaction(chain, make, spend)));
      turns.set(chain, done.catch(() => undefined));
      await done;
    },

    async chains() {
      const { rows } = await sql<{ chain: string; head: string | null; length: number | null }>`
        select named.chain, heads.head, heads.length
        from (select chain from ledger_audit_chains union select chain from ledger_audit) as named
        left join ledger_audit_chains as heads on heads.chain = named.chain
        order by named.chain`.execute(database);
      return rows;
    },

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

/** Fails where the chain goes on otherwise than from `before`. */
const lineChanges = (chain: string, before: Head, { line, hmac }: { line: string; hmac: string }): Change[] => [
  {
    sql: sql`insert into ledger_audit_chains (chain, head, length) values (${chain}, ${hmac}, ${before.length + 1})
      on conflict (chain) do update set head = excluded.head, length = excluded.length where ledger_audit_chains.head = ${before.head} and ledger_audit_chains.length = ${before.length}`,
    changes: 1,
  },
  { sql: sql`insert into ledger_audit (chain, position, line, hmac) values (${chain}, ${before.length}, ${line}, ${hmac})` },
];

const chargeOf = ({ usd, promptTokens, outputTokens }: NonNullable<SpendStep["charge"]>): Charge => ({ nano: toNano(usd), promptTokens, outputTokens });

const spendChanges = ({ id, charge }: SpendStep, now: string): Change[] => (charge === null ? [endChange(id, "dispatched", null)] : settleChanges(id, "settled", chargeOf(charge), now));

async function take(transaction: SqlTransaction, { id, charge }: SpendStep, now: string): Promise<void> {
  if (charge === null) await endReservation(transaction, id, "dispatched", null);
  else await settleReservation(transaction, id, "settled", chargeOf(charge), now);
}
