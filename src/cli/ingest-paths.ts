import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Class } from "../data/classification.ts";
import { isOver, type Job, type JobEvent } from "../data/job.ts";
import type { Principal } from "../data/principal.ts";
import { isAbort, publicError, SluiceError } from "../errors.ts";
import type { ReceivedFile } from "../data/upload.ts";
import type { CliApp } from "./cli-app.ts";
import { everyPage } from "./command-context.ts";
import { findFiles, keyOf, type FoundFile } from "./find-files.ts";

/** What is told while files go through: every file is `accepted`, `skipped` or `refused`, every accepted one is `ended`. */
export type IngestProgress =
  | { type: "accepted"; path: string; job: Job; unchanged: boolean }
  | { type: "event"; path: string; event: JobEvent }
  | { type: "skipped"; path: string; message: string }
  | { type: "refused"; path: string; code: string; message: string }
  | { type: "ended"; path: string; job: Job; unchanged: boolean };

export interface IngestOptions {
  app: CliApp;
  principal: Principal;
  collection: string;
  class: Class | null;
  cwd: string;
  signal: AbortSignal;
  /** Jobs need not wait for approval. */
  approve?: boolean;
  onProgress: (progress: IngestProgress) => void | Promise<void>;
}

export interface IngestSummary {
  documents: number;
  done: number;
  failed: number;
  /** Estimated, and not yet approved. */
  waiting: number;
  /** Of `done`: already there with these bytes. */
  unchanged: number;
  /** Met in a folder, and of a format that nothing reads. */
  skipped: number;
  chunks: number;
  entities: number;
  relations: number;
  calls: number;
  usd: number;
  ms: number;
}

/** Jobs followed at once; files are hashed and accepted one after the other. */
const following = 64;

/** Hands files and folders to the application and follows their jobs to the end. */
export async function ingestPaths(paths: string[], options: IngestOptions): Promise<IngestSummary> {
  const start = performance.now();
  const summary: IngestSummary = { documents: 0, done: 0, failed: 0, waiting: 0, unchanged: 0, skipped: 0, chunks: 0, entities: 0, relations: 0, calls: 0, usd: 0, ms: 0 };
  const running = new Set<Promise<void>>();
  for await (const file of findFiles(paths, { cwd: options.cwd, except: options.app.directory })) {
    options.signal.throwIfAborted();
    const accepted = await acceptFile(file, options, summary);
    if (accepted === null) continue;
    const ended: Promise<void> = followToEnd(accepted.job, file.path, accepted.unchanged, options, summary).finally(() => running.delete(ended));
    ended.catch(() => undefined);
    running.add(ended);
    while (running.size >= following) await Promise.race(running);
  }
  await Promise.all(running);
  summary.ms = Math.round(performance.now() - start);
  return summary;
}

async function acceptFile(file: FoundFile, options: IngestOptions, summary: IngestSummary): Promise<{ job: Job; unchanged: boolean } | null> {
  const { path } = file;
  try {
    if (file.error !== null) throw new SluiceError("invalid_input", file.error);
    const { jobId, duplicate } = await upload(path, options);
    let job = await options.app.jobs.get(options.principal, jobId);
    if (options.approve && job !== null && !isOver(job.status)) job = await options.app.jobs.approve(options.principal, jobId);
    if (job === null) throw new SluiceError("internal", `job ${jobId} was accepted and is not there`);
    const unchanged = duplicate && isOver(job.status);
    await options.onProgress({ type: "accepted", path, job, unchanged });
    return { job, unchanged };
  } catch (error) {
    if (isAbort(error)) throw error;
    const { code, message } = publicError(error);
    if (code === "unsupported_type" && !file.named) {
      summary.skipped++;
      await options.onProgress({ type: "skipped", path, message });
    } else {
      summary.documents++;
      summary.failed++;
      await options.onProgress({ type: "refused", path, code, message });
    }
    return null;
  }
}

