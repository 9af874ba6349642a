import { HttpFailure } from "./protocol.ts";

export interface ServerStats {
  /** Model calls that arrived (chat, generate, embed), failed ones too. */
  calls: number;
  maxInFlight: number;
  /** Sum over calls of the time between getting a slot and giving it back. */
  serviceMs: number;
  promptTokens: number;
  outputTokens: number;
}

export const emptyStats = (): ServerStats => ({ calls: 0, maxInFlight: 0, serviceMs: 0, promptTokens: 0, outputTokens: 0 });

/** As many calls at once as the machine has slots; the rest wait in order, and above `maxQueue` are refused. */
export function openSlots(slots: number, maxQueue: number, stats: ServerStats): { run<T>(work: () => Promise<T>, gone: AbortSignal): Promise<T | undefined> } {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  // A slot that is given back goes straight to the first that waits, so that no newcomer slips in between.
  const release = (): void => {
    const next = waiting.shift();
    if (next) next();
    else inFlight--;
  };
  return {
    async run(work, gone) {
      if (inFlight < slots) inFlight++;
      else {
        if (waiting.length >= maxQueue) throw new HttpFailure(503, "server busy, please try again.  maximum pending requests exceeded");
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      const started = performance.now();
      try {
        if (gone.aborted) return undefined;
        stats.maxInFlight = Math.max(stats.maxInFlight, inFlight);
        return await work();
      } finally {
        stats.serviceMs += performance.now() - started;
        release();
      }
    },
  };
}
