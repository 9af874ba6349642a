import type { StoreSchema } from "../sqlite/database.ts";
import { approvals, holds, usage } from "./money-schema.ts";

const documents = `
CREATE TABLE ledger_documents (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  parent_id TEXT,
  uploaded_by TEXT,
  floor TEXT NOT NULL,
  version INTEGER NOT NULL,
  committed_version INTEGER NOT NULL DEFAULT 0,
  committed_status TEXT,
  generation INTEGER NOT NULL DEFAULT 0,
  class TEXT,
  reasons TEXT NOT NULL DEFAULT '[]',
  language TEXT,
  pages INTEGER NOT NULL DEFAULT 0,
  counts TEXT NOT NULL,
  status TEXT NOT NULL,
  warnings TEXT NOT NULL DEFAULT '[]',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_documents_by_key ON ledger_documents (tenant, collection, key);
CREATE INDEX ledger_documents_by_time ON ledger_documents (tenant, collection, created_at, id);
CREATE INDEX ledger_documents_by_parent ON ledger_documents (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE ledger_versions (
  document_id TEXT NOT NULL REFERENCES ledger_documents (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  class TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (document_id, version)
) STRICT;

CREATE TABLE ledger_releases (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES ledger_documents (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  class TEXT,
  kind TEXT,
  reason TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_releases_by_document ON ledger_releases (document_id, version);

CREATE TABLE ledger_idempotency_keys (
  tenant TEXT NOT NULL,
  caller TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  document_id TEXT NOT NULL REFERENCES ledger_documents (id) ON DELETE CASCADE,
  job_id TEXT NOT NULL,
  collection TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  duplicate INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (tenant, caller, idempotency_key)
) STRICT;
CREATE INDEX ledger_idempotency_keys_by_document ON ledger_idempotency_keys (document_id);
`;

const jobs = `
CREATE TABLE ledger_jobs (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  document_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  status TEXT NOT NULL,
  waiting_for TEXT,
  not_before TEXT,
  stage TEXT,
  progress REAL NOT NULL DEFAULT 0,
  class TEXT,
  counts TEXT NOT NULL,
  decisions TEXT NOT NULL DEFAULT '[]',
  cost TEXT NOT NULL,
  warnings TEXT NOT NULL DEFAULT '[]',
  error TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_number INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  lease_until TEXT,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  last_event INTEGER NOT NULL DEFAULT 0,
  accepted_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;
CREATE INDEX ledger_jobs_by_collection ON ledger_jobs (tenant, collection, id);
CREATE INDEX ledger_jobs_by_document ON ledger_jobs (document_id, id);
CREATE INDEX ledger_jobs_open ON ledger_jobs (status, id) WHERE status IN ('queued', 'running', 'waiting');

CREATE TABLE ledger_job_events (
  job_id TEXT NOT NULL REFERENCES ledger_jobs (id) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (job_id, id)
) STRICT;
`;

const money = `
CREATE TABLE ledger_spend (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  backend TEXT NOT NULL,
  model TEXT NOT NULL,
  document_id TEXT,
  day TEXT NOT NULL,
  state TEXT NOT NULL,
  reserved_nano INTEGER NOT NULL,
  reserved_tokens INTEGER NOT NULL,
  charged_nano INTEGER,
  prompt_tokens INTEGER,
  output_tokens INTEGER,
  expires_at TEXT NOT NULL,
  reserved_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE INDEX ledger_spend_open ON ledger_spend (day, tenant, backend) WHERE state IN ('reserved', 'dispatched');
CREATE INDEX ledger_spend_by_time ON ledger_spend (day, backend, model);

CREATE TABLE ledger_spend_days (
  day TEXT NOT NULL,
  tenant TEXT NOT NULL,
  backend TEXT NOT NULL,
  nano INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  PRIMARY KEY (day, tenant, backend)
) STRICT;

CREATE TABLE ledger_memo (
  document_id TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  step TEXT NOT NULL,
  messages_hash TEXT NOT NULL,
  generation INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  valid INTEGER NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (document_id, chunk_id, step, messages_hash, generation, attempt)
) STRICT;
`;

