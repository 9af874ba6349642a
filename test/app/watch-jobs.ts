import { setTimeout as sleep } from "node:timers/promises";
import { type Job, type JobStatus } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import type { App } from "../../src/app.ts";

type Watched = Pick<App, "jobs" | "documents">;

/** Up to 100 jobs of the collection by id; empty while the ledger is away and nobody knows. */
export async function jobsOf(app: Watched): Promise<Map<string, Job>> {
  const page = await app.jobs.list(localPrincipal, { collection: "default", limit: 100, cursor: null }).catch(() => ({ items: [] }));
  return new Map(page.items.map((job) => [job.id, job]));
}

/**
 * Looks at every job again and again, as a user does, until `stop`, which tells what was not true: a job that failed though
 * only servers did, one that was over and is no more, one that is over while its document is not ready.
 */
export function watchJobs(app: Watched): { stop(): Promise<string[]> } {
  const over = new Map<string, JobStatus>();
  const untrue = new Set<string>();
  const enough = new AbortController();
  const looking = (async () => {
    while (!enough.signal.aborted) {
      for (const [id, { status, documentId }] of await jobsOf(app)) {
        const before = over.get(id);
        if (before !== undefined && before !== status) untrue.add(`job ${id} was ${before} and is ${status}`);
        if (status !== "done" && status !== "failed") continue;
        if (status === "failed") untrue.add(`job ${id} failed`);
        if (before === undefined && (await app.documents.get(localPrincipal, documentId).catch(() => ({ status: "ready" })))?.status !== "ready") untrue.add(`job ${id} is over, its document is not ready`);
        over.set(id, status);
      }
      await sleep(200);
    }
  })();
  return {
    async stop() {
      enough.abort();
      await looking;
      return [...untrue];
    },
  };
}
