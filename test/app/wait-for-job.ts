import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../src/app.ts";
import type { Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";

/** Resolves when `fits` is true; fails with what it last saw. */
export async function waitFor<T>(look: () => Promise<T> | T, fits: (seen: T) => boolean, ms = 50_000): Promise<T> {
  for (const end = performance.now() + ms; ; await sleep(50)) {
    const seen = await look();
    if (fits(seen)) return seen;
    if (performance.now() > end) throw new Error(`waited in vain; last seen: ${JSON.stringify(seen)?.slice(0, 2000)}`);
  }
}

export const jobOf = async (app: Pick<App, "jobs">, jobId: string): Promise<Job> => (await app.jobs.get(localPrincipal, jobId))!;

export const untilStatus = (app: Pick<App, "jobs">, jobId: string, ...statuses: Job["status"][]): Promise<Job> => waitFor(() => jobOf(app, jobId), (job) => statuses.includes(job.status));
