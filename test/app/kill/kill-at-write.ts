// Preloaded with `--import`: counts this process's durable writes and ends it by SIGKILL at the one that is asked for.
// A durable write is a commit or an autocommitting statement of SQLite, a file that gets its final name, and the removal
// of a file or folder. (A synced file without its name is not found by anybody: killed there is killed before its rename.)
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

const counter = process.env.SLUICE_TEST_COUNTER!;
const target = Number(process.env.SLUICE_TEST_KILL_AT ?? Infinity);
const { appendFileSync, statSync } = fs;
const traced = process.env.SLUICE_TEST_TRACE === "1";

function wrote(what: string): void {
  appendFileSync(counter, traced ? `${what.replace(/\s+/g, " ").slice(0, 100)}\n` : ".");
  if (traced || statSync(counter).size < target) return;
  process.kill(process.pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

interface Prepared {
  readonly database: { inTransaction: boolean };
  readonly readonly: boolean;
  readonly source: string;
}
type Method = (this: unknown, ...parameters: unknown[]) => unknown;

const Database = createRequire(import.meta.url)("better-sqlite3") as { new (path: string): { prepare(sql: string): object; close(): void }; prototype: { exec: Method } };
const sample = new Database(":memory:");
const statements = Object.getPrototypeOf(sample.prepare("SELECT 1")) as Record<"run" | "get" | "all", Method>;
sample.close();
/** Statements of the open transaction that change more than a lease's time or a job's progress. */
let pending: string[] = [];
const heartbeat = /^\s*(update "ledger_jobs" set ("lease_until" = \?|"lease_number" = \?, "stage" = \?, "progress" = \?|"last_event" =)|insert into "ledger_job_events"|PRAGMA)/i;

function ran(database: { inTransaction: boolean }, source: string, readonly: boolean): void {
  if (/^\s*BEGIN/i.test(source)) pending = [];
  else if (/^\s*COMMIT/i.test(source)) {
    if (pending.length) wrote(pending.join("; "));
    pending = [];
  } else if (!readonly && !heartbeat.test(source)) {
    if (database.inTransaction) pending.push(source);
    else wrote(source);
  }
}

for (const name of ["run", "get", "all"] as const) {
  const original = statements[name];
  statements[name] = function (...parameters) {
    const result = original.apply(this, parameters);
    const { database, source, readonly } = this as Prepared;
    ran(database, source, readonly);
    return result;
  };
}
const { exec } = Database.prototype;
Database.prototype.exec = function (...parameters) {
  const result = exec.apply(this, parameters);
  ran(this as Prepared["database"], String(parameters[0]), false);
  return result;
};

for (const name of ["rename", "rm"] as const) {
  const original = fs.promises[name] as (...parameters: unknown[]) => Promise<unknown>;
  fs.promises[name] = (async (...parameters: unknown[]) => {
    const result = await original(...parameters);
    if (/[/\\]documents[/\\]/.test(String(parameters.at(name === "rename" ? 1 : 0)))) wrote(`${name} ${String(parameters[name === "rename" ? 1 : 0]).split("/").at(-1)}`);
    return result;
  }) as never;
}

// The product's threads get neither environment nor flags; the one that writes gets this module again.
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(file: string | URL, options: threads.WorkerOptions = {}) {
    const writes = options.argv?.some((each) => String(each).includes("writer-thread"));
    super(file, writes ? { ...options, execArgv: ["--import", import.meta.url], env: { SLUICE_TEST_COUNTER: counter, SLUICE_TEST_KILL_AT: String(target), SLUICE_TEST_TRACE: traced ? "1" : "0" } } : options);
  }
} as typeof Worker;
syncBuiltinESMExports();
