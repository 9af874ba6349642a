import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import Database from "better-sqlite3";
import { sha256 } from "../../src/data/identity.ts";

/** What no two runs have alike: random ids, times, and how often something was tried. */
const volatile = new Set(["created_at", "updated_at", "at", "accepted_at", "started_at", "finished_at", "attempt", "attempts", "job_id", "lease_number", "lease_owner", "lease_until", "last_event", "stage"]);
/** Amounts, hashes and opaque ids, which stay by design; a job's events tell of its way, not of its documents. */
const kept = /^(ledger_audit|ledger_spend|ledger_usage|ledger_alerts$|ledger_job_events$|ledger_tiers$|schema_versions$|sqlite_)/;

/** Every row of every table but audit and spend, each table sorted, so that two stores can be compared. */
export function tablesOf(folder: string): Record<string, string[]> {
  const database = new Database(join(folder, "sluice.sqlite"), { readonly: true });
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all() as string[];
    return Object.fromEntries(names.filter((name) => !kept.test(name)).map((name) => [name, rowsOf(database, name)]));
  } finally {
    database.close();
  }
}

function rowsOf(database: Database.Database, table: string): string[] {
  const rows = database.prepare(`SELECT * FROM "${table}"`).all() as Record<string, unknown>[];
  return rows.map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !dropped(table, column)).map(([column, value]) => [column, Buffer.isBuffer(value) ? value.toString("base64") : value])).replace(randomIds, "(random)")).toSorted();
}

/** UUIDv7: jobs and requests. All other ids are made from content. */
const randomIds = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** A job's id is random; a document without a date of its own has that of its upload. */
const dropped = (table: string, column: string): boolean => volatile.has(column) || (table === "ledger_jobs" && column === "id") || (table === "text_documents" && column === "date");

/** Path (below the documents' folder) and hash of every file that is kept of documents. */
export async function documentFiles(folder: string): Promise<string[]> {
  const root = join(folder, "files", "documents");
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return (await Promise.all(files.map(async (path) => `${relative(root, path)} ${sha256(await readFile(path))}`))).toSorted();
}

/** Names of the files in the data folder in whose bytes one of the words stands, in whatever case. */
export async function filesWith(folder: string, words: string[]): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const hits: string[] = [];
  for (const each of found) {
    const path = join(each.parentPath, each.name);
    const content = each.isFile() ? (await readFile(path)).toString("latin1").toLowerCase() : "";
    for (const word of words) if (content.includes(word.toLowerCase()) || each.name.toLowerCase().includes(word.toLowerCase())) hits.push(`${relative(folder, path)}: ${word}`);
  }
  return hits.toSorted();
}
