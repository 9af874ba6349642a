import { sql, type RawBuilder } from "kysely";
import { SluiceError } from "../../errors.ts";
import { isOver, type JobStatus } from "../../data/job.ts";
import { appendEvent } from "./job-events.ts";
import { lockDocumentOf, toJobRow } from "./job-rows.ts";
import { noJob } from "./ledger-errors.ts";
import type { JobLedger } from "./ledger.ts";
import { engineOf, isoTime, listed, lockDocuments, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

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
        const row = await transaction.selectFrom("ledger_jobs").select("status").where("id", "=", jobId).executeTakeFirst();
        if (!row) throw noJob(jobId);
        if (isOver(row.status as JobStatus)) return false;
        await cancelJobs(transaction, [jobId], isoTime(clock));
        return true;
      }),

    retry: (jobId) =>
      database.transaction().execute(async (transaction) => {
        await lockDocumentOf(transaction, jobId);
        const job = await transaction.selectFrom("ledger_jobs").selectAll().where("id", "=", jobId).executeTakeFirst();
        if (!job) throw noJob(jobId);
        if (!["failed", "cancelled", "waiting"].includes(job.status) && !(await hasFailedEntries(transaction, jobId))) throw new SluiceError("conflict", `job ${jobId} is ${job.status}; only a failed, cancelled or waiting job can be tried again`);
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
        // Entries that came to nothing get jobs of their own once more.
        await transaction.updateTable("ledger_jobs").set({ parent_id: null }).where("parent_id", "=", jobId).where("status", "in", ["failed", "cancelled"]).execute();
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

/** Entries of the job's archive that came to nothing. */
async function hasFailedEntries(transaction: SqlTransaction, jobId: string): Promise<boolean> {
  const failed = await transaction.selectFrom("ledger_jobs").select("id").where("parent_id", "=", jobId).where("status", "in", ["failed", "cancelled"]).executeTakeFirst();
  return failed !== undefined;
}

/**
 * Those of the jobs that are open, and the open jobs of their entries: one that a worker holds is asked to stop, any other
 * ends at once and its document is what it was before. The entries' first, as whoever ends one of them goes on to its archive's.
 */
export async function cancelJobs(transaction: SqlTransaction, jobIds: readonly string[], now: string): Promise<void> {
  const engine = engineOf(transaction);
  const levels = [[...jobIds]];
  for (let level = levels[0]!; level.length > 0; level = levels.at(-1)!) {
    const below = await transaction.selectFrom("ledger_jobs").select("id").where("parent_id", "in", listed(engine, level)).where("status", "in", open).execute();
    levels.push(below.map(({ id }) => id));
  }
  await lockDocuments(transaction, (await transaction.selectFrom("ledger_jobs").select("document_id").where("id", "in", listed(engine, levels.flat())).execute()).map((row) => row.document_id));
  for (const level of levels.toReversed()) if (level.length > 0) await cancelLevel(transaction, listed(engine, level), now);
}

const open = ["queued", "running", "waiting"];

async function cancelLevel(transaction: SqlTransaction, ids: RawBuilder<string>, now: string): Promise<void> {
  await transaction.updateTable("ledger_jobs").set({ cancel_requested: 1 }).where("id", "in", ids).where("status", "in", open).execute();
  const ended = await transaction
    .updateTable("ledger_jobs")
    .set({ status: "cancelled", waiting_for: null, not_before: null, finished_at: now, last_event: sql<number>`last_event + 1` })
    .where("id", "in", ids)
    .where("status", "in", open)
    .where("lease_owner", "is", null)
    .returning(["id", "document_id", "kind", "last_event"])
    .execute();
  for (const kind of ["erase", "other"] as const) {
    const of = ended.filter((job) => (job.kind === "erase") === (kind === "erase"));
    if (of.length === 0) continue;
    const engine = engineOf(transaction);
    await sql`insert into ledger_job_events (job_id, id, type, data, at) select j.id, j.last_event, 'cancelled', cast(${JSON.stringify({ status: "cancelled" })} as text), cast(${now} as text)
      from ledger_jobs j where j.id in ${listed(engine, of.map(({ id }) => id))}`.execute(transaction);
    await transaction
      .updateTable("ledger_documents")
      .set({ status: sql<string>`coalesce(committed_status, 'failed')`, updated_at: now })
      .where("id", "in", listed(engine, of.map((job) => job.document_id)))
      .where("status", "in", kind === "erase" ? ["erasing"] : ["queued", "processing"])
      .execute();
  }
}
