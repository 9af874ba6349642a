import { sql, type RawBuilder } from "kysely";
import type { z } from "zod";
import { allClasses } from "../../data/classification.ts";
import type { DocumentCounts } from "../../data/document.ts";
import { SluiceError } from "../../errors.ts";
import type { DocumentPlan } from "../document-writer.ts";
import { listed, rowsOf, type Engine, type SqlTransaction } from "./sql.ts";

/** One statement, written once for both engines; where it changes fewer rows than `changes` the whole write is a `conflict`. */
export interface Change {
  sql: RawBuilder<unknown>;
  changes?: number;
}

export async function runChanges(transaction: SqlTransaction, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    const { numAffectedRows = 0n } = await change.sql.execute(transaction);
    if (change.changes !== undefined && numAffectedRows < change.changes) throw new SluiceError("conflict", "the stored state is no longer what this write was based on; nothing of it was kept");
  }
}

/**
 * Makes the plan's version the one readers see. `conflict` when a later version was committed meanwhile or the document is
 * being erased. The class is the plan's, unless it was raised after the plan was made.
 */
export function commitChanges(engine: Engine, plan: DocumentPlan, now: string): Change[] {
  const { documentId, version } = plan;
  const planned = sql`cast(${plan.class} as text)`;
  const versionClass = sql`(select v.class from ledger_versions v where v.document_id = ${documentId} and v.version = ${version})`;
  return [
    {
      sql: sql`update ledger_documents as d set
          committed_version = ${version}, committed_status = ${plan.status},
          status = case when d.version > ${version} then d.status else ${plan.status} end,
          class = ${stricter(planned, versionClass)},
          reasons = ${JSON.stringify(plan.reasons)}, language = ${plan.language}, pages = ${plan.pages}, counts = ${JSON.stringify(countsOf(plan))},
          warnings = ${JSON.stringify(plan.warnings)}, updated_at = ${now}
        where d.id = ${documentId} and d.committed_version <= ${version} and d.version >= ${version} and d.status <> 'erasing'`,
      changes: 1,
    },
    {
      sql: sql`update ledger_versions as v set media_type = ${plan.mediaType}, class = ${stricter(planned, sql`v.class`)} where v.document_id = ${documentId} and v.version = ${version}`,
      changes: 1,
    },
    // Answers about passages (whose ids are UUIDs) that are no more, and those of earlier generations, serve nobody.
    { sql: sql`delete from ledger_memo where document_id = ${documentId} and length(chunk_id) = 36 and chunk_id not in ${listed(engine, plan.chunks.map(({ id }) => id))}` },
    { sql: sql`delete from ledger_memo where document_id = ${documentId} and generation < (select d.generation from ledger_documents d where d.id = ${documentId})` },
    { sql: sql`delete from ledger_versions where document_id = ${documentId} and version < ${version}` },
    { sql: sql`delete from ledger_releases where document_id = ${documentId} and version < ${version}` },
  ];
}

/** Ids of the document and of all documents below it, one column `id`; also those an interrupted erase removed already. */
export const treeOf = (documentId: string): RawBuilder<{ id: string }> =>
  sql`with recursive root (id) as (select cast(${documentId} as text)), tree (id) as (
      select d.id from ledger_documents d join root on d.id = root.id
      union select d.id from ledger_documents d join tree on d.parent_id = tree.id
    ) select id from tree union select e.document_id from ledger_erasures e join root on e.root_id = root.id`;

/** Ids of the jobs the erasure removes, or an interrupted one removed already, one column `id`: whose threads are to go. */
export const jobsOf = (engine: Engine, documentIds: readonly string[]): RawBuilder<{ id: string }> =>
  sql`select id from ledger_jobs where kind <> 'erase' and document_id in ${listed(engine, documentIds)}
    union select job_id from ledger_erasures where job_id <> '' and document_id in ${listed(engine, documentIds)}`;

/**
 * Removes what the ledger holds of these documents (with versions, releases, jobs and their events, memo, idempotency
 * keys). The erasing job stays, without a name and warnings, so that its end can be seen, and the ids stay until it is
 * done: files and checkpoints are removed after this. Spend and audit stay: ids and amounts. `documentIds` begins with
 * the document that is erased, the others lie below it.
 */
export function eraseChanges(engine: Engine, documentIds: readonly string[]): Change[] {
  const [root] = documentIds;
  const ids = listed(engine, documentIds);
  return [
    { sql: sql`insert into ledger_erasures (root_id, document_id, job_id) select cast(${root} as text), value, '' from ${rowsOf(engine, documentIds)} where true on conflict do nothing` },
    {
      sql: sql`insert into ledger_erasures (root_id, document_id, job_id) select cast(${root} as text), document_id, id from ledger_jobs
        where document_id in ${ids} and kind <> 'erase' on conflict do nothing`,
    },
    { sql: sql`delete from ledger_memo where document_id in ${ids}` },
    { sql: sql`delete from ledger_jobs where document_id in ${ids} and kind <> 'erase'` },
    { sql: sql`update ledger_jobs set name = '', warnings = '[]' where document_id in ${ids}` },
    { sql: sql`delete from ledger_documents where id in ${ids}` },
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

const ranks = sql.raw(allClasses.map((each, place) => `when '${each}' then ${place}`).join(" "));
const rankOf = (value: RawBuilder<unknown>): RawBuilder<unknown> => sql`case ${value} ${ranks} else -1 end`;

// A class that is not known raises nothing: the plan's own is final for what it commits.
const stricter = (one: RawBuilder<unknown>, other: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case when ${rankOf(other)} > ${rankOf(one)} then ${other} else ${one} end`;
