import type { Class, Reason } from "../../data/classification.ts";
import type { DecisionCount, Tier } from "../../data/decision.ts";
import type { DocumentStatus } from "../../data/document.ts";
import type { Estimate } from "../../data/estimate.ts";
import type { Job, JobEvent, JobKind, JobStatus } from "../../data/job.ts";
import type { Principal, Role } from "../../data/principal.ts";
import type { Warning } from "../../data/warning.ts";
import type { Lease } from "../document-writer.ts";
import type { DocumentRow, JobRow, Upload } from "./rows.ts";
import type { EntryLedger } from "./entry-ledger.ts";
import type { IntentLedger } from "./intents.ts";
import type { HoldLedger } from "./holds.ts";
import type { ReleaseLedger } from "./release-ledger.ts";
import type { TermCounts } from "./term-counts.ts";
import type { AuditLedger, Charge, SpendLedger } from "./paid-calls.ts";

export type { DocumentRow, JobRow, Upload } from "./rows.ts";

/** The truth of documents, jobs, keys, money, memo and audit. Durable when resolved. */
export interface Ledger {
  documents: DocumentLedger;
  releases: ReleaseLedger;
  jobs: JobLedger;
  entries: EntryLedger;
  keys: KeyLedger;
  spend: SpendLedger;
  memo: MemoLedger;
  audit: AuditLedger;
  usage: UsageLedger;
  alerts: AlertLedger;
  tiers: TierLedger;
  holds: HoldLedger;
  /** Documents that are being written to, or erased from, several stores. */
  intents: IntentLedger;
  terms: TermCounts;
  /** Name and version of the engine, for `sluice check` and `/health/ready`. */
  engine(): Promise<{ name: string; version: string }>;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface DocumentLedger {
  /**
   * Accepts an upload and makes its job in one transaction. Same key and SHA-256 as the current version: `duplicate`, with
   * the earlier job. A key that names a document above the caller's classes makes a separate document (its id is hashed
   * with a random part). Throws `overloaded` when more than `maxQueued` jobs wait (uploads at the same moment may pass it
   * by their number). For 24 hours an idempotency key is answered with what it made; with other content it is a `conflict`.
   */
  accept(principal: Principal, upload: Upload, options: { maxQueued: number; idempotencyKey: string | null }): Promise<{ document: DocumentRow; job: JobRow; duplicate: boolean }>;
  get(principal: Principal, id: string): Promise<DocumentRow | null>;
  list(principal: Principal, options: { collection: string; class?: Class; status?: DocumentStatus; name?: string; parentId?: string; limit: number; cursor: string | null }): Promise<Page<DocumentRow>>;
  children(id: string): Promise<DocumentRow[]>;
  collections(principal: Principal): Promise<{ name: string; documents: number }[]>;
  /** By id, for the pipeline itself. */
  row(id: string): Promise<DocumentRow | null>;
  /** Those of the documents that are erased, or about to be. */
  gone(ids: string[]): Promise<string[]>;
  /** Of all tenants, in the order of their ids, those after this one. */
  every(after: string, limit: number): Promise<DocumentRow[]>;
  /** The document and what is attached to it, without the entries of an archive: what one job works on. */
  ofJob(id: string): Promise<string[]>;
  /** Makes or renews the row of an attachment, in its parent's job. */
  adopt(child: Upload & { id: string; version: number; status: DocumentStatus }): Promise<void>;
  update(id: string, patch: Partial<Pick<DocumentRow, "status" | "warnings" | "language" | "pages" | "counts" | "mediaType">>, lease: Lease | null): Promise<void>;
  /**
   * The work on this version of the document, and of what is attached to it, is over: each has the status of what was
   * committed, `failed` where that is nothing. A `warning` says why there is no more; of its code there is one at most.
   */
  settle(id: string, version: number, warning: Warning | null, lease: Lease): Promise<void>;
  /**
   * A class that rises is written at once and everywhere; one that falls is the writer's, after the commit. `least`: no
   * passage is of a lower class; null where passages have no classes of their own.
   */
  raiseClass(id: string, value: Class, reasons: Reason[], lease: Lease | null, least?: Class | null): Promise<void>;
}

export interface JobLedger {
  get(principal: Principal, id: string): Promise<JobRow | null>;
  list(principal: Principal, options: { collection: string; status?: JobStatus; documentId?: string; parentId?: string; limit: number; cursor: string | null }): Promise<Page<JobRow>>;
  row(id: string): Promise<JobRow | null>;
  /** A job on an existing document (erase, reprocess, reindex). */
  create(job: { tenant: string; collection: string; documentId: string; name: string; kind: JobKind; generation?: number; approved?: boolean }): Promise<JobRow>;
  /** Jobs about these documents, erasures aside. */
  about(documentIds: string[]): Promise<{ id: string; status: JobStatus }[]>;
  /** Jobs that are queued, or whose lease ran out, or that wait and are due: oldest first. An archive's is due when its entries' are over. */
  due(limit: number): Promise<JobRow[]>;
  /** Takes the job for `ttlMs`, with the next lease number, or null when somebody else holds it. Counts an attempt. */
  claim(jobId: string, owner: string, ttlMs: number): Promise<Lease | null>;
  /** Who holds leases now. */
  owners(): Promise<string[]>;
  /** Ends the leases of an owner that is known to be dead, as if their time had run out. */
  abandon(owner: string): Promise<void>;
  /** False when the lease was lost. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  update(lease: Lease, patch: Partial<Pick<JobRow, "status" | "waitingFor" | "stage" | "progress" | "class" | "counts" | "warnings" | "error" | "cost">> & { decisions?: DecisionCount[] }): Promise<void>;
  /**
   * Ends the lease and sets the last status in one transaction with its event. `pauseMs` (at most ten minutes, in the
   * ledger's own time): when the job is due again; null: at once when it is queued, on request when it waits.
   */
  finish(lease: Lease, status: "done" | "failed" | "cancelled" | "waiting" | "queued", patch: { error?: Job["error"]; waitingFor?: string | null; pauseMs?: number | null; estimate?: Estimate }): Promise<void>;
  /** Asks a running job to stop, ends a queued one, and so with the jobs of its entries; false when it is over already. */
  cancel(jobId: string): Promise<boolean>;
  /** Lets a job go on that waits for approval, or will; false when it is over already. */
  approve(jobId: string): Promise<boolean>;
  /** Queues a failed, cancelled or waiting job again, with a new generation; also the finished one of an archive that has entries whose jobs failed. */
  retry(jobId: string): Promise<JobRow>;
  event(jobId: string, type: JobEvent["type"], data: Record<string, unknown>): Promise<JobEvent>;
  events(jobId: string, after: number, limit: number): Promise<JobEvent[]>;
  queued(): Promise<number>;
}

export interface ApiKey {
  id: string;
  tenant: string;
  name: string;
  prefix: string;
  roles: Role[];
  classes: Class[];
  createdAt: string;
  revokedAt: string | null;
}

export interface KeyLedger {
  create(key: Omit<ApiKey, "createdAt" | "revokedAt">, sha256: string): Promise<ApiKey>;
  list(tenant: string): Promise<ApiKey[]>;
  revoke(tenant: string, id: string): Promise<boolean>;
  /** The key whose secret has this SHA-256, unless revoked. */
  find(sha256: string): Promise<ApiKey | null>;
  count(): Promise<number>;
}

export interface MemoRow {
  documentId: string;
  chunkId: string;
  step: string;
  messagesHash: string;
  attempt: number;
  generation: number;
  valid: boolean;
  /** The restored answer: content, model, backend, location, tokens, cost, decision. JSON. */
  answer: string;
}

export interface MemoLedger {
  /** The valid answer for this document, chunk, step, messages and generation, if there is one. */
  get(key: Pick<MemoRow, "documentId" | "chunkId" | "step" | "messagesHash" | "generation">): Promise<MemoRow | null>;
  /** Every answer about a document, valid or not, in the order they came. */
  list(documentId: string): Promise<MemoRow[]>;
  /** Writes the answer together with the settlement of its cost and what it adds to the usage, in one transaction, before anything uses it. */
  put(row: MemoRow, settlement: (Charge & { reservationId: string }) | null, usage?: UsageRow): Promise<void>;
  /** Marks an answer that failed validation; its cost stays. */
  invalidate(key: Pick<MemoRow, "documentId" | "chunkId" | "step" | "messagesHash" | "attempt" | "generation">): Promise<void>;
}

/** What calls of one kind came to on one UTC day; money is in `ledger_spend`, but for what the reference model would have cost. */
export interface UsageRow {
  tenant: string;
  location: string;
  backend: string;
  model: string;
  taskType: string;
  /** Attempts that reached the backend, but for those that the caller ended. */
  calls: number;
  succeeded: number;
  promptTokens: number;
  outputTokens: number;
  /** Nano-USD of the same tokens at the price of the tier's reference model. */
  referenceNano: number;
  latencyMs: number;
  /** Answered in place of a backend that failed. */
  fallbacks: number;
  cacheHits: number;
  /** Calls by latency, in the steps of `latencyStep`. */
  latencies: Record<number, number>;
}

/** Usage of a span of days, with what it cost. */
export interface CostRow extends UsageRow {
  nano: number;
}

export interface UsageLedger {
  /** Adds to the present day. */
  add(rows: UsageRow[]): Promise<void>;
  /** Sums by location, backend, model and task type, from one UTC day to another, both included; null is all tenants. */
  sums(tenant: string | null, from: string, to: string): Promise<CostRow[]>;
}

export interface BudgetAlert {
  /** `2025-03` or `2025-03-14`, UTC. */
  period: string;
  /** Null: the budget of all. */
  tenant: string | null;
  percent: number;
  at: string;
}

export interface AlertLedger {
  /** True for the one `token` that reports this first, however often it asks: an alert is given once in its period. */
  first(alert: Omit<BudgetAlert, "at">, token: string): Promise<boolean>;
  /** From this period on, newest first: of one tenant, or (null) of all and each. */
  list(tenant: string | null, from: string): Promise<BudgetAlert[]>;
}

export interface TierLedger {
  /** Some enabled backend answered a generation with a model of this tier: from now on it can be down, but not absent. */
  answered(tier: Tier, backend: string, model: string): Promise<void>;
  seen(): Promise<{ tier: Tier; backend: string; model: string; at: string }[]>;
  forget(backendOrModel: string): Promise<number>;
}
