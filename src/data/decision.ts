import { z } from "zod";
import { Class } from "./classification.ts";

export const Location = z.enum(["local", "cloud"]);
export type Location = z.infer<typeof Location>;

export const Level = z.enum(["low", "medium", "high"]);
export type Level = z.infer<typeof Level>;

export const Tier = z.enum(["fast", "strong", "vision", "embedding"]);
export type Tier = z.infer<typeof Tier>;

export const TaskType = z.enum(["extraction", "generation", "vision", "classification", "embedding", "enrichment"]);
export type TaskType = z.infer<typeof TaskType>;

/** What a caller asks of the router. A missing class is unknown and counts as `pii`. */
export const Task = z.object({
  taskType: TaskType,
  tier: Tier,
  complexity: Level.default("medium"),
  quality: Level.default("medium"),
  /** What kind of text it is about, where it was looked at. */
  content: z.enum(["text", "code", "references"]).optional(),
  /** Latency requirement in ms, or null for none. */
  latencyMs: z.number().nullable().default(null),
  batchSize: z.number().int().default(1),
  modelSizeGb: z.number().nullable().default(null),
  classification: Class.nullable().default(null),
  /** True for calls that must never leave whatever the class (second look). */
  localOnly: z.boolean().default(false),
  tenant: z.string(),
  collection: z.string().nullable().default(null),
  documentId: z.string().nullable().default(null),
  /** Further documents whose text the messages hold: a cached answer goes with any of them. */
  sources: z.array(z.string()).optional(),
  /** Set where the class is that of the passage alone, below its document's: the lease of the work that read it. */
  passageLease: z.object({ jobId: z.string(), number: z.number().int() }).optional(),
  /** Set for work on a document: the memo's key together with `step` and the messages. */
  chunkId: z.string().nullable().default(null),
  step: z.string(),
  generation: z.number().int().default(0),
  userId: z.string().nullable().default(null),
  requestId: z.string(),
  taskId: z.string(),
  /** Longest answer in tokens; null takes the default of the thinking level. */
  maxOutputTokens: z.number().int().nullable().default(null),
  /** Questions go before ingestion in every queue. */
  priority: z.enum(["question", "ingest"]).default("ingest"),
});
export type Task = z.infer<typeof Task>;

/** Where a call goes and why; `considered` names what was turned down, each with its reason. */
export const Decision = z.object({
  location: Location,
  backend: z.string().nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  confidence: z.number(),
  rule: z.string(),
  considered: z.array(z.object({ location: Location, reason: z.string() })),
});
export type Decision = z.infer<typeof Decision>;

/** Decisions of a job, equal ones counted (doors.md). */
export const DecisionCount = z.object({
  task: z.string(),
  location: Location,
  backend: z.string().nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  rule: z.string(),
  calls: z.number().int(),
});
export type DecisionCount = z.infer<typeof DecisionCount>;

export const Cost = z.object({ usd: z.number(), promptTokens: z.number().int(), outputTokens: z.number().int(), savedUsd: z.number() });
export type Cost = z.infer<typeof Cost>;
export const noCost: Cost = { usd: 0, promptTokens: 0, outputTokens: 0, savedUsd: 0 };
