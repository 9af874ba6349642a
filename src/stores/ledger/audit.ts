import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { runChanges, type Change } from "./commit-changes.ts";
import { toStatement } from "./commit-plan.ts";
import type { AskedReservation, AuditLedger, AuditLine, Reserved } from "./paid-calls.ts";
import { granted, reserveChange, reserveIn } from "./reserve.ts";
import { inNano, settleChanges, settleReservation } from "./settle.ts";
import { mayLeave } from "./spend-limits.ts";
import { isoTime, lock, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

const pageSize = 500;

interface Head {
  head: string;
  length: number;
}

/** Lines, and beside each chain its head and length: a cut tail shows. `write`: the embedded engine's way of writing a plan at once. */
export function openAuditLedger(database: Sql, clock: Clock, write?: SqliteDatabase["write"]): AuditLedger {
  /** Heads of the chains that this object wrote last, which are this process's own; and who waits for a transaction on them. */
  const heads = new Map<string, Head>();
  const turns = new Map<string, Promise<unknown>>();

  /**
   * One message to the writer, where a transaction takes five: a call that is paid for waits for two of them. The next one
   * goes on from this line before it is durable, so that both can be written together. False where something stands otherwise.
   */
  async function atOnce(chain: string, make: (before: Head) => { line: AuditLine; changes: Change[] }): Promise<boolean> {
    const known = heads.get(chain);
    if (!write || !known) return false;
    const { line, changes } = make(known);
    heads.set(chain, { head: line.hmac, length: known.length + 1 });
    try {
      await write([...changes, ...lineChanges(chain, known, line)].map(toStatement));
      return true;
    } catch (error) {
      heads.delete(chain); // whether it was kept is not known: the next one asks
      if (error instanceof SluiceError && error.code === "conflict") return false;
      throw error;
    }
  }

  /** One at a time on each chain: those that wait for their turn hold no connection. `work` leaves the head it wrote, or null. */
  async function inTurn<T>(chain: string, work: (transaction: SqlTransaction) => Promise<{ head: Head | null; result: T }>): Promise<T> {
    const before = turns.get(chain) ?? Promise.resolve();
    const done = before.then(async () => {
      const { head, result } = await database.transaction().execute(work);
      if (head) heads.set(chain, head);
      return result;
    });
    turns.set(chain, done.catch(() => undefined));
    return done;
  }

  return {
    async append(chain, make, settled) {
      const changes = settled ? settleChanges(settled.id, "settled", inNano(settled.charge), isoTime(clock)) : [];
      if (await atOnce(chain, ({ head, length }) => ({ line: make(head, length), changes }))) return;
      await inTurn(chain, async (transaction) => {
        await lock(transaction, `audit ${chain}`);
        if (settled) await settleReservation(transaction, settled.id, "settled", inNano(settled.charge), isoTime(clock));
        return { head: await addLine(transaction, chain, make), result: undefined };
      });
    },

    async reserve(asked, chain, make) {
      const leave = asked.documents ? await mayLeave(database, asked.documents) : { releaseId: null };
      const reserve = reserveChange(asked, leave?.releaseId ?? null, isoTime(clock));
      if (leave && (await atOnce(chain, ({ head, length }) => ({ line: make(head, length, leave.releaseId), changes: [reserve] })))) return granted(leave.releaseId);
      return inTurn(chain, (transaction) => reserveInTransaction(transaction, asked, chain, make));
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

  async function reserveInTransaction(transaction: SqlTransaction, asked: AskedReservation, chain: string, make: Parameters<AuditLedger["reserve"]>[2]): Promise<{ head: Head | null; result: Reserved }> {
    const { reserved, isNew } = await reserveIn(transaction, asked, isoTime(clock));
    if (!isNew || !reserved.ok) return { head: null, result: reserved };
    await lock(transaction, `audit ${chain}`);
    return { head: await addLine(transaction, chain, (previous, length) => make(previous, length, reserved.releaseId ?? null)), result: reserved };
  }
}

async function addLine(transaction: SqlTransaction, chain: string, make: (previous: string, length: number) => AuditLine): Promise<Head> {
  const before = (await transaction.selectFrom("ledger_audit_chains").select(["head", "length"]).where("chain", "=", chain).executeTakeFirst()) ?? { head: "", length: 0 };
  const line = make(before.head, before.length);
  await runChanges(transaction, lineChanges(chain, before, line));
  return { head: line.hmac, length: before.length + 1 };
}

/** Fails where the chain goes on otherwise than from `before`. */
const lineChanges = (chain: string, before: Head, { line, hmac }: AuditLine): Change[] => [
  {
    sql: sql`insert into ledger_audit_chains (chain, head, length) values (${chain}, ${hmac}, ${before.length + 1})
      on conflict (chain) do update set head = excluded.head, length = excluded.length where ledger_audit_chains.head = ${before.head} and ledger_audit_chains.length = ${before.length}`,
    changes: 1,
  },
  { sql: sql`insert into ledger_audit (chain, position, line, hmac) values (${chain}, ${before.length}, ${line}, ${hmac})` },
];
