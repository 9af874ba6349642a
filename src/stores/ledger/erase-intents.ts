import { sql } from "kysely";
import type { Lease } from "../document-writer.ts";
import { eraseChanges, jobsOf, runChanges, treeOf } from "./commit-changes.ts";
import { endedAt, intentsOf, overtaken } from "./intent-rows.ts";
import type { IntentLedger } from "./intents.ts";
import { recountTerms, termRowsOf } from "./recount-terms.ts";
import { engineOf, isoTime, listed, lockDocuments, mustHold, rowsOf, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** An erasure that began is only ever finished: what was removed from one store does not come back. So it waits for nobody who mends. */
export function openErasures(database: Sql, clock: Clock): Pick<IntentLedger, "tree" | "beginErase" | "finishErase"> {
  return {
    async tree(documentIds) {
      const ids = new Set(documentIds);
      for (const id of ids) for (const row of (await treeOf(id).execute(database)).rows) ids.add(row.id);
      return [...ids];
    },

    beginErase: (documentIds, lease) =>
      database.transaction().execute(async (transaction) => {
        const now = isoTime(clock);
        await lockDocuments(transaction, documentIds);
        await mustHold(transaction, lease);
        await eraseFromNow(transaction, documentIds, lease, now);
      }),

    finishErase: (documentIds, lease) =>
      database.transaction().execute(async (transaction) => {
        const engine = engineOf(transaction);
        await lockDocuments(transaction, documentIds);
        await mustHold(transaction, lease);
        const intents = await intentsOf(transaction, documentIds);
        // Ended: an earlier answer to this was lost on its way. One that is handed out for mending is only finished, too.
        for (const [id, intent] of intents) if (!["erasing", "ended"].includes(intent.phase) || (lease && (intent.job_id !== lease.jobId || intent.lease_number !== lease.number))) throw overtaken(id);
        const { rows } = await jobsOf(engine, documentIds).execute(transaction);
        await runChanges(transaction, eraseChanges(engine, documentIds));
        await transaction.updateTable("ledger_intents").set(endedAt(isoTime(clock))).where("document_id", "in", listed(engine, documentIds)).execute();
        await recountTerms(transaction, await termRowsOf(transaction, documentIds), []);
        return { jobIds: rows.map(({ id }) => id) };
      }),
  };
}

/** Also for documents that a crashed job left without a row here: they are found in the stores by their parent. */
async function eraseFromNow(transaction: SqlTransaction, documentIds: readonly string[], lease: Lease, now: string): Promise<void> {
  await sql`insert into ledger_intents (document_id, tenant, job_id, lease_number, revision, committed, phase, opened_at)
    select asked.value, j.tenant, j.id, j.lease_number, coalesce(d.revision, 0), null, 'erasing', cast(${now} as text)
    from (select value from ${rowsOf(engineOf(transaction), documentIds)}) as asked
      join ledger_jobs j on j.id = ${lease.jobId} left join ledger_documents d on d.id = asked.value where true
    on conflict (document_id) do update set job_id = excluded.job_id, lease_number = excluded.lease_number, committed = null, phase = 'erasing', held_until = null`.execute(transaction);
}
