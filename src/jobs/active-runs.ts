import type { Scope } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Lease } from "../stores/document-writer.ts";

/** A job this process works on now. */
export interface ActiveRun {
  jobId: string;
  scope: Scope;
  /** Who uploaded the document, for the record of what leaves. */
  userId: string | null;
  lease: Lease;
  controller: AbortController;
  report(stage: string, done: number, total: number): void;
}

/** What a graph's nodes reach by job id, since leases and callbacks have no place in a state. */
export interface ActiveRuns {
  set(run: ActiveRun): void;
  get(jobId: string): ActiveRun;
  find(jobId: string): ActiveRun | undefined;
  delete(jobId: string): void;
  all(): ActiveRun[];
}

export function openActiveRuns(): ActiveRuns {
  const runs = new Map<string, ActiveRun>();
  return {
    set: (run) => void runs.set(run.jobId, run),
    get(jobId) {
      const run = runs.get(jobId);
      if (!run) throw new SluiceError("conflict", `job ${jobId} is not leased by this process; upload the document instead of starting a run by hand`);
      return run;
    },
    find: (jobId) => runs.get(jobId),
    delete: (jobId) => void runs.delete(jobId),
    all: () => [...runs.values()],
  };
}
