import { sql } from "kysely";
import type { Class } from "../../data/classification.ts";
import { SluiceError } from "../../errors.ts";
import { documentsOfJob } from "./document-rows.ts";
import { noDocument } from "./ledger-errors.ts";
import type { ReleaseLedger } from "./release-ledger.ts";
import { isoTime, lockDocuments, raised, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** What a person let pass. Every change leaves the class unknown until the gate has read the document again: meanwhile nothing leaves. */
export function openReleaseLedger(database: Sql, clock: Clock): ReleaseLedger {
  return {
    create: ({ hashes, userId, documentId, version, ...release }) =>
      database.transaction().execute(async (transaction) => {
        const { ids, row } = await lockTree(transaction, documentId);
        if (row.version !== version) throw new SluiceError("conflict", `document ${documentId} has a newer version than the one that was looked at; look at it again`);
        const createdAt = isoTime(clock);
        await transaction
          .insertInto("ledger_releases")
          .values({ ...release, document_id: documentId, version, created_at: createdAt, created_by: userId, class_before: row.class ?? "pii", hashes: JSON.stringify(hashes) })
          .execute();
        await forgetClasses(transaction, ids);
        return { ...release, createdAt };
      }),

    async find(documentId, id) {
      const row = await database.selectFrom("ledger_releases").selectAll().where("document_id", "=", documentId).where("id", "=", id).executeTakeFirst();
      return row ? { id, class: row.class as Class | null, kind: row.kind, reason: row.reason, createdAt: row.created_at, classBefore: row.class_before as Class } : null;
    },

    end: (documentId, id) =>
      database.transaction().execute(async (transaction) => {
        const { ids } = await lockTree(transaction, documentId);
        const row = await transaction.selectFrom("ledger_releases").select("class_before").where("document_id", "=", documentId).where("id", "=", id).executeTakeFirst();
        if (!row) return false;
        await transaction.deleteFrom("ledger_releases").where("id", "=", id).execute();
        await transaction.updateTable("ledger_documents").set({ class: raised(sql.ref("class"), row.class_before as Class), updated_at: isoTime(clock) }).where("id", "in", ids).execute();
        await forgetClasses(transaction, ids);
        return true;
      }),

    async hashes(documentIds) {
      if (documentIds.length === 0) return new Set();
      // An attachment's values were released with its parent, which may be several documents up; an entry of an archive is released by itself.
      const rows = await database
        .withRecursive("tree", (query) =>
          query
            .selectFrom("ledger_documents")
            .select(["id", "parent_id", "version", "is_entry"])
            .where("id", "in", documentIds)
            .union(query.selectFrom("ledger_documents as d").innerJoin("tree", "tree.parent_id", "d.id").select(["d.id", "d.parent_id", "d.version", "d.is_entry"]).where("tree.is_entry", "=", 0)),
        )
        .selectFrom("tree as t")
        .innerJoin("ledger_releases as r", (join) => join.onRef("r.document_id", "=", "t.id").onRef("r.version", "=", "t.version"))
        .select("r.hashes")
        .execute();
      return new Set(rows.flatMap(({ hashes }) => JSON.parse(hashes) as string[]));
    },
  };
}

/** The document and what is attached to it, held; `conflict` while somebody works on it, since what was read of it may not be what will be stored. */
async function lockTree(transaction: SqlTransaction, documentId: string): Promise<{ ids: string[]; row: { version: number; class: string | null } }> {
  const ids = await documentsOfJob(transaction, documentId);
  await lockDocuments(transaction, ids);
  const row = await transaction.selectFrom("ledger_documents").select(["version", "class", "status"]).where("id", "=", documentId).executeTakeFirst();
  if (!row) throw noDocument(documentId);
  if (["queued", "processing", "erasing"].includes(row.status)) throw new SluiceError("conflict", `document ${documentId} is ${row.status}; wait for its job`, { retryable: true, retryAfter: 2 });
  return { ids, row };
}

async function forgetClasses(transaction: SqlTransaction, ids: string[]): Promise<void> {
  await transaction
    .updateTable("ledger_versions as v")
    .set({ class: null, least: null })
    .where("v.document_id", "in", ids)
    .where("v.version", "=", sql<number>`(select d.version from ledger_documents d where d.id = v.document_id)`)
    .execute();
}
