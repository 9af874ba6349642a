import PQueue, { type QueueAddOptions } from "p-queue";
import { SluiceError } from "../errors.ts";
import { gauge } from "../telemetry.ts";
import { cancelled } from "./failure.ts";
import { type FairOptions, FairQueue } from "./fair-queue.ts";

const depth = gauge("llm_queue_depth", "calls that wait for a slot of the backend", ["backend"]);

/** The slots of one backend, for the whole process. Questions go before ingestion, tenants take turns, and nothing starves; a cancelled call leaves the queue. */
export interface Limiter {
  /** Resolves with the function that gives the slot back. Throws `overloaded` when the queue is full. */
  slot(priority: "question" | "ingest", signal: AbortSignal, tenant?: string): Promise<() => void>;
  inFlight(): number;
  queued(): number;
  /** In flight and waiting, as a share of the slots. */
  load(): number;
}

export function openLimiter(backend: { id: string; slots: number; maxQueued: number }): Limiter {
  const queue = new PQueue<FairQueue, FairOptions & QueueAddOptions>({ concurrency: backend.slots, queueClass: FairQueue as never });
  const show = () => depth.set({ backend: backend.id }, queue.size);

  async function slot(priority: "question" | "ingest", signal: AbortSignal, tenant = ""): Promise<() => void> {
    if (signal.aborted) throw cancelled(signal);
    if (queue.size >= backend.maxQueued) {
      throw new SluiceError("overloaded", `${backend.maxQueued} calls wait for the backend "${backend.id}" already; try again later`, { retryable: true, retryAfter: 30 });
    }
    const granted = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const leave = new AbortController();
    const abort = () => leave.abort();
    signal.addEventListener("abort", abort, { once: true });
    const run = () => {
      granted.resolve();
      return done.promise;
    };
    queue.add(run, { priority: priority === "question" ? 1 : 0, tenant, signal: leave.signal }).catch(granted.reject);
    show();
    try {
      await granted.promise;
    } catch {
      throw cancelled(signal);
    } finally {
      signal.removeEventListener("abort", abort);
      show();
    }
    return done.resolve;
  }

  return { slot, inFlight: () => queue.pending, queued: () => queue.size, load: () => (queue.pending + queue.size) / backend.slots };
}
