import { Worker, type ResourceLimits } from "node:worker_threads";
import { SluiceError } from "../errors.ts";
import { siblingModule } from "./package-root.ts";
import { fromPlainError } from "./plain-error.ts";
import type { Call, Reply } from "./thread-messages.ts";

export interface Thread {
  call(name: string, argument: unknown, deadline: number, signal?: AbortSignal): Promise<unknown>;
  alive(): boolean;
  close(): Promise<void>;
}

const ignore = (): void => {};
const startDeadline = 60_000;
const closeDeadline = 5_000;

export function startThread(options: { module: URL | string; resourceLimits?: ResourceLimits; workerData?: unknown }): Thread {
  const worker = new Worker(siblingModule(import.meta.url, "thread-main"), {
    argv: [options.module instanceof URL ? options.module.href : options.module],
    env: {},
    execArgv: [],
    workerData: options.workerData,
    ...(options.resourceLimits ? { resourceLimits: options.resourceLimits } : {}),
  });
  worker.unref(); // a thread that waits keeps no process alive
  let alive = true;
  let ready = false;
  let calls = 0;
  let fail: (error: unknown) => void = ignore;
  let settle: (reply: Reply) => void = ignore;
  const started = Promise.withResolvers<void>();

  worker.on("message", (message: "ready" | Reply) => {
    if (message !== "ready") return settle(message);
    ready = true;
    started.resolve();
  });
  worker.on("error", (error) => {
    alive = false;
    fail(crash(error));
  });
  worker.on("exit", () => {
    alive = false;
    fail(new SluiceError("internal", "the thread ended before it answered; the call may be tried again", { retryable: true }));
  });

  function end(error: unknown): void {
    alive = false;
    fail(error);
    void worker.terminate();
  }

  async function call(name: string, argument: unknown, deadline: number, signal?: AbortSignal): Promise<unknown> {
    const abort = () => end(signal!.reason);
    let timer = ready ? undefined : setTimeout(() => end(new SluiceError("timeout", `a thread did not start within ${startDeadline} ms`)), startDeadline);
    const failed = new Promise<never>((_, reject) => (fail = reject));
    failed.catch(() => {});
    signal?.addEventListener("abort", abort, { once: true });
    worker.ref();
    try {
      if (signal?.aborted) throw signal.reason;
      if (!ready) await Promise.race([started.promise, failed]);
      clearTimeout(timer);
      if (Number.isFinite(deadline)) timer = setTimeout(() => end(missed(name, deadline)), deadline);
      const replied = new Promise<Reply>((resolve) => (settle = resolve));
      const message: Call = { id: ++calls, name, argument };
      worker.postMessage(message, []);
      return read(await Promise.race([replied, failed]), name);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      worker.unref();
    }
  }

  return {
    call,
    alive: () => alive,
    async close() {
      if (!alive) return;
      const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      worker.ref();
      worker.postMessage({ id: ++calls, name: "close", argument: undefined } satisfies Call, []);
      const timer = setTimeout(() => void worker.terminate(), closeDeadline);
      await exited;
      clearTimeout(timer);
    },
  };
}

function read(reply: Reply, name: string): unknown {
  if ("value" in reply) return reply.value;
  throw fromPlainError(reply.error, { code: "internal", message: `the function ${name} failed in its thread; the cause names the reason` });
}

const missed = (name: string, deadline: number): SluiceError =>
  new SluiceError("timeout", `the function ${name} ran longer than ${deadline} ms and its thread was ended`);

function crash(error: unknown): SluiceError {
  const outOfMemory = (error as { code?: string }).code === "ERR_WORKER_OUT_OF_MEMORY";
  if (outOfMemory) return new SluiceError("too_large", "a thread ran out of its memory limit; give it a smaller input", { cause: error });
  return new SluiceError("internal", "a thread crashed and was replaced; the cause names the reason", { cause: error });
}
