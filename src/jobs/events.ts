import { EventEmitter, once } from "node:events";
import { isOver, type JobEvent } from "../data/job.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import type { WakeUps } from "../stores/queue/wake-ups.ts";

/** Wakes listeners at once; what a wake-up did not say is seen within `poll` ms. */
export function openJobEvents(ledger: Ledger, wakeUps: WakeUps, poll = 500) {
  const emitter = new EventEmitter().setMaxListeners(0);
  wakeUps.on("changed", (jobId) => emitter.emit(jobId));
  return {
    changed: (jobId: string): void => wakeUps.say("changed", jobId),
    /** Events after `after`, then live until the job is over. */
    async *read(jobId: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent> {
      let last = after;
      while (!signal.aborted) {
        const row = await ledger.jobs.row(jobId);
        for (const event of await ledger.jobs.events(jobId, last, 500)) {
          last = event.id;
          yield event;
        }
        if (!row || isOver(row.status)) return;
        await wake(emitter, jobId, poll, signal);
      }
    },
    wake: (jobId: string, signal: AbortSignal) => wake(emitter, jobId, poll, signal),
  };
}

async function wake(emitter: EventEmitter, jobId: string, poll: number, signal: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(poll);
  await once(emitter, jobId, { signal: AbortSignal.any([timeout, signal]) }).catch(() => undefined);
}
