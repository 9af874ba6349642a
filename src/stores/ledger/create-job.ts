import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import { documentsBelow } from "./document-rows.ts";
import { cancelJobs } from "./job-ends.ts";
import { newJob, toJobRow } from "./job-rows.ts";
import { noDocument } from "./ledger-errors.ts";
import type { JobLedger, JobRow } from "./ledger.ts";
import { engineOf, isoTime, listed, lockDocuments, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/**
 * A job on a document that is there. `erase` marks the document and everything below it and ends their other jobs in the
 * same transaction, so that nothing is committed after it; asked again while it runs, it is the same job. `reprocess`
 * starts a new generation, and its class has to be read again before anything leaves.
 */
export function openCreateJob(database: Sql, clock: Clock): Pick<JobLedger, "create"> {
  return {
    create: (job) =>
      database.transaction().execute(async (transaction) => {
        const { approved, ...wanted } = job;
        await lockDocuments(transaction, [job.documentId]);
        const document = await transaction.selectFrom("ledger_documents").select(["version", "generation", "class", "status"]).where("id", "=", job.documentId).where("tenant", "=", job.tenant).executeTakeFirst();
        if (!document && job.kind !== "reindex") throw noDocument(job.documentId);
        if (document?.status === "erasing" && job.kind !== "erase") throw new SluiceError("conflict", `document ${job.documentId} is being erased`);
        if (job.kind === "erase") {
          const running = await openErase(transaction, job.documentId);
          if (running) return running;
          await beginErase(transaction, job.documentId, isoTime(clock));
        }
        if (job.kind === "reprocess") await beginReprocess(transaction, job.documentId, document!.generation + 1, isoTime(clock));
        const generation = job.generation ?? (document?.generation ?? 0) + (job.kind === "reprocess" ? 1 : 0);
        const row = newJob({ ...wanted, version: document?.version ?? 0, generation, class: document?.class ?? null }, clock());
        await transaction.insertInto("ledger_jobs").values({ ...row, approved_at: approved ? isoTime(clock) : null }).execute();
        return toJobRow(await transaction.selectFrom("ledger_jobs").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow());
      }),
  };
}

async function openErase(transaction: SqlTransaction, documentId: string): Promise<JobRow | null> {
  const row = await transaction.selectFrom("ledger_jobs").selectAll().where("document_id", "=", documentId).where("kind", "=", "erase").where("status", "in", ["queued", "running", "waiting"]).executeTakeFirst();
  return row ? toJobRow(row) : null;
}

async function beginErase(transaction: SqlTransaction, documentId: string, now: string): Promise<void> {
  const ids = await documentsBelow(transaction, documentId);
  await lockDocuments(transaction, ids);
  const all = listed(engineOf(transaction), ids);
  const jobs = await transaction.selectFrom("ledger_jobs").select("id").where("document_id", "in", all).where("kind", "<>", "erase").where("status", "in", ["queued", "running", "waiting"]).execute();
  await cancelJobs(transaction, jobs.map(({ id }) => id), now);
  await transaction.updateTable("ledger_documents").set({ status: "erasing", updated_at: now }).where("id", "in", all).execute();
}

export async function beginReprocess(transaction: SqlTransaction, documentId: string, generation: number, now: string): Promise<void> {
  await transaction
    .updateTable("ledger_documents")
    .set({ generation, status: "queued", updated_at: now })
    .where("id", "=", documentId)
    .execute();
  await transaction.updateTable("ledger_versions").set({ class: null }).where("document_id", "=", documentId).where("version", "=", sql<number>`(select d.version from ledger_documents d where d.id = ${documentId})`).execute();
}
