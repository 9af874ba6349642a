import { SluiceError } from "../../errors.ts";
import type { DocumentPlan } from "../document-writer.ts";
import { commitChanges, runChanges } from "./commit-changes.ts";
import { intentsOf, isOpenedBy, overtaken } from "./intent-rows.ts";
import type { IntentLedger } from "./intents.ts";
import { recountTerms, termRowsOf, type TermRow } from "./recount-terms.ts";
import { engineOf, isoTime, lockDocuments, mustHold, type Clock, type Sql, type SqlTransaction } from "./sql.ts";
import type { ChunkTerms } from "./chunk-terms.ts";

/** The commit mark: one transaction over everything the ledger holds of the plans. */
export function openCommit(database: Sql, clock: Clock): IntentLedger["commit"] {
  return async (plans, revisions, lease, terms) => {
    const ids = plans.map(({ documentId }) => documentId);
    await database.transaction().execute(async (transaction) => {
      await lockDocuments(transaction, ids);
      await mustHold(transaction, lease);
      const intents = await intentsOf(transaction, ids);
      const lost = ids.find((id) => !isOpenedBy(intents.get(id), revisions.get(id), lease) || intents.get(id)!.phase === "erasing");
      if (lost !== undefined) throw overtaken(lost);
      const committed = ids.filter((id) => intents.get(id)!.phase !== "writing");
      // The answer to an earlier commit was lost on its way.
      if (committed.length === ids.length) return;
      if (committed.length > 0) throw new SluiceError("internal", `[ledger] document ${committed[0]} was committed without the others of its job; nothing of this write was kept`);
      for (const plan of plans) await commitOne(transaction, plan, revisions.get(plan.documentId)!, isoTime(clock));
      if (terms) await recount(transaction, plans, terms);
    });
  };
}

async function commitOne(transaction: SqlTransaction, plan: DocumentPlan, revision: number, now: string): Promise<void> {
  await runChanges(transaction, commitChanges(engineOf(transaction), plan, now));
  await transaction.updateTable("ledger_documents").set({ committed_revision: revision }).where("id", "=", plan.documentId).execute();
  await transaction.updateTable("ledger_intents").set({ phase: "cleaning", committed: revision, unsettled: 0 }).where("document_id", "=", plan.documentId).execute();
}

async function recount(transaction: SqlTransaction, plans: DocumentPlan[], terms: ReadonlyMap<string, ChunkTerms[]>): Promise<void> {
  const after = plans.flatMap(({ scope: { tenant, collection }, documentId }): TermRow[] => (terms.get(documentId) ?? []).map((chunk) => ({ tenant, collection, documentId, ...chunk })));
  await recountTerms(transaction, await termRowsOf(transaction, plans.map(({ documentId }) => documentId)), after);
}
