import { setTimeout as sleep } from "node:timers/promises";
import { isOver, type Job } from "../data/job.ts";
import type { Principal } from "../data/principal.ts";
import { isAbort, publicError, SluiceError } from "../errors.ts";
import type { DocumentRow, JobRow } from "../stores/ledger/ledger.ts";
import type { WakeUps } from "../stores/queue/wake-ups.ts";
import { accept, type AcceptParts } from "./accept.ts";
import { openJobEvents } from "./events.ts";
import type { Jobs } from "./jobs.ts";
import { isGone } from "./lease-owner.ts";
import { stopJobs } from "./stop-jobs.ts";
import { sweepOrphans } from "./sweep-orphans.ts";
import { workOn, type WorkerParts } from "./worker.ts";

export interface JobsParts extends AcceptParts, Omit<WorkerParts, "changed" | keyof AcceptParts> {
  wakeUps: WakeUps;
  /** Jobs this process works on at once. */
  concurrency: number;
  /** False while a kind of model that has answered before does not: jobs that wait for one need not be tried. */
  modelsAnswer(): boolean;
  /** ms between looks into the ledger for jobs that came due. */
  pollMs: number;
}

/** Accepts work and does it. The ledger says what there is to do; the queue only wakes. */
export function openJobs(parts: JobsParts): Jobs {
  const { ledger, queue } = parts;
  const stopParts = { jobs: ledger.jobs, queue, wakeUps: parts.wakeUps };
  const events = openJobEvents(ledger, parts.wakeUps);
  parts.wakeUps.on("cancelled", (jobId) => void stopIfCancelled(jobId));
  const draining = new AbortController();
  const loops: Promise<void>[] = [];

  async function need(principal: Principal, jobId: string): Promise<JobRow> {
    const job = await ledger.jobs.get(principal, jobId);
    if (!job) throw new SluiceError("not_found", `there is no job ${jobId}`);
    return job;
  }

  /** In the process that works on the job, whichever was asked to cancel it; the renewal of its lease sees it later otherwise. */
  async function stopIfCancelled(jobId: string): Promise<void> {
    const run = parts.runs.find(jobId);
    const row = run && (await ledger.jobs.row(jobId).catch(() => null));
    if (row?.cancelRequested) run!.controller.abort(new DOMException("cancelled", "AbortError"));
  }

  /** Everything that was accepted and is not over is found here again, whatever the queue has forgotten. */
  async function poll(): Promise<void> {
    while (!draining.signal.aborted) {
      try {
        // A process of this machine that was killed is not waited for.
        for (const owner of (await ledger.jobs.owners()).filter(isGone)) await ledger.jobs.abandon(owner);
        for (const job of await ledger.jobs.due(100)) {
          if (job.status === "waiting" && job.waitingFor === "model" && !parts.modelsAnswer()) continue;
          if (!parts.runs.find(job.id)) await queue.add({ jobId: job.id, documentId: job.documentId, priority: 10 });
        }
      } catch (error) {
        parts.log.error({ code: publicError(error).code }, "looking for due jobs failed; trying again");
      }
      await sleep(parts.pollMs, undefined, { signal: draining.signal }).catch(() => undefined);
    }
  }

  async function loop(): Promise<void> {
    while (!draining.signal.aborted) {
      try {
        const item = await queue.take(draining.signal);
        try {
          await workOn(item, { ...parts, changed: events.changed }, draining.signal);
        } finally {
          await queue.done(item);
        }
      } catch (error) {
        if (isAbort(error)) return;
        parts.log.error({ code: publicError(error).code }, "a worker loop failed; going on");
        await sleep(500, undefined, { signal: draining.signal }).catch(() => undefined);
      }
    }
  }

  return {
    accept: (principal, file, options) => accept(principal, file, options, parts),
    async begin(principal, documentId, kind) {
      const document = await ledger.documents.get(principal, documentId);
      if (!document) throw new SluiceError("not_found", `there is no document ${documentId}`);
      if (document.parentId && !document.isEntry) throw new SluiceError("conflict", `document ${documentId} is an attachment; use its parent ${document.parentId}`);
      // Its bytes would still be in the archive that is kept.
      if (document.parentId && kind === "erase") throw new SluiceError("conflict", `document ${documentId} is an entry of archive ${document.parentId}; erase the archive, or upload it again without this entry`);
      if (kind === "erase") await stopJobs(await ledger.intents.tree([documentId]), stopParts);
      const job = await ledger.jobs.create({ tenant: document.tenant, collection: document.collection, documentId, name: document.name, kind });
      await queue.add({ jobId: job.id, documentId, priority: kind === "erase" ? 0 : 10 });
      await storeArchives(document);
      return job;
    },
    async storeAgain(document) {
      const jobId = await storeOne(document);
      await storeArchives(document);
      return jobId;
    },
    async approve(principal, jobId) {
      const { documentId } = await need(principal, jobId);
      if (!(await ledger.jobs.approve(jobId))) throw new SluiceError("conflict", `job ${jobId} is over already`);
      await queue.add({ jobId, documentId, priority: 10 });
      events.changed(jobId);
      return need(principal, jobId);
    },
    async cancel(principal, jobId) {
      const { documentId } = await need(principal, jobId);
      if (!(await ledger.jobs.cancel(jobId))) throw new SluiceError("conflict", `job ${jobId} is over already`);
      for (const { id } of [{ id: jobId }, ...(await entriesBelow(documentId))]) {
        await queue.remove(id);
        parts.wakeUps.say("cancelled", id);
        events.changed(id);
      }
      return need(principal, jobId);
    },
    async retry(principal, jobId) {
      const job = await need(principal, jobId);
      await parts.forgetThreads([jobId]);
      const again = await ledger.jobs.retry(jobId);
      await queue.add({ jobId, documentId: again.documentId, priority: 10 });
      const archive = job.parentId && (await ledger.jobs.row(job.parentId));
      const document = archive && isOver(archive.status) ? await ledger.documents.row(job.documentId) : null;
      if (document) await storeArchives(document);
      return again;
    },
    async *events(principal, jobId, after, signal) {
      await need(principal, jobId);
      yield* events.read(jobId, after, signal);
    },
    async start() {
      if (parts.concurrency === 0) return;
      for (let index = 0; index < parts.concurrency; index++) loops.push(loop());
      loops.push(poll());
      loops.push(sweepOrphans(parts.files, ledger.documents, draining.signal).catch((error: unknown) => parts.log.warn({ code: publicError(error).code }, "looking for files without a document failed; the next start tries again")));
    },
    async settled(jobId, signal): Promise<Job> {
      for (;;) {
        const row = await ledger.jobs.row(jobId);
        if (!row) throw new SluiceError("not_found", `there is no job ${jobId}`);
        if (isOver(row.status) || (row.status === "waiting" && row.waitingFor !== "entries")) return row;
        signal.throwIfAborted();
        await events.wake(jobId, signal);
      }
    },
    async stop() {
      draining.abort(new DOMException("draining", "AbortError"));
      await Promise.all(loops);
    },
  };

  async function storeOne({ tenant, collection, id, name }: DocumentRow): Promise<string> {
    const job = await ledger.jobs.create({ tenant, collection, documentId: id, name, kind: "ingest", approved: true });
    await queue.add({ jobId: job.id, documentId: id, priority: 10 });
    return job.id;
  }

  /** What becomes of an entry changes the class of the archives it lies in: they are looked at again when it is done. */
  async function storeArchives(entry: DocumentRow): Promise<void> {
    for (let row: DocumentRow | null = entry; row?.isEntry && row.parentId; ) {
      row = await ledger.documents.row(row.parentId);
      if (row) await storeOne(row);
    }
  }

  async function entriesBelow(documentId: string): Promise<{ id: string }[]> {
    const below = (await ledger.intents.tree([documentId])).filter((id) => id !== documentId);
    return (await ledger.jobs.about(below)).filter(({ status }) => !isOver(status) || status === "cancelled");
  }
}
