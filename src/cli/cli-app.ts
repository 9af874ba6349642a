import type { Readable, Writable } from "node:stream";
import type { AuditServices } from "../app/audit.ts";
import type { CheckLine } from "../app/check-line.ts";
import type { Verification, VerifyOptions } from "../app/verify.ts";
import type { Class, Signal } from "../data/classification.ts";
import type { Entity } from "../data/entity.ts";
import type { Job } from "../data/job.ts";
import type { Principal } from "../data/principal.ts";
import type { HttpOptions } from "../http/options.ts";
import type { HttpServices } from "../http/services.ts";
import type { KeptDecision } from "../models/memo.ts";
import type { BackendStatus } from "../models/models.ts";
import type { Log } from "../telemetry.ts";

/** What a command asks of the composition root. */
export interface OpenOptions {
  /** Overlay files, in order. */
  config: string[];
  /** Data folder, null for the configured one. */
  data: string | null;
  /** Settings of the command itself, laid over everything. */
  overlay: Record<string, unknown>;
  /** Whether this process works on jobs. */
  workers: boolean;
  verbose: boolean;
}

/** The application as the command line uses it: the functions of the HTTP door and those only a person at the machine has. */
export interface CliApp extends HttpServices {
  /** The checked `server` section. */
  server: HttpOptions;
  log: Log;
  /** Documents this process works on at once. */
  concurrency: number;
  /** The data folder, absolute: never ingested itself. */
  directory: string;
  /** The privacy verdict on a file or text, nothing stored; spans are offsets in the text (a file's: of all its blocks). */
  scan(input: { path: string; name: string } | { text: string }, options: { collection: string; signal: AbortSignal }): Promise<{ class: Class; spans: Signal[] }>;
  check(signal: AbortSignal): AsyncIterable<CheckLine>;
  /** Fills the vector side anew with the embedding model there is now. */
  reindex(options: { signal: AbortSignal; onProgress: (done: number, total: number) => void }): Promise<{ chunks: number; model: string | null }>;
  /** Compares ledger, files and stores; with `repair`, queues what stores anew what differs. */
  verify(options: VerifyOptions): Promise<Verification>;
  /** The record of what left for a cloud, of all tenants. */
  audit: AuditServices;
  /** Resolves when the job is over or waits for something. */
  settled(jobId: string, signal: AbortSignal): Promise<Job>;
  mostConnected(principal: Principal, collections: string[], limit: number): Promise<(Entity & { degree: number })[]>;
  status(): BackendStatus[];
  /** What a job's answers were decided on; null when there is no such job. */
  decisions(principal: Principal, jobId: string): Promise<KeptDecision[] | null>;
  /** Ends running work cleanly, so that it goes on at the next start. */
  close(): Promise<void>;
}

/** Where a command reads and writes; results go to `stdout`, everything else to `stderr`. */
export interface Terminal {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Bars instead of lines on `stderr`. */
  interactive: boolean;
  columns: number;
  cwd: string;
}

export interface CliParts {
  open(options: OpenOptions): Promise<CliApp>;
  /** Starts LangGraph's dev server; resolves with its exit code. */
  studio(options: OpenOptions, signal: AbortSignal): Promise<number>;
  /** Writes the data folder into one file; fails when the file is there. */
  backup(options: OpenOptions, file: string, signal: AbortSignal): Promise<{ documents: number; createdAt: string; bytes: number }>;
  /** Makes a data folder of a backup; fails when the folder holds something. */
  restore(options: OpenOptions, file: string): Promise<{ documents: number; createdAt: string; directory: string }>;
  terminal: Terminal;
  /** Fires on SIGINT and SIGTERM, with `interruption` as its reason. */
  signal: AbortSignal;
  version: string;
}
