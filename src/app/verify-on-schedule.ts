import { isAbort, publicError } from "../errors.ts";
import type { Log } from "../telemetry.ts";
import type { Verification, VerifyOptions } from "./verify.ts";

/** Compares the stores again and again; what differs is in the log and the metrics, and with `repair` mended. */
export function verifyOnSchedule(verify: (options: VerifyOptions) => Promise<Verification>, { everyHours, repair }: { everyHours: number; repair: boolean }, log: Log): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      const { documents, differences, repaired } = await verify({ repair, signal: stopping.signal });
      if (differences.length > 0) log.warn({ documents, differences: differences.slice(0, 20), repaired: repaired.jobIds.length + repaired.removed.length }, "ledger, files and stores differ; `sluice verify --repair` mends it");
    } catch (error) {
      if (!isAbort(error)) log.error({ code: publicError(error).code }, "the comparison of the stores failed; it is tried again at its next time");
    }
  };
  const timer = everyHours > 0 ? setInterval(() => (running = running.then(run)), everyHours * 3_600_000).unref() : undefined;
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort(new DOMException("closing", "AbortError"));
      await running;
    },
  };
}