const operations = `
CREATE TABLE ledger_keys (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  roles TEXT NOT NULL,
  classes TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;
CREATE INDEX ledger_keys_by_tenant ON ledger_keys (tenant, id);

CREATE TABLE ledger_audit (
  chain TEXT NOT NULL,
  position INTEGER NOT NULL,
  line TEXT NOT NULL,
  hmac TEXT NOT NULL,
  PRIMARY KEY (chain, position)
) STRICT;
CREATE TABLE ledger_audit_chains (chain TEXT PRIMARY KEY, head TEXT NOT NULL, length INTEGER NOT NULL) STRICT;

CREATE TABLE ledger_tiers (
  tier TEXT NOT NULL,
  backend TEXT NOT NULL,
  model TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (tier, backend, model)
) STRICT;
`;

const erasures = `
CREATE TABLE ledger_erasures (
  root_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  job_id TEXT NOT NULL,
  PRIMARY KEY (root_id, document_id, job_id)
) STRICT, WITHOUT ROWID;
`;

// Documents that lie in several stores: what is under way, and the revisions of each document.
const intents = `
ALTER TABLE ledger_documents ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_documents ADD COLUMN committed_revision INTEGER;
CREATE TABLE ledger_intents (
  document_id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  job_id TEXT NOT NULL,
  lease_number INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  committed INTEGER,
  phase TEXT NOT NULL,
  unsettled INTEGER NOT NULL DEFAULT 0,
  opened_at TEXT NOT NULL,
  held_until TEXT
) STRICT;
CREATE INDEX ledger_intents_by_tenant ON ledger_intents (tenant);
CREATE INDEX ledger_idempotency_keys_by_time ON ledger_idempotency_keys (created_at);
`;

// Text statistics, where the text lies in a store that cannot count for each caller.
const termCounts = `
CREATE TABLE ledger_chunk_terms (
  document_id TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  class TEXT NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (document_id, chunk_id)
) STRICT;
CREATE TABLE ledger_chunk_counts (
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  class TEXT NOT NULL,
  chunks INTEGER NOT NULL,
  PRIMARY KEY (tenant, collection, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_term_counts (
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  term TEXT NOT NULL,
  class TEXT NOT NULL,
  chunks INTEGER NOT NULL,
  PRIMARY KEY (tenant, collection, term, class)
) STRICT, WITHOUT ROWID;
`;

// What a release lets pass, who let it, and what undoing it goes back to.
const releases = `
ALTER TABLE ledger_releases ADD COLUMN hashes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ledger_releases ADD COLUMN class_before TEXT NOT NULL DEFAULT 'pii';
ALTER TABLE ledger_releases ADD COLUMN created_by TEXT;
`;

// An archive's entries are documents below it, each with a job of its own below the archive's.
const entries = `
ALTER TABLE ledger_documents ADD COLUMN is_entry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_jobs ADD COLUMN parent_id TEXT;
CREATE INDEX ledger_jobs_by_parent ON ledger_jobs (parent_id, status) WHERE parent_id IS NOT NULL;
`;

/**
 * A document's row holds what is shown: the committed version's class and counts. What belongs to one version (name,
 * bytes, the class it was read to have) rests in `ledger_versions`. A class of NULL is not known yet and counts as `pii`.
 * `ledger_erasures` names what an erase has still to remove outside the ledger, until its job is done. Migrations are
 * written for SQLite and read by PostgreSQL too (INTEGER, REAL and TEXT only, each table ends in STRICT).
 */
/** A reservation is made with the record that its bytes are about to leave; those that never left held nothing any more. */
const dispatched = `
DELETE FROM ledger_spend WHERE state IN ('reserved', 'released');
DROP INDEX ledger_spend_open;
CREATE INDEX ledger_spend_open ON ledger_spend (day, tenant, backend) WHERE state = 'dispatched';
`;

const passages = `
ALTER TABLE ledger_versions ADD COLUMN least TEXT;
ALTER TABLE ledger_versions ADD COLUMN least_job TEXT;
`;

export const ledgerSchema: StoreSchema = { name: "ledger", migrations: [documents + jobs + money + operations, erasures, intents, termCounts, usage, approvals, holds, releases, dispatched, passages, entries] };
