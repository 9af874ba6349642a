import { sql } from "kysely";
import { rank, type Class } from "../../data/classification.ts";
import { noCounts } from "../../data/document.ts";
import { documentId, hashId, randomId } from "../../data/identity.ts";
import type { Principal } from "../../data/principal.ts";
import { SluiceError } from "../../errors.ts";
import { newestDocuments, releasesOf, toDocumentRow } from "./document-rows.ts";
import { foldName } from "./fold-name.ts";
import { newJob, toJobRow } from "./job-rows.ts";
import type { DocumentLedger, Upload } from "./ledger.ts";
import { classIn, isoTime, lock, lockDocuments, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** How long an idempotency key is answered with what it made; then it is forgotten. */
const idempotencyHours = 24;

type Accepted = { documentId: string; jobId: string; duplicate: boolean };

/** Document, version, job and idempotency key are made in one transaction: nothing is accepted by half. */
export function openAccept(database: Sql, clock: Clock): DocumentLedger["accept"] {
  return (principal, upload, { maxQueued, idempotencyKey }) =>
    database.transaction().execute(async (transaction) => {
      if (upload.scope.tenant !== principal.tenant) throw new SluiceError("forbidden", "[ledger] an upload goes to the caller's own tenant only");
      const { tenant, collection } = upload.scope;
      const names = idempotencyKey === null ? [] : [`idempotency ${JSON.stringify([tenant, caller(principal), idempotencyKey])}`];
      await lock(transaction, `upload ${JSON.stringify([tenant, collection, upload.key])}`, ...names);
      const earlier = idempotencyKey === null ? null : await replay(transaction, principal, upload, idempotencyKey, clock);
      if (earlier) return result(transaction, earlier);
      const accepted = await accept(transaction, principal, upload, maxQueued, clock);
      if (idempotencyKey !== null) await remember(transaction, principal, upload, idempotencyKey, accepted, isoTime(clock));
      return result(transaction, accepted);
    });
}

const caller = (principal: Principal): string => principal.keyId ?? "";

async function replay(transaction: SqlTransaction, principal: Principal, upload: Upload, key: string, clock: Clock): Promise<Accepted | null> {
  // What is too old to be answered goes; it also has to make room for a new use of the same key.
  const oldest = new Date(clock() - idempotencyHours * 3_600_000).toISOString();
  await transaction.deleteFrom("ledger_idempotency_keys").where("created_at", "<=", oldest).execute();
  const row = await transaction.selectFrom("ledger_idempotency_keys").selectAll().where("tenant", "=", principal.tenant).where("caller", "=", caller(principal)).where("idempotency_key", "=", key).executeTakeFirst();
  if (!row) return null;
  if (row.sha256 !== upload.sha256 || row.collection !== upload.scope.collection) throw new SluiceError("conflict", "the idempotency key was used for another upload; send a fresh one");
  return { documentId: row.document_id, jobId: row.job_id, duplicate: row.duplicate === 1 };
}

async function remember(transaction: SqlTransaction, principal: Principal, upload: Upload, key: string, accepted: Accepted, now: string): Promise<void> {
  await transaction
    .insertInto("ledger_idempotency_keys")
    .values({
      tenant: principal.tenant, caller: caller(principal), idempotency_key: key, document_id: accepted.documentId, job_id: accepted.jobId,
      collection: upload.scope.collection, sha256: upload.sha256, duplicate: accepted.duplicate ? 1 : 0, created_at: now,
    })
    .execute();
}

async function accept(transaction: SqlTransaction, principal: Principal, upload: Upload, maxQueued: number, clock: Clock): Promise<Accepted> {
  let known = await named(transaction, principal, upload);
  if (known) {
    await lockDocuments(transaction, [known.id]);
    known = await named(transaction, principal, upload);
  }
  if (known?.status === "erasing") throw new SluiceError("conflict", `document ${known.id} is being erased; upload again when its job is done`, { retryable: true, retryAfter: 2 });
  const jobId = known ? await sameBytes(transaction, known, upload) : null;
  if (known && jobId !== null) return { documentId: known.id, jobId, duplicate: true };
  await mustHaveRoom(transaction, maxQueued);
  const document = known ? await addVersion(transaction, principal, known, upload, clock) : await addDocument(transaction, principal, upload, clock);
  const job = newJob({ ...upload.scope, documentId: document.id, name: upload.name, kind: upload.kind, version: document.version, generation: document.generation, class: null }, clock());
  await transaction.insertInto("ledger_jobs").values(job).execute();
  return { documentId: document.id, jobId: job.id, duplicate: false };
}

type Known = { id: string; version: number; generation: number; status: string; floor: string; sha256: string };

/** The document this key names for the caller: one that it may see, or its own upload that nobody has read yet. */
function named(transaction: SqlTransaction, principal: Principal, upload: Upload): Promise<Known | undefined> {
  return transaction
    .selectFrom("ledger_documents as d")
    .innerJoin("ledger_versions as v", (join) => join.onRef("v.document_id", "=", "d.id").onRef("v.version", "=", "d.version"))
    .select(["d.id", "d.version", "d.generation", "d.status", "d.floor", "v.sha256"])
    .where("d.tenant", "=", principal.tenant)
    .where("d.collection", "=", upload.scope.collection)
    .where("d.key", "=", upload.key)
    .where(({ or, and, eb }) => or([classIn(sql.ref("d.class"), principal.classes), and([eb("d.class", "is", null), eb("d.uploaded_by", "=", caller(principal))])]))
    .orderBy("d.created_at")
    .orderBy("d.id")
    .executeTakeFirst();
}

// A stricter declared class is something to do, even for the same bytes: everything made from them has to rise.
async function sameBytes(transaction: SqlTransaction, known: Known, upload: Upload): Promise<string | null> {
  if (known.sha256 !== upload.sha256 || rank(upload.floor) > rank(known.floor as Class)) return null;
  const job = await transaction
    .selectFrom("ledger_jobs")
    .select("id")
    .where("document_id", "=", known.id)
    .where("version", "=", known.version)
    .where("kind", "in", ["ingest", "reprocess"])
    .orderBy("id", "desc")
    .executeTakeFirst();
  return job?.id ?? null;
}

async function mustHaveRoom(transaction: SqlTransaction, maxQueued: number): Promise<void> {
  const { queued } = await transaction.selectFrom("ledger_jobs").select(({ fn }) => fn.countAll<number>().as("queued")).where("status", "=", "queued").executeTakeFirstOrThrow();
  if (Number(queued) < maxQueued) return;
  throw new SluiceError("overloaded", `${Number(queued)} jobs wait already, no more than ${maxQueued} may; upload again later`, { retryable: true, retryAfter: 30 });
}

async function addVersion(transaction: SqlTransaction, principal: Principal, known: Known, upload: Upload, clock: Clock): Promise<Pick<Known, "id" | "version" | "generation">> {
  const version = known.version + 1;
  await transaction
    .updateTable("ledger_documents")
    .set({ version, floor: upload.floor, parent_id: upload.parentId, uploaded_by: caller(principal), status: "queued", updated_at: isoTime(clock) })
    .where("id", "=", known.id)
    .execute();
  await insertVersion(transaction, known.id, version, upload, isoTime(clock));
  return { id: known.id, version, generation: known.generation };
}

async function addDocument(transaction: SqlTransaction, principal: Principal, upload: Upload, clock: Clock): Promise<Pick<Known, "id" | "version" | "generation">> {
  const usual = documentId(upload.scope, upload.key);
  const taken = await transaction.selectFrom("ledger_documents").select("id").where("id", "=", usual).executeTakeFirst();
  const id = taken ? hashId("document", upload.scope.tenant, upload.scope.collection, upload.key, randomId()) : usual;
  const now = isoTime(clock);
  await transaction
    .insertInto("ledger_documents")
    .values({
      id, ...upload.scope, key: upload.key, parent_id: upload.parentId, uploaded_by: caller(principal), floor: upload.floor, version: 1,
      counts: JSON.stringify(noCounts), status: "queued", created_at: now, updated_at: now,
    })
    .execute();
  await insertVersion(transaction, id, 1, upload, now);
  return { id, version: 1, generation: 0 };
}

/** A version that is there already, which is worked once more, takes the name and type of this upload. */
export async function insertVersion(transaction: SqlTransaction, id: string, version: number, upload: Upload, now: string): Promise<void> {
  const values = { name: upload.name, folded_name: foldName(upload.name), media_type: upload.mediaType, bytes: upload.bytes, sha256: upload.sha256 };
  await transaction
    .insertInto("ledger_versions")
    .values({ document_id: id, version, ...values, created_at: now })
    .onConflict((conflict) => conflict.columns(["document_id", "version"]).doUpdateSet(values))
    .execute();
}

async function result(transaction: SqlTransaction, { documentId: id, jobId, duplicate }: Accepted): ReturnType<DocumentLedger["accept"]> {
  const row = await newestDocuments(transaction).where("d.id", "=", id).executeTakeFirstOrThrow();
  const job = await transaction.selectFrom("ledger_jobs").selectAll().where("id", "=", jobId).executeTakeFirstOrThrow();
  const releases = await releasesOf(transaction, [row]);
  return { document: toDocumentRow(row, row.version_class, releases(row)), job: toJobRow(job), duplicate };
}
