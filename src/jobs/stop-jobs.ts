import { isOver } from "../data/job.ts";
import type { JobLedger } from "../stores/ledger/ledger.ts";
import type { Queue } from "../stores/queue/queue.ts";
import type { WakeUps } from "../stores/queue/wake-ups.ts";

export interface StopParts {
  jobs: Pick<JobLedger, "about" | "cancel">;
  queue: Pick<Queue, "remove">;
  wakeUps: Pick<WakeUps, "say">;
}

/** Cancels every open job about these documents but erasures; whoever works on one is told at once. */
export async function stopJobs(documentIds: string[], { jobs, queue, wakeUps }: StopParts): Promise<void> {
  for (const { id, status } of await jobs.about(documentIds)) {
    if (isOver(status)) continue;
    await jobs.cancel(id);
    await queue.remove(id);
    wakeUps.say("cancelled", id);
  }
}
