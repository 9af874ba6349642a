import { z } from "zod";
import { Class } from "./classification.ts";
import { Cost, DecisionCount } from "./decision.ts";
import { DocumentCounts } from "./document.ts";
import { Warning } from "./warning.ts";

export const JobStatus = z.enum(["queued", "running", "waiting", "done", "failed", "cancelled"]);
export type JobStatus = z.infer<typeof JobStatus>;

export const JobKind = z.enum(["ingest", "erase", "reprocess", "reindex"]);
export type JobKind = z.infer<typeof JobKind>;

/** One accepted piece of work; its id is the LangGraph thread's. */
export const Job = z.object({
  id: z.string(),
  documentId: z.string(),
  /** The archive's job, of the job of one of its entries. */
  parentId: z.string().nullable(),
  name: z.string(),
  collection: z.string(),
  kind: JobKind,
  status: JobStatus,
  waitingFor: z.string().nullable(),
  stage: z.string().nullable(),
  progress: z.number().min(0).max(1),
  class: Class.nullable(),
  counts: DocumentCounts,
  decisions: z.array(DecisionCount),
  cost: Cost,
  warnings: z.array(Warning),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  acceptedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Job = z.infer<typeof Job>;

export const isOver = (status: JobStatus): boolean => status === "done" || status === "failed" || status === "cancelled";

export const JobEventType = z.enum(["progress", "decision", "warning", "waiting", "done", "failed", "cancelled"]);
/** One server-sent event; `id` counts from 1 within its job. */
export const JobEvent = z.object({ id: z.number().int(), jobId: z.string(), type: JobEventType, data: z.record(z.string(), z.unknown()), at: z.string() });
export type JobEvent = z.infer<typeof JobEvent>;
