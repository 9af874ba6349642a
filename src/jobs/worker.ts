import { isOver } from "../data/job.ts";
import type { Estimate } from "../data/estimate.ts";
import { isAbort, placesOf, publicError, SluiceError, Waiting } from "../errors.ts";
import type { Lease } from "../stores/document-writer.ts";
import type { JobRow, Ledger } from "../stores/ledger/ledger.ts";
import type { Queue, QueueItem } from "../stores/queue/queue.ts";
import { counter, type Log } from "../telemetry.ts";
import type { ActiveRun, ActiveRuns } from "./active-runs.ts";
import { leaseOwner } from "./lease-owner.ts";
import { perform, type PerformParts } from "./perform.ts";
import { progressReporter } from "./progress.ts";

export interface WorkerParts extends PerformParts {
  ledger: Ledger;
  queue: Queue;
  runs: ActiveRuns;
  log: Log;
  changed(jobId: string): void;
  /** ms a lease holds without renewal. */
  leaseMs: number;
  /** ms a job waits for a model before it is looked at again. */
  waitMs: number;
  /** Where jobs wait for approval: what one would come to. */
  estimate: ((job: JobRow, signal: AbortSignal) => Promise<Estimate>) | null;
  /** Attempts before a job that keeps dying is failed. */
  maxAttempts: number;
}

const jobsTotal = counter("sluice_jobs_total", "Jobs by how they ended", ["status"]);

/** Takes one job through its work: lease, perform, finish. Never throws; what went wrong is the job's status. */
export async function workOn(item: QueueItem, parts: WorkerParts, draining: AbortSignal): Promise<void> {
  const lease = await parts.ledger.jobs.claim(item.jobId, leaseOwner, parts.leaseMs);
  if (!lease) return;
  const job = await parts.ledger.jobs.row(item.jobId);
  if (!job) return;
  const controller = new AbortController();
  const progress = progressReporter(parts.ledger.jobs, lease, () => parts.changed(job.id));
  const run: ActiveRun = { jobId: job.id, scope: { tenant: job.tenant, collection: job.collection }, userId: null, lease, controller, report: progress.report };
  const renewal = setInterval(() => void renew(run, parts), parts.leaseMs / 3);
  const drain = () => controller.abort(new DOMException("draining", "AbortError"));
  draining.addEventListener("abort", drain, { once: true });
  parts.runs.set(run);
  try {
    if (job.attempts > parts.maxAttempts) throw new SluiceError("internal", `job ${job.id} died ${parts.maxAttempts} times; the log says where; retry it when that is mended`);
    await parts.ledger.jobs.update(lease, { status: "running" });
    const estimate = await estimateFirst(job, run, parts);
    if (estimate) return await end(job, lease, "waiting", { waitingFor: "approval", estimate }, parts);
    await perform(job, run, parts);
    await progress.settled();
    await end(job, lease, "done", {}, parts);
  } catch (error) {
    await progress.settled();
    await settleFailure(job, lease, error, draining.aborted, parts).catch((failure: unknown) => parts.log.warn({ job_id: job.id, code: publicError(failure).code }, "the job's end could not be written; its lease will run out"));
  } finally {
    clearInterval(renewal);
    draining.removeEventListener("abort", drain);
    parts.runs.delete(job.id);
    parts.changed(job.id);
  }
}

/** What a job would come to that nobody has approved yet; null where it may go on. What cannot be read costs nothing, and fails at once. */
async function estimateFirst(job: JobRow, run: ActiveRun, parts: WorkerParts): Promise<Estimate | null> {
  if (!parts.estimate || job.approved || (job.kind !== "ingest" && job.kind !== "reprocess")) return null;
  const estimate = await parts.estimate(job, run.controller.signal);
  const row = await parts.ledger.jobs.row(job.id);
  return row?.approved || estimate.documents === 0 ? null : estimate;
}

async function renew(run: ActiveRun, parts: WorkerParts): Promise<void> {
  try {
    const held = await parts.ledger.jobs.renew(run.lease, parts.leaseMs);
    const row = held ? await parts.ledger.jobs.row(run.jobId) : null;
    if (!held || row?.cancelRequested) run.controller.abort(new DOMException(held ? "cancelled" : "lease lost", "AbortError"));
  } catch {
    // The ledger is busy or away: the lease runs out by itself if that lasts.
  }
}

async function settleFailure(job: JobRow, lease: Lease, error: unknown, draining: boolean, parts: WorkerParts): Promise<void> {
  const row = await parts.ledger.jobs.row(job.id);
  if (error instanceof Waiting && !row?.cancelRequested) return end(job, lease, "waiting", { waitingFor: error.waitingFor }, parts);
  if (row?.cancelRequested) return end(job, lease, "cancelled", { error: { code: "cancelled", message: `job ${job.id} was cancelled` } }, parts);
  if (draining && (isAbort(error) || (error instanceof SluiceError && error.code === "cancelled"))) return parts.ledger.jobs.finish(lease, "queued", { pauseMs: null });
  const shown = publicError(error);
  const retryable = error instanceof SluiceError && error.retryable;
  parts.log.warn({ job_id: job.id, document_id: job.documentId, code: shown.code, retryable, ...(shown.code === "internal" ? { stack: placesOf(error) } : {}) }, shown.message);
  if (shown.code === "model_unavailable" && retryable) return end(job, lease, "waiting", { waitingFor: "model", pauseMs: parts.waitMs, error: shown }, parts);
  if (retryable && job.attempts < parts.maxAttempts) return parts.ledger.jobs.finish(lease, "queued", { pauseMs: 1_000 * 2 ** job.attempts, error: shown });
  // A store that stays away is no fault of the document: the job goes on when it is back.
  if (retryable && shown.code === "store") return end(job, lease, "waiting", { waitingFor: "store", pauseMs: parts.waitMs, error: shown }, parts);
  await end(job, lease, "failed", { error: shown }, parts);
}

async function end(job: JobRow, lease: Lease, status: "done" | "failed" | "cancelled" | "waiting", patch: Parameters<Ledger["jobs"]["finish"]>[2], parts: WorkerParts): Promise<void> {
  if (job.kind !== "erase" && (status === "failed" || status === "cancelled")) await parts.ledger.documents.settle(job.documentId, job.version, status === "failed" ? whyNot(job, patch.error) : null, lease);
  await parts.ledger.jobs.finish(lease, status, patch);
  jobsTotal.inc({ status });
  await wakeArchive(job, parts);
}

/** Its job may be the last that the archive waited for; who finds out otherwise is the next look into the ledger. */
async function wakeArchive({ id, parentId }: JobRow, { ledger, queue, changed }: WorkerParts): Promise<void> {
  const now = parentId === null ? null : await ledger.jobs.row(id);
  const archive = now?.parentId && isOver(now.status) ? await ledger.jobs.row(now.parentId) : null;
  if (archive?.status !== "waiting") return;
  await queue.add({ jobId: archive.id, documentId: archive.documentId, priority: 10 });
  changed(archive.id);
}

const whyNot = (job: JobRow, error: { message: string } | null | undefined) => ({ code: "version_failed", message: `version ${job.version} could not be read (job ${job.id}): ${error?.message ?? "no reason is known"}` });
