import { strictest } from "../data/classification.ts";
import { noCounts } from "../data/document.ts";
import { SluiceError } from "../errors.ts";
import type { DocumentWriter } from "../stores/document-writer.ts";
import type { JobRow, Ledger } from "../stores/ledger/ledger.ts";
import { type Account, addAccounts, emptyAccount, type WorkDocument } from "../steps/work.ts";
import type { ActiveRun } from "./active-runs.ts";

/** What the ingest graph leaves when it has ended. */
export interface RunResult {
  documents: WorkDocument[];
  accounts: Record<string, Account>;
}

export interface PerformParts {
  ledger: Ledger;
  writer: DocumentWriter;
  /** Runs the ingest graph on thread = job id, from where it stopped; in the product, or on LangGraph's dev server. */
  startRun(job: JobRow, signal: AbortSignal): Promise<RunResult>;
  /** Checkpoints of these threads. */
  forgetThreads(jobIds: string[]): Promise<void>;
  /** Files, cached answers, and what the gate keeps of these documents. */
  forgetDocuments(documentIds: string[]): Promise<void>;
  /** Gives committed chunks the vectors they lack. */
  reindex(run: ActiveRun): Promise<void>;
}

/** Does the job's work; idempotent, since a job may be taken up again at any line. */
export async function perform(job: JobRow, run: ActiveRun, parts: PerformParts): Promise<void> {
  if (job.kind === "erase") return erase(job, run, parts);
  if (job.kind === "reindex") return parts.reindex(run);
  const row = await parts.ledger.documents.row(job.documentId);
  if (!row) throw new SluiceError("not_found", `document ${job.documentId} was erased`);
  run.userId = row.uploadedBy;
  if (row.version !== job.version) {
    const message = `version ${job.version} was overtaken by version ${row.version} before it was read`;
    return parts.ledger.jobs.update(run.lease, { warnings: [{ code: "superseded", message }], progress: 1 });
  }
  await parts.ledger.documents.update(row.id, { status: "processing" }, run.lease);
  const result = await parts.startRun(job, run.controller.signal);
  // A run that had stored everything before it was interrupted does not store it again.
  await parts.ledger.documents.settle(row.id, job.version, null, run.lease);
  const entries = await parts.ledger.entries.results(job.id);
  const ofEntries = entries.map(({ decisions, cost }) => ({ warnings: [], decisions, cost }));
  const account = [...Object.values(result.accounts), ...ofEntries].reduce(addAccounts, emptyAccount());
  const counts = [...result.documents, ...entries].reduce((sum, each) => {
    for (const key of Object.keys(noCounts) as (keyof typeof noCounts)[]) sum[key] += each.counts[key];
    return sum;
  }, { ...noCounts });
  const warnings = [...account.warnings, ...keptLocal(result.documents)];
  await parts.ledger.jobs.update(run.lease, { counts, warnings, decisions: account.decisions, cost: account.cost, class: strictest(...result.documents.map((each) => each.class)), progress: 1 });
  for (const decision of account.decisions) await parts.ledger.jobs.event(job.id, "decision", decision);
  for (const warning of warnings) await parts.ledger.jobs.event(job.id, "warning", warning);
}

/** Which kinds kept a document local, and what the other shipped policy would change. */
function keptLocal(documents: WorkDocument[]): { code: string; message: string }[] {
  const main = documents[0];
  if (!main?.class || main.class === "public") return [];
  const kinds = [...new Set(main.reasons.filter((each) => each.class === main.class).map((each) => each.kind))].slice(0, 6).join(", ");
  const change = main.balancedClass && main.balancedClass !== main.class ? `; under privacy.policy balanced it would be ${main.balancedClass}` : "";
  return [{ code: "kept_local", message: `${main.class} because of ${kinds || "its attachments"}${change}` }];
}

async function erase(job: JobRow, run: ActiveRun, parts: PerformParts): Promise<void> {
  const { documentIds, jobIds } = await parts.writer.erase(job.documentId, run.lease);
  await parts.forgetDocuments(documentIds);
  await parts.forgetThreads(jobIds);
}
