import type { Insertable, Selectable } from "kysely";
import type { Class } from "../../data/classification.ts";
import { noCost } from "../../data/decision.ts";
import { noCounts } from "../../data/document.ts";
import { randomId } from "../../data/identity.ts";
import type { Job, JobKind, JobStatus } from "../../data/job.ts";
import type { JobRow } from "./ledger.ts";
import { lockDocuments, type SqlTransaction } from "./sql.ts";
import type { JobTable } from "./tables.ts";

export type StoredJob = Selectable<JobTable>;

export function toJobRow(row: StoredJob): JobRow {
  return {
    id: row.id,
    tenant: row.tenant,
    collection: row.collection,
    documentId: row.document_id,
    parentId: row.parent_id,
    name: row.name,
    kind: row.kind as JobKind,
    version: row.version,
    generation: row.generation,
    status: row.status as JobStatus,
    waitingFor: row.waiting_for,
    stage: row.stage,
    progress: row.progress,
    class: row.class as Class | null,
    counts: JSON.parse(row.counts) as Job["counts"],
    decisions: JSON.parse(row.decisions) as Job["decisions"],
    cost: JSON.parse(row.cost) as Job["cost"],
    warnings: JSON.parse(row.warnings) as Job["warnings"],
    error: row.error === null ? null : (JSON.parse(row.error) as Job["error"]),
    attempts: row.attempts,
    lease: row.lease_owner === null || row.lease_until === null ? null : { number: row.lease_number, owner: row.lease_owner, until: row.lease_until },
    cancelRequested: row.cancel_requested === 1,
    approved: row.approved_at !== null,
    acceptedAt: row.accepted_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

/** A queued job; its id sorts by the time it was accepted. */
export function newJob(job: { tenant: string; collection: string; documentId: string; name: string; kind: JobKind; version: number; generation: number; class: string | null; parentId?: string }, now: number): Insertable<JobTable> {
  const { documentId, parentId, ...rest } = job;
  return { id: randomId(now), document_id: documentId, parent_id: parentId ?? null, ...rest, status: "queued", counts: JSON.stringify(noCounts), cost: JSON.stringify(noCost), accepted_at: new Date(now).toISOString() };
}

/** Work on one document, and what decides about it, happens one after the other. */
export async function lockDocumentOf(transaction: SqlTransaction, jobId: string): Promise<void> {
  const job = await transaction.selectFrom("ledger_jobs").select("document_id").where("id", "=", jobId).executeTakeFirst();
  if (job) await lockDocuments(transaction, [job.document_id]);
}
