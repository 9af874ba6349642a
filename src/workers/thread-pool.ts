import type { ResourceLimits } from "node:worker_threads";
import { SluiceError } from "../errors.ts";
import { startThread, type Thread } from "./thread.ts";
import type { ThreadPool } from "./workers.ts";

export interface ThreadPoolOptions {
  /** Module whose exported functions are called; each takes one argument and may be async. An exported `close` runs at the end. */
  module: URL | string;
  size: number;
  /** ms a call may run on its thread, waiting and start-up not counted; `Infinity` for none. */
  deadline: number;
  resourceLimits?: ResourceLimits;
  /** What the module reads as `workerData`. */
  workerData?: unknown;
}

interface Waiting {
  name: string;
  argument: unknown;
  deadline: number;
  signal: AbortSignal | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Threads start when first needed (one also when told to get warm), run one call at a time, and are replaced after a missed deadline, an abort or a crash. */
export function openThreadPool(options: ThreadPoolOptions): ThreadPool {
  const idle: Thread[] = [];
  const running = new Map<Thread, Promise<void>>();
  const queue: Waiting[] = [];
  let closed = false;

  function pump(): void {
    while (queue.length > 0 && (idle.length > 0 || running.size < options.size)) {
      const thread = idle.pop() ?? startThread(options);
      if (!thread.alive()) continue;
      const next = queue.shift()!;
      running.set(thread, run(thread, next));
    }
  }

  async function run(thread: Thread, call: Waiting): Promise<void> {
    try {
      call.resolve(await thread.call(call.name, call.argument, call.deadline, call.signal));
    } catch (error) {
      call.reject(error);
    }
    running.delete(thread);
    if (thread.alive()) idle.push(thread);
    pump();
  }

  function enqueue(call: Waiting): void {
    if (call.signal?.aborted) return call.reject(call.signal.reason);
    queue.push(call);
    call.signal?.addEventListener("abort", () => {
      const place = queue.indexOf(call);
      if (place === -1) return;
      queue.splice(place, 1);
      call.reject(call.signal!.reason);
    });
    pump();
  }

  return {
    warm() {
      if (!closed && idle.length + running.size === 0) idle.push(startThread(options));
    },
    call: (name, argument, { deadline = options.deadline, signal } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new SluiceError("cancelled", "the thread pool is closed; nothing more can run"));
        enqueue({ name, argument, deadline, signal, resolve: resolve as (value: unknown) => void, reject });
      }),
    async close() {
      closed = true;
      for (const each of queue.splice(0)) each.reject(new SluiceError("cancelled", "the thread pool was closed before the call ran"));
      await Promise.all(running.values());
      await Promise.all(idle.splice(0).map((thread) => thread.close()));
    },
  };
}
