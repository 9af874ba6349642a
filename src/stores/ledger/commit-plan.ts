import { allClasses } from "../../data/classification.ts";
import type { DocumentCounts } from "../../data/document.ts";
import type { z } from "zod";
import type { DocumentPlan, Lease } from "../document-writer.ts";
import type { Statement } from "../sqlite/database.ts";

// What the document writer does to the ledger inside its own transaction.

/** Fails the plan with `conflict` when the job is no longer held with this lease number. */
export function leaseFence(lease: Lease): Statement {
  return {
    sql: "UPDATE ledger_jobs SET lease_until = lease_until WHERE id = ? AND lease_number = ? AND status = 'running' AND lease_owner IS NOT NULL",
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
      sql: `UPDATE ledger_documents SET
          committed_version = ?2,
          committed_status = ?3,
          status = CASE WHEN version > ?2 THEN status ELSE ?3 END,
          class = ${stricter("?4", "(SELECT v.class FROM ledger_versions v WHERE v.document_id = ?1 AND v.version = ?2)")},
          reasons = ?5, language = ?6, pages = ?7, counts = ?8, warnings = ?9, updated_at = ?10
        WHERE id = ?1 AND committed_version <= ?2 AND version >= ?2 AND status <> 'erasing'`,
      rows: [[documentId, version, plan.status, plan.class, JSON.stringify(plan.reasons), plan.language, plan.pages, JSON.stringify(countsOf(plan)), JSON.stringify(plan.warnings), now]],
      changes: 1,
    },
    {
      sql: `UPDATE ledger_versions SET media_type = ?3, class = ${stricter("?4", "class")} WHERE document_id = ?1 AND version = ?2`,
      rows: [[documentId, version, plan.mediaType, plan.class]],
      changes: 1,
    },
    { sql: "DELETE FROM ledger_versions WHERE document_id = ? AND version < ?", rows: [[documentId, version]] },
    { sql: "DELETE FROM ledger_releases WHERE document_id = ? AND version < ?", rows: [[documentId, version]] },
  ];
}

/** Ids of the document and of all documents below it, one column `id`; empty when it is gone already. */
export function documentTree(documentId: string): Statement {
  return {
    sql: `WITH RECURSIVE tree (id) AS (
        SELECT id FROM ledger_documents WHERE id = ?
        UNION SELECT d.id FROM ledger_documents d JOIN tree ON d.parent_id = tree.id
      ) SELECT id FROM tree`,
    rows: [[documentId]],
  };
}

/** Ids of the jobs `eraseDocument` removes, one column `id`: whose checkpoint threads are to go. Put it before the removal. */
export const jobsOfDocuments = (documentIds: string[]): Statement => ({
  sql: "SELECT id FROM ledger_jobs WHERE document_id = ? AND kind <> 'erase'",
  rows: documentIds.map((id) => [id]),
});

/**
 * Removes what the ledger holds of these documents (with versions, releases, jobs and their events, memo, idempotency
 * keys). The erasing job stays, without a name and warnings, so that its end can be seen. Spend and audit stay: ids and amounts.
 */
export function eraseDocument(documentIds: string[]): Statement[] {
  const rows = documentIds.map((id) => [id]);
  return [
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
