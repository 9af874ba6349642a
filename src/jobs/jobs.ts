import type { Job, JobEvent } from "../data/job.ts";
import type { Principal } from "../data/principal.ts";
import type { ReceivedFile, UploadOptions } from "../data/upload.ts";
import type { DocumentRow } from "../stores/ledger/ledger.ts";

export interface Jobs {
  /** Durable when resolved: bytes and job. Throws `unsupported_type`, `overloaded`, `invalid_input`. */
  accept(principal: Principal, file: ReceivedFile, options: UploadOptions): Promise<{ job: Job; duplicate: boolean }>;
  /** A job on a document that is there. */
  begin(principal: Principal, documentId: string, kind: "erase" | "reprocess"): Promise<Job>;
  /** Stores the document again from what its version left; answers that rest in the memo are not asked for again. */
  storeAgain(document: DocumentRow): Promise<string>;
  /** Lets a job go on that waits for approval, or would; `conflict` when it is over. */
  approve(principal: Principal, jobId: string): Promise<Job>;
  cancel(principal: Principal, jobId: string): Promise<Job>;
  retry(principal: Principal, jobId: string): Promise<Job>;
  /** From `after` on, live until the job is over. */
  events(principal: Principal, jobId: string, after: number, signal: AbortSignal): AsyncIterable<JobEvent>;
  /** Starts working; without it this process only accepts. */
  start(): Promise<void>;
  /** Resolves when the job is over or waits for something. */
  settled(jobId: string, signal: AbortSignal): Promise<Job>;
  /** Lets go of running jobs so that they resume later, here or elsewhere. */
  stop(): Promise<void>;
}
