/** Heavy or untrusted work runs outside the main thread; both kinds are killed on a deadline. */

export interface ProcessLimits {
  /** ms of wall clock. */
  deadline: number;
  /** Resident bytes; a watchdog kills above it. */
  memory: number;
}

/**
 * A child process with an empty environment, Node's `--permission` (reads `read`, writes `write`), no network functions, and
 * a watchdog. Resolves with what the module's `run(argument)` returned over the IPC channel.
 */
export type RunProcess = <T>(options: {
  /** Path of a module that exports `run(argument)`. */
  module: string;
  argument: unknown;
  read: string[];
  write: string[];
  limits: ProcessLimits;
  signal: AbortSignal;
  /** Let it start threads, which OCR needs. */
  allowWorker?: boolean;
}) => Promise<T>;

/** A pool of threads that call functions a module exports; a thread that misses its deadline is ended and replaced. */
export interface ThreadPool {
  call<T>(name: string, argument: unknown, options?: { deadline?: number; signal?: AbortSignal }): Promise<T>;
  /** Starts a thread now, so that the first call finds it ready. */
  warm(): void;
  close(): Promise<void>;
}
