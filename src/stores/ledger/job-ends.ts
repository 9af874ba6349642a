import { sql } from "kysely";
import { SluiceError } from "../../errors.ts";
import { isOver, type JobStatus } from "../../data/job.ts";
import { appendEvent } from "./job-events.ts";
import { lockDocumentOf, toJobRow } from "./job-rows.ts";
import { noJob } from "./ledger-errors.ts";
import type { JobLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

export function openJobEnds(database: Sql, clock: Clock): Pick<JobLedger, "approve" | "cancel" | "retry"> {
  return {
    approve: (jobId) =>
      database.transaction().execute(async (transaction) => {
        const job = await transaction
          .updateTable("ledger_jobs")
          .set({ approved_at: sql<string>`coalesce(approved_at, ${isoTime(clock)})` })
          .where("id", "=", jobId)
          .where("status", "in", ["queued", "running", "waiting"])
          .returning(["status", "waiting_for", "lease_owner"])
          .executeTakeFirst();
        if (!job) return exists(transaction, jobId);
        if (job.status === "waiting" && job.waiting_for === "approval" && job.lease_owner === null) {
          await transaction.updateTable("ledger_jobs").set({ status: "queued", waiting_for: null, not_before: null }).where("id", "=", jobId).execute();
          await appendEvent(transaction, jobId, "progress", { status: "queued", approved: true }, isoTime(clock));
        }
        return true;
      }),

    cancel: (jobId) =>
      database.transaction().execute(async (transaction) => {
        await lockDocumentOf(transaction, jobId);
        return cancelJob(transaction, jobId, isoTime(clock));
      }),

    retry: (jobId) =>
      database.transaction().execute(async (transaction) => {
        await lockDocumentOf(transaction, jobId);
        const job = await transaction.selectFrom("ledger_jobs").selectAll().where("id", "=", jobId).executeTakeFirst();
        if (!job) throw noJob(jobId);
        if (!["failed", "cancelled", "waiting"].includes(job.status)) throw new SluiceError("conflict", `job ${jobId} is ${job.status}; only a failed, cancelled or waiting job can be tried again`);
        const document = await transaction.selectFrom("ledger_documents").select(["version", "status", "generation"]).where("id", "=", job.document_id).executeTakeFirst();
        if (document && document.version > job.version) throw new SluiceError("conflict", `job ${jobId} is about version ${job.version} of its document, which has a newer one; retry the newer version's job`);
        if (document?.status === "erasing" && job.kind !== "erase") throw new SluiceError("conflict", `the document of job ${jobId} is being erased`);
        const generation = Math.max(job.generation, document?.generation ?? 0) + 1;
        await transaction.updateTable("ledger_documents").set({ generation, ...(job.kind === "erase" ? {} : { status: "queued" }) }).where("id", "=", job.document_id).execute();
        const row = await transaction
          .updateTable("ledger_jobs")
          .set({ status: "queued", generation, waiting_for: null, not_before: null, stage: null, progress: 0, error: null, attempts: 0, cancel_requested: 0, finished_at: null, lease_number: sql<number>`lease_number + 1`, lease_owner: null, lease_until: null })
          .where("id", "=", jobId)
          .returningAll()
          .executeTakeFirstOrThrow();
        await appendEvent(transaction, jobId, "progress", { status: "queued" }, isoTime(clock));
        return toJobRow(row);
      }),
  };
}

/** False for a job that is over. Throws `not_found`. */
async function exists(transaction: SqlTransaction, jobId: string): Promise<false> {
  if (!(await transaction.selectFrom("ledger_jobs").select("id").where("id", "=", jobId).executeTakeFirst())) throw noJob(jobId);
  return false;
}

/** A job that a worker holds is asked to stop, any other ends at once and its document is what it was before. */
export async function cancelJob(transaction: SqlTransaction, jobId: string, now: string): Promise<boolean> {
  const job = await transaction.selectFrom("ledger_jobs").select(["status", "document_id", "kind", "lease_owner"]).where("id", "=", jobId).executeTakeFirst();
  if (!job) throw noJob(jobId);
  if (isOver(job.status as JobStatus)) return false;
  if (job.lease_owner !== null) {
    await transaction.updateTable("ledger_jobs").set({ cancel_requested: 1 }).where("id", "=", jobId).execute();
    return true;
  }
  await transaction.updateTable("ledger_jobs").set({ status: "cancelled", waiting_for: null, not_before: null, finished_at: now }).where("id", "=", jobId).execute();
  await appendEvent(transaction, jobId, "cancelled", { status: "cancelled" }, now);
  await transaction
    .updateTable("ledger_documents")
    .set({ status: sql<string>`coalesce(committed_status, 'failed')`, updated_at: now })
    .where("id", "=", job.document_id)
    .where("status", "in", job.kind === "erase" ? ["erasing"] : ["queued", "processing"])
    .execute();
  return true;
}
