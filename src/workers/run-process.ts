import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { startChild } from "./child.ts";
import type { RunProcess } from "./workers.ts";

const slots = pLimit(availableParallelism());

/** A process for one call; at most one per core runs at a time. `openProcessPool` keeps some waiting instead. */
export const runProcess: RunProcess = <T>({ module, argument, read, write, limits, signal, allowWorker = false }: Parameters<RunProcess>[0]) =>
  slots(async () => {
    signal.throwIfAborted();
    const child = startChild({ module, read, write, allowWorker, memory: limits.memory });
    try {
      return (await child.call(argument, limits, signal)) as T;
    } finally {
      await child.end();
    }
  });
