import type { Generated } from "kysely";
import type { IntentPhase } from "./intents.ts";

export interface DocumentTable {
  id: string;
  tenant: string;
  collection: string;
  key: string;
  parent_id: string | null;
  /** 1: an entry of the archive above it, which is worked in a job of its own; an attachment is worked in its parent's. */
  is_entry: Generated<number>;
  uploaded_by: string | null;
  floor: string;
  /** Newest accepted version; `committed_version` is the one readers see, 0 while there is none. */
  version: number;
  committed_version: Generated<number>;
  committed_status: string | null;
  generation: Generated<number>;
  /** Null until known. */
  class: string | null;
  reasons: Generated<string>;
  language: string | null;
  pages: Generated<number>;
  counts: string;
  status: string;
  warnings: Generated<string>;
  created_at: string;
  updated_at: string;
  /** Newest revision given out to a writer, and the one readers see; only where the document lies in several stores. */
  revision: Generated<number>;
  committed_revision: Generated<number | null>;
}

export interface VersionTable {
  document_id: string;
  version: number;
  name: string;
  folded_name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  class: string | null;
  created_at: string;
  /** No passage is of a lower class, as this job read it; null where passages have no classes of their own. */
  least: string | null;
  least_job: string | null;
}

export interface ReleaseTable {
  id: string;
  document_id: string;
  version: number;
  class: string | null;
  kind: string | null;
  reason: string;
  created_at: string;
  /** Keyed hashes of the values that pass, JSON. */
  hashes: Generated<string>;
  class_before: Generated<string>;
  created_by: string | null;
}

export interface IdempotencyTable {
  tenant: string;
  caller: string;
  idempotency_key: string;
  document_id: string;
  job_id: string;
  collection: string;
  sha256: string;
  duplicate: number;
  created_at: string;
}

export interface JobTable {
  id: string;
  tenant: string;
  collection: string;
  document_id: string;
  /** The archive's job, of the job of one of its entries. */
  parent_id: string | null;
  name: string;
  kind: string;
  version: number;
  generation: number;
  status: string;
  waiting_for: string | null;
  not_before: string | null;
  stage: string | null;
  progress: Generated<number>;
  class: string | null;
  counts: string;
  decisions: Generated<string>;
  cost: string;
  warnings: Generated<string>;
  error: string | null;
  attempts: Generated<number>;
  lease_number: Generated<number>;
  lease_owner: string | null;
  lease_until: string | null;
  cancel_requested: Generated<number>;
  approved_at: string | null;
  last_event: Generated<number>;
  accepted_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface JobEventTable {
  job_id: string;
  id: number;
  type: string;
  data: string;
  at: string;
}

/** One paid call: reserved and about to leave (dispatched) → settled | charged (expired, in full). Money in nano-USD. */
export interface SpendTable {
  id: string;
  tenant: string;
  backend: string;
  model: string;
  document_id: string | null;
  /** UTC day of the reservation; the charge counts there too, so that no day can end above its budget. */
  day: string;
  state: "dispatched" | "settled" | "charged";
  reserved_nano: number;
  reserved_tokens: number;
  charged_nano: number | null;
  prompt_tokens: number | null;
  output_tokens: number | null;
  expires_at: string;
  reserved_at: string;
  ended_at: string | null;
  /** Null in rows from before it was kept. */
  task_type: string | null;
}

export interface SpendDayTable {
  day: string;
  tenant: string;
  backend: string;
  nano: number;
  tokens: number;
}

interface UsageKey {
  day: string;
  tenant: string;
  location: string;
  backend: string;
  model: string;
  task_type: string;
}

export interface UsageTable extends UsageKey {
  calls: number;
  succeeded: number;
  prompt_tokens: number;
  output_tokens: number;
  reference_nano: number;
  latency_ms: number;
  fallbacks: number;
  cache_hits: number;
}

export interface MemoTable {
  document_id: string;
  chunk_id: string;
  step: string;
  messages_hash: string;
  generation: number;
  attempt: number;
  valid: number;
  answer: string;
}

export interface KeyTable {
  id: string;
  tenant: string;
  name: string;
  prefix: string;
  roles: string;
  classes: string;
  sha256: string;
  created_at: string;
  revoked_at: string | null;
}

/** A document between the begin of a replacement or erasure and its end, and a short while after. */
export interface IntentTable {
  document_id: string;
  tenant: string;
  job_id: string;
  lease_number: number;
  revision: number;
  committed: number | null;
  phase: IntentPhase;
  /** 1: the clean-up of the committed revision is still owed. */
  unsettled: Generated<number>;
  /** When it was opened; once it ended, when it did. */
  opened_at: string;
  /** Set when it was handed out for mending: its worker has been overtaken. */
  held_until: string | null;
}

export interface LedgerTables {
  ledger_documents: DocumentTable;
  ledger_versions: VersionTable;
  ledger_releases: ReleaseTable;
  ledger_idempotency_keys: IdempotencyTable;
  ledger_erasures: { root_id: string; document_id: string; job_id: string };
  ledger_jobs: JobTable;
  ledger_job_events: JobEventTable;
  ledger_spend: SpendTable;
  ledger_spend_days: SpendDayTable;
  ledger_usage: UsageTable;
  ledger_usage_latencies: UsageKey & { step: number; calls: number };
  /** `tenant` is empty for the budget of all. */
  ledger_alerts: { period: string; tenant: string; percent: number; token: string; at: string };
  ledger_memo: MemoTable;
  ledger_keys: KeyTable;
  ledger_audit: { chain: string; position: number; line: string; hmac: string };
  ledger_audit_chains: { chain: string; head: string; length: number };
  ledger_intents: IntentTable;
  ledger_chunk_terms: { document_id: string; chunk_id: string; tenant: string; collection: string; class: string; terms: string };
  ledger_chunk_counts: { tenant: string; collection: string; class: string; chunks: number };
  ledger_term_counts: { tenant: string; collection: string; term: string; class: string; chunks: number };
  ledger_holds: { account: string; from_at: string; ms: number };
  ledger_tiers: { tier: string; backend: string; model: string; at: string };
}