/** Waits where the queue is full: a folder may hold more than may wait. */
async function upload(path: string, { app, principal, collection, cwd, signal, ...options }: IngestOptions): Promise<{ jobId: string; duplicate: boolean }> {
  const file = await copyIn(path, await app.temporary());
  try {
    for (;;) {
      try {
        return await app.documents.upload(principal, file, { collection, key: keyOf(path, cwd), class: options.class, idempotencyKey: null });
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== "overloaded") throw error;
        await sleep((error.retryAfter ?? 1) * 1000, undefined, { signal });
      }
    }
  } finally {
    await rm(file.path, { force: true });
  }
}

/** The bytes as they are now, so that a file that changes under the reader is still one whole. */
async function copyIn(path: string, to: string): Promise<ReceivedFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  await using source = await open(path, "r").catch((cause: unknown) => {
    throw new SluiceError("invalid_input", "this file cannot be read", { cause });
  });
  await using copy = await open(to, "w", 0o600);
  for await (const chunk of source.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
    await copy.writeFile(chunk);
  }
  await copy.sync();
  if (bytes === 0) {
    await rm(to, { force: true });
    throw new SluiceError("invalid_input", "the file is empty");
  }
  return { path: to, name: basename(path), bytes, sha256: hash.digest("hex") };
}

/** An archive's entries are told of before the archive, which ends after them. */
async function followToEnd(begun: Job, path: string, unchanged: boolean, options: IngestOptions, summary: IngestSummary): Promise<void> {
  const { job, entries } = await follow(begun, path, options, summary);
  addJob(summary, job, unchanged, entries);
  await options.onProgress({ type: "ended", path, job, unchanged });
}

async function follow(job: Job, path: string, options: IngestOptions, summary: IngestSummary): Promise<{ job: Job; entries: number }> {
  const { app, principal, signal, onProgress } = options;
  let entries: Promise<number> | null = null;
  if (!isOver(job.status)) {
    for await (const event of (await app.jobs.events(principal, job.id, 0, signal)) ?? []) {
      await onProgress({ type: "event", path, event });
      // Somebody has to approve it: that is not waited for.
      if (event.type === "waiting" && event.data.waitingFor === "approval") break;
      if (event.type === "waiting" && event.data.waitingFor === "entries" && entries === null) {
        entries = followEntries(job, path, options, summary);
        entries.catch(() => undefined);
      }
    }
  }
  const followed = await entries;
  signal.throwIfAborted();
  return { job: (await app.jobs.get(principal, job.id)) ?? job, entries: followed ?? 0 };
}

/** How many jobs the archive's entries had. */
async function followEntries(archive: Job, path: string, options: IngestOptions, summary: IngestSummary): Promise<number> {
  const { app, principal } = options;
  const above = await app.documents.get(principal, archive.documentId);
  const running = new Set<Promise<void>>();
  let entries = 0;
  for await (const job of everyPage((cursor) => app.jobs.list(principal, { collection: options.collection, parentId: archive.id, limit: 200, cursor }))) {
    const key = (await app.documents.get(principal, job.documentId))?.key;
    const inside = above && key?.startsWith(`${above.key}/`) ? key.slice(above.key.length + 1) : job.name;
    const ended: Promise<void> = followToEnd(job, join(path, inside), false, options, summary).finally(() => running.delete(ended));
    ended.catch(() => undefined);
    running.add(ended);
    entries += 1;
    while (running.size >= following) await Promise.race(running);
  }
  await Promise.all(running);
  return entries;
}

/** What an archive's job shows is the sum of its entries' jobs, which are added by themselves. */
function addJob(summary: IngestSummary, job: Job, unchanged: boolean, entries: number): void {
  summary.documents++;
  if (job.status === "done") summary.done++;
  else if (job.status === "waiting") summary.waiting++;
  else summary.failed++;
  if (unchanged) summary.unchanged++;
  if (entries > 0) return;
  summary.chunks += job.counts.chunks;
  summary.entities += job.counts.entities;
  summary.relations += job.counts.relations;
  if (unchanged) return;
  summary.calls += job.decisions.reduce((sum, { calls }) => sum + calls, 0);
  summary.usd += job.cost.usd;
}
