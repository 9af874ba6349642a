// What calls came to, and which alerts were given.
export const usage = `
ALTER TABLE ledger_spend ADD COLUMN task_type TEXT;
CREATE TABLE ledger_usage (
  day TEXT NOT NULL,
  tenant TEXT NOT NULL,
  location TEXT NOT NULL,
  backend TEXT NOT NULL,
  model TEXT NOT NULL,
  task_type TEXT NOT NULL,
  calls INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  prompt_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  reference_nano INTEGER NOT NULL,
  latency_ms REAL NOT NULL,
  fallbacks INTEGER NOT NULL,
  cache_hits INTEGER NOT NULL,
  PRIMARY KEY (day, tenant, location, backend, model, task_type)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_usage_latencies (
  day TEXT NOT NULL,
  tenant TEXT NOT NULL,
  location TEXT NOT NULL,
  backend TEXT NOT NULL,
  model TEXT NOT NULL,
  task_type TEXT NOT NULL,
  step INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  PRIMARY KEY (day, tenant, location, backend, model, task_type, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_alerts (
  period TEXT NOT NULL,
  tenant TEXT NOT NULL,
  percent INTEGER NOT NULL,
  token TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (period, tenant, percent)
) STRICT, WITHOUT ROWID;
`;

// Jobs that may go on after they were estimated (`approve: always`).
export const approvals = `
ALTER TABLE ledger_jobs ADD COLUMN approved_at TEXT;
`;

// Accounts of model servers that are left alone until a limit of theirs passes.
export const holds = `
CREATE TABLE ledger_holds (
  account TEXT PRIMARY KEY,
  from_at TEXT NOT NULL,
  ms INTEGER NOT NULL
) STRICT;
`;
