import { rm } from "node:fs/promises";
import pLimit from "p-limit";
import { SluiceError } from "../errors.ts";
import { startChild, type Child } from "./child.ts";
import { asDiskFull } from "./disk-full.ts";
import { openSpool, openSpoolFolder, type Spool } from "./spool.ts";
import type { ProcessLimits } from "./workers.ts";

export interface ProcessPoolOptions {
  /** Path of a module that exports `run(argument)`. */
  module: string;
  size: number;
  /** Folder that gets the private folders of the children. */
  spool: string;
  limits: ProcessLimits;
  allowWorker?: boolean;
  /** Files one child may read in its life. */
  reuse: number;
  /** ms after which a waiting child ends. */
  idle: number;
}

export interface ProcessJob<T, R> {
  /** The only file the child can read while it runs; it sees it under another name. */
  input: string;
  argument(input: string, output: string): unknown;
  /** Takes what the child wrote out of its folder, which is emptied afterwards. */
  collect(value: T, output: string): Promise<R>;
  limits?: Partial<ProcessLimits>;
  signal: AbortSignal;
}

export interface ProcessPool {
  run<T, R>(job: ProcessJob<T, R>): Promise<R>;
  close(): Promise<void>;
}

interface Place {
  child: Child;
  spool: Spool;
  used: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Children that have their libraries loaded. Each may read only its own private folder, which holds one input at a time;
 * one that was killed, grew or has read enough is ended, so that a hostile file meets no other.
 */
export function openProcessPool(options: ProcessPoolOptions): ProcessPool {
  let folder: Promise<string> | undefined;
  const slots = pLimit(options.size);
  const waiting: Place[] = [];
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  async function start(): Promise<Place> {
    folder ??= openSpoolFolder(options.spool);
    const spool = await openSpool(await folder);
    const child = startChild({
      module: options.module,
      read: [spool.input.slice(0, -"/input".length), spool.output],
      write: [spool.output],
      allowWorker: options.allowWorker ?? false,
      memory: options.limits.memory,
    });
    return { child, spool, used: 0, timer: undefined };
  }

  async function end({ child, spool, timer }: Place): Promise<void> {
    clearTimeout(timer);
    await child.end();
    await spool.remove();
  }

  async function keep(place: Place): Promise<void> {
    const grown = (await place.child.resident()) > options.limits.memory / 2;
    if (closing.signal.aborted || grown || place.used >= options.reuse || !place.child.alive()) return end(place);
    await place.spool.empty();
    place.timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(place), 1);
      void end(place);
    }, options.idle).unref();
    waiting.push(place);
  }

  function track<R>(work: Promise<R>): Promise<R> {
    const done: Promise<void> = work.then(
      () => void running.delete(done),
      () => void running.delete(done),
    );
    running.add(done);
    return work;
  }

  async function run<T, R>(job: ProcessJob<T, R>): Promise<R> {
    const signal = AbortSignal.any([job.signal, closing.signal]);
    signal.throwIfAborted();
    const place = waiting.pop() ?? (await start());
    clearTimeout(place.timer);
    place.used += 1;
    try {
      await place.spool.fill(job.input);
      const argument = job.argument(place.spool.input, place.spool.output);
      const value = (await place.child.call(argument, { ...options.limits, ...job.limits }, signal)) as T;
      const collected = await job.collect(value, place.spool.output);
      await keep(place);
      return collected;
    } catch (error) {
      // A file that was refused leaves a sound process; one that hung, grew or crashed does not.
      await keep(place);
      throw error;
    }
  }

  return {
    run: (job) => untilAborted(track(slots(() => run(job).catch(refuse))), job.signal),
    async close() {
      closing.abort(new SluiceError("cancelled", "the file was not read to its end, since the program is closing; it is read again at the next start", { retryable: true }));
      await Promise.allSettled(running);
      await Promise.all(waiting.splice(0).map(end));
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

function refuse(error: unknown): never {
  throw asDiskFull(error);
}

/** A caller that gives up hears it at once, also while its file waits for a free process. */
function untilAborted<R>(work: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
