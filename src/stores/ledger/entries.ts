import { rank, type Class } from "../../data/classification.ts";
import { noCounts } from "../../data/document.ts";
import { SluiceError } from "../../errors.ts";
import type { Lease } from "../document-writer.ts";
import { insertVersion } from "./accept.ts";
import { beginReprocess } from "./create-job.ts";
import { documentsBelow } from "./document-rows.ts";
import type { EntryLedger } from "./entry-ledger.ts";
import { newJob, toJobRow } from "./job-rows.ts";
import type { JobRow, Upload } from "./ledger.ts";
import { engineOf, isoTime, listed, lockDocuments, mustHold, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

type Entry = Upload & { id: string; parentId: string };

export function openEntryLedger(database: Sql, clock: Clock): EntryLedger {
  return {
    accept: (entry, lease) =>
      database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, [entry.id]);
        await mustHold(transaction, lease);
        return acceptEntry(transaction, entry, await archiveOf(transaction, lease), clock);
      }),

    async lastJobs(archiveId) {
      const rows = await database
        .selectFrom("ledger_documents as d")
        .innerJoin("ledger_jobs as j", (join) => join.onRef("j.document_id", "=", "d.id").onRef("j.version", "=", "d.version"))
        .selectAll("j")
        .where("d.parent_id", "=", archiveId)
        .where("d.is_entry", "=", 1)
        .where("j.kind", "in", ["ingest", "reprocess"])
        .orderBy("j.id")
        .execute();
      return [...new Map(rows.map((row) => [row.document_id, toJobRow(row)])).values()];
    },

    async takeOver(jobId, documentIds) {
      if (documentIds.length > 0) {
        await database
          .updateTable("ledger_jobs")
          .set({ parent_id: jobId })
          .where("document_id", "in", listed(engineOf(database), documentIds))
          .where("id", "<>", jobId)
          .where("kind", "in", ["ingest", "reprocess"])
          .where("status", "in", ["queued", "running", "waiting"])
          .execute();
      }
      const open = await database.selectFrom("ledger_jobs").select("id").where("parent_id", "=", jobId).where("status", "in", ["queued", "running", "waiting"]).limit(1).executeTakeFirst();
      return open !== undefined;
    },

    async results(jobId) {
      return (await database.selectFrom("ledger_jobs").selectAll().where("parent_id", "=", jobId).execute()).map(toJobRow);
    },

    async sizeBelow(documentId, except) {
      const ids = (await documentsBelow(database, documentId)).filter((id) => id !== documentId);
      const row = await database
        .selectFrom("ledger_documents as d")
        .innerJoin("ledger_versions as v", (join) => join.onRef("v.document_id", "=", "d.id").onRef("v.version", "=", "d.version"))
        .select(({ fn }) => [fn.countAll<number>().as("documents"), fn.sum<number | null>("v.bytes").as("bytes")])
        .where("d.id", "in", listed(engineOf(database), ids))
        .where("d.parent_id", "<>", except)
        .executeTakeFirstOrThrow();
      return { documents: Number(row.documents), bytes: Number(row.bytes ?? 0) };
    },
  };
}

interface Archive {
  jobId: string;
  kind: "ingest" | "reprocess";
  approvedAt: string | null;
  uploadedBy: string | null;
}

async function archiveOf(transaction: SqlTransaction, { jobId }: Lease): Promise<Archive> {
  const row = await transaction.selectFrom("ledger_jobs as j").innerJoin("ledger_documents as d", "d.id", "j.document_id").select(["j.kind", "j.approved_at", "d.status", "d.uploaded_by"]).where("j.id", "=", jobId).executeTakeFirst();
  if (!row || row.status === "erasing") throw new SluiceError("conflict", `the archive of job ${jobId} is being erased`);
  return { jobId, kind: row.kind === "reprocess" ? "reprocess" : "ingest", approvedAt: row.approved_at, uploadedBy: row.uploaded_by };
}

async function acceptEntry(transaction: SqlTransaction, entry: Entry, archive: Archive, clock: Clock): Promise<JobRow | null> {
  const known = await transaction
    .selectFrom("ledger_documents as d")
    .innerJoin("ledger_versions as v", (join) => join.onRef("v.document_id", "=", "d.id").onRef("v.version", "=", "d.version"))
    .select(["d.version", "d.generation", "d.status", "d.floor", "d.is_entry", "v.sha256"])
    .where("d.id", "=", entry.id)
    .executeTakeFirst();
  if (known?.status === "erasing") throw new SluiceError("conflict", `document ${entry.id} is being erased`, { retryable: true, retryAfter: 2 });
  const isSame = known !== undefined && known.is_entry === 1 && known.sha256 === entry.sha256 && rank(entry.floor) <= rank(known.floor as Class);
  const last = isSame ? await lastJob(transaction, entry.id, known.version) : undefined;
  if (last && isInGoodHands(last, archive)) return null;
  const again = archive.kind === "reprocess" && isSame;
  const generation = (known?.generation ?? 0) + (again ? 1 : 0);
  const version = isSame ? known.version : (known?.version ?? 0) + 1;
  if (again) await beginReprocess(transaction, entry.id, generation, isoTime(clock));
  else await writeEntry(transaction, entry, version, archive, isoTime(clock));
  const { tenant, collection } = entry.scope;
  const job = newJob({ tenant, collection, documentId: entry.id, parentId: archive.jobId, name: entry.name, kind: again ? "reprocess" : "ingest", version, generation, class: null }, clock());
  await transaction.insertInto("ledger_jobs").values({ ...job, approved_at: archive.approvedAt }).execute();
  return toJobRow(await transaction.selectFrom("ledger_jobs").selectAll().where("id", "=", job.id).executeTakeFirstOrThrow());
}

type LastJob = { status: string; parent_id: string | null };

const lastJob = (transaction: SqlTransaction, documentId: string, version: number): Promise<LastJob | undefined> =>
  transaction
    .selectFrom("ledger_jobs")
    .select(["status", "parent_id"])
    .where("document_id", "=", documentId)
    .where("version", "=", version)
    .where("kind", "in", ["ingest", "reprocess"])
    .orderBy("id", "desc")
    .executeTakeFirst();

/** What failed or was stopped below an earlier job of the archive, or before this one was retried, is tried once more. */
function isInGoodHands({ status, parent_id: parentId }: LastJob, archive: Archive): boolean {
  if (parentId === archive.jobId) return true;
  return archive.kind === "ingest" && status !== "failed" && status !== "cancelled";
}

async function writeEntry(transaction: SqlTransaction, entry: Entry, version: number, archive: Archive, now: string): Promise<void> {
  const { id, scope, key, parentId, floor } = entry;
  const set = { parent_id: parentId, is_entry: 1, uploaded_by: archive.uploadedBy, floor, version, status: "queued", updated_at: now };
  await transaction
    .insertInto("ledger_documents")
    .values({ id, ...scope, key, counts: JSON.stringify(noCounts), created_at: now, ...set })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(set))
    .execute();
  await insertVersion(transaction, id, version, entry, now);
}
