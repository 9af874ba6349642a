import type { Selectable } from "kysely";
import type { MemoLedger, MemoRow } from "./ledger.ts";
import { inNano, settleReservation } from "./settle.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";
import type { MemoTable } from "./tables.ts";
import { addUsage } from "./usage.ts";

export function openMemoLedger(database: Sql, clock: Clock): MemoLedger {
  return {
    async get(key) {
      const row = await database
        .selectFrom("ledger_memo")
        .selectAll()
        .where("document_id", "=", key.documentId)
        .where("chunk_id", "=", key.chunkId)
        .where("step", "=", key.step)
        .where("messages_hash", "=", key.messagesHash)
        .where("generation", "=", key.generation)
        .where("valid", "=", 1)
        .orderBy("attempt", "desc")
        .executeTakeFirst();
      return row ? toMemoRow(row) : null;
    },

    async list(documentId) {
      const rows = await database.selectFrom("ledger_memo").selectAll().where("document_id", "=", documentId).orderBy("attempt").execute();
      return rows.map(toMemoRow);
    },

    async put(row, settlement, usage) {
      const unique = ["document_id", "chunk_id", "step", "messages_hash", "generation", "attempt"] as const;
      const answer = { valid: row.valid ? 1 : 0, answer: row.answer };
      await database.transaction().execute(async (transaction) => {
        if (settlement) await settleReservation(transaction, settlement.reservationId, "settled", inNano(settlement), isoTime(clock));
        const insert = transaction
          .insertInto("ledger_memo")
          .values({ document_id: row.documentId, chunk_id: row.chunkId, step: row.step, messages_hash: row.messagesHash, generation: row.generation, attempt: row.attempt, ...answer });
        const made = await insert.onConflict((conflict) => conflict.columns(unique).doNothing()).returning("attempt").executeTakeFirst();
        // Asked again after the answer was lost, it counts once. The usage comes last: its rows are everybody's.
        if (!made) await insert.onConflict((conflict) => conflict.columns(unique).doUpdateSet(answer)).execute();
        else if (usage) await addUsage(transaction, [usage], isoTime(clock).slice(0, 10));
      });
    },

    async invalidate(key) {
      await database
        .updateTable("ledger_memo")
        .set({ valid: 0 })
        .where("document_id", "=", key.documentId)
        .where("chunk_id", "=", key.chunkId)
        .where("step", "=", key.step)
        .where("messages_hash", "=", key.messagesHash)
        .where("generation", "=", key.generation)
        .where("attempt", "=", key.attempt)
        .execute();
    },
  };
}

const toMemoRow = (row: Selectable<MemoTable>): MemoRow => ({
  documentId: row.document_id,
  chunkId: row.chunk_id,
  step: row.step,
  messagesHash: row.messages_hash,
  generation: row.generation,
  attempt: row.attempt,
  valid: row.valid === 1,
  answer: row.answer,
});
