import { allClasses } from "../../data/classification.ts";
import type { DocumentCounts } from "../../data/document.ts";
import type { z } from "zod";
import type { DocumentPlan, Lease } from "../document-writer.ts";
import type { Statement } from "../sqlite/database.ts";

// What the document writer does to the ledger inside its own transaction.

/** Fails the plan with `conflict` when the job is no longer held with this lease number. */
export function leaseFence(lease: Lease): Statement {
  return {
    sql: "UPDATE ledger_jobs SET lease_until = lease_until WHERE id = ? AND lease_number = ? AND lease_owner IS NOT NULL",
    rows: [[lease.jobId, lease.number]],
    changes: 1,
  };
}

/**
 * Makes the plan's version the one readers see. Fails with `conflict` when a later version was committed meanwhile or the
 * document is being erased. The class is the plan's, unless it was raised after the plan was made.
 */
export function commitDocument(plan: DocumentPlan, now: string = new Date().toISOString()): Statement[] {
  const { documentId, version } = plan;
  return [
    {
      sql: `UPDATE ledger_documents AS d SET
          committed_version = plan.version,
          committed_status = plan.status,
          status = CASE WHEN d.version > plan.version THEN d.status ELSE plan.status END,
          class = ${stricter("plan.class", "(SELECT v.class FROM ledger_versions v WHERE v.document_id = d.id AND v.version = plan.version)")},
          reasons = plan.reasons, language = plan.language, pages = plan.pages, counts = plan.counts, warnings = plan.warnings, updated_at = plan.now
        FROM (SELECT ? AS id, ? AS version, ? AS status, ? AS class, ? AS reasons, ? AS language, ? AS pages, ? AS counts, ? AS warnings, ? AS now) AS plan
        WHERE d.id = plan.id AND d.committed_version <= plan.version AND d.version >= plan.version AND d.status <> 'erasing'`,
      rows: [[documentId, version, plan.status, plan.class, JSON.stringify(plan.reasons), plan.language, plan.pages, JSON.stringify(countsOf(plan)), JSON.stringify(plan.warnings), now]],
      changes: 1,
    },
    {
      sql: `UPDATE ledger_versions AS v SET media_type = plan.media_type, class = ${stricter("plan.class", "v.class")}
        FROM (SELECT ? AS media_type, ? AS class, ? AS id, ? AS version) AS plan WHERE v.document_id = plan.id AND v.version = plan.version`,
      rows: [[plan.mediaType, plan.class, documentId, version]],
      changes: 1,
    },
    // Answers about passages (whose ids are UUIDs) that are no more, and those of earlier generations, serve nobody.
    { sql: "DELETE FROM ledger_memo WHERE document_id = ? AND length(chunk_id) = 36 AND chunk_id NOT IN (SELECT value FROM json_each(?))", rows: [[documentId, JSON.stringify(plan.chunks.map(({ id }) => id))]] },
    { sql: "DELETE FROM ledger_memo WHERE document_id = ? AND generation < (SELECT generation FROM ledger_documents WHERE id = document_id)", rows: [[documentId]] },
    { sql: "DELETE FROM ledger_versions WHERE document_id = ? AND version < ?", rows: [[documentId, version]] },
    { sql: "DELETE FROM ledger_releases WHERE document_id = ? AND version < ?", rows: [[documentId, version]] },
  ];
}

/** Ids of the document and of all documents below it, one column `id`; also those an interrupted erase removed already. */
export function documentTree(documentId: string): Statement {
  return {
    sql: `WITH RECURSIVE root (id) AS (SELECT ?), tree (id) AS (
        SELECT d.id FROM ledger_documents d JOIN root ON d.id = root.id
        UNION SELECT d.id FROM ledger_documents d JOIN tree ON d.parent_id = tree.id
      ) SELECT id FROM tree UNION SELECT e.document_id FROM ledger_erasures e JOIN root ON e.root_id = root.id`,
    rows: [[documentId]],
  };
}

/**
 * Ids of the jobs `eraseDocument` removes, or an interrupted erase removed already, one column `id`: whose checkpoint
 * threads are to go. Put it before the removal.
 */
export const jobsOfDocuments = (documentIds: string[]): Statement => ({
  sql: `WITH asked (id) AS (SELECT ?)
    SELECT j.id FROM ledger_jobs j JOIN asked ON j.document_id = asked.id WHERE j.kind <> 'erase'
    UNION SELECT e.job_id FROM ledger_erasures e JOIN asked ON e.document_id = asked.id WHERE e.job_id <> ''`,
  rows: documentIds.map((id) => [id]),
});

/**
 * Removes what the ledger holds of these documents (with versions, releases, jobs and their events, memo, idempotency
 * keys). The erasing job stays, without a name and warnings, so that its end can be seen, and the ids stay until it is
 * done: files and checkpoints are removed after this. Spend and audit stay: ids and amounts. `documentIds` begins with
 * the document that is erased, the others lie below it.
 */
export function eraseDocument(documentIds: string[]): Statement[] {
  const rows = documentIds.map((id) => [id]);
  const rooted = documentIds.map((id) => [documentIds[0]!, id]);
  return [
    { sql: "INSERT OR IGNORE INTO ledger_erasures (root_id, document_id, job_id) VALUES (?, ?, '')", rows: rooted },
    { sql: "INSERT OR IGNORE INTO ledger_erasures (root_id, document_id, job_id) SELECT ?, document_id, id FROM ledger_jobs WHERE document_id = ? AND kind <> 'erase'", rows: rooted },
    { sql: "DELETE FROM ledger_memo WHERE document_id = ?", rows },
    { sql: "DELETE FROM ledger_jobs WHERE document_id = ? AND kind <> 'erase'", rows },
    { sql: "UPDATE ledger_jobs SET name = '', warnings = '[]' WHERE document_id = ?", rows },
    { sql: "DELETE FROM ledger_documents WHERE id = ?", rows },
  ];
}

function countsOf(plan: DocumentPlan): z.infer<typeof DocumentCounts> {
  return {
    chunks: plan.chunks.length,
    tokens: plan.chunks.reduce((sum, { tokens }) => sum + tokens, 0),
    pictures: plan.pictureCount,
    entities: new Set(plan.mentions.map(({ entityId }) => entityId)).size,
    relations: new Set(plan.statements.map(({ source, type, target }) => JSON.stringify([source, type, target]))).size,
  };
}

// A class that is not known raises nothing: the plan's own is final for what it commits.
function stricter(one: string, other: string): string {
  const rank = (value: string) => `CASE ${value} ${allClasses.map((each, place) => `WHEN '${each}' THEN ${place}`).join(" ")} ELSE -1 END`;
  return `CASE WHEN ${rank(other)} > ${rank(one)} THEN ${other} ELSE ${one} END`;
}
