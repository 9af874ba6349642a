import { sql } from "kysely";
import { maySee, type Principal } from "../../data/principal.ts";
import { openAccept } from "./accept.ts";
import { fromCursor, toCursor, toPage } from "./cursor.ts";
import { openDocumentChanges } from "./document-changes.ts";
import { documentsOfJob, newestDocuments, releasesOf, shownDocuments, toDocumentRow } from "./document-rows.ts";
import { foldName } from "./fold-name.ts";
import type { DocumentLedger, DocumentRow } from "./ledger.ts";
import { classIn, engineOf, listed, type Clock, type Sql } from "./sql.ts";

export function openDocumentLedger(database: Sql, clock: Clock): DocumentLedger {
  const visible = (principal: Principal) =>
    shownDocuments(database)
      .where("d.tenant", "=", principal.tenant)
      .where(classIn(sql.ref("d.class"), principal.classes));

  async function newest(ids: string[]): Promise<DocumentRow[]> {
    const rows = await newestDocuments(database).where("d.id", "in", listed(engineOf(database), ids)).orderBy("d.created_at").orderBy("d.id").execute();
    const releases = await releasesOf(database, rows);
    return rows.map((row) => toDocumentRow(row, row.version_class, releases(row)));
  }

  return {
    accept: openAccept(database, clock),
    ...openDocumentChanges(database, clock),

    async get(principal, id) {
      const row = await visible(principal).where("d.id", "=", id).executeTakeFirst();
      if (!row) return null;
      const releases = await releasesOf(database, [row]);
      return toDocumentRow(row, row.class, releases(row));
    },

    async list(principal, { collection, class: wanted, status, name, parentId, limit, cursor }) {
      let query = visible(principal).where("d.collection", "=", collection);
      if (wanted !== undefined) query = query.where(classIn(sql.ref("d.class"), maySee(principal, wanted) ? [wanted] : []));
      if (status !== undefined) query = query.where("d.status", "=", status);
      if (parentId !== undefined) query = query.where("d.parent_id", "=", parentId);
      if (name !== undefined) query = query.where(sql<boolean>`v.folded_name like ${`%${foldName(name).replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`);
      if (cursor !== null) {
        const [time, id] = fromCursor(cursor, 2);
        query = query.where(({ eb, or, and }) => or([eb("d.created_at", "<", time!), and([eb("d.created_at", "=", time!), eb("d.id", "<", id!)])]));
      }
      const rows = await query.orderBy("d.created_at", "desc").orderBy("d.id", "desc").limit(limit + 1).execute();
      const releases = await releasesOf(database, rows);
      return toPage(rows, limit, (row) => toDocumentRow(row, row.class, releases(row)), (row) => toCursor(row.created_at, row.id));
    },

    ofJob: (id) => documentsOfJob(database, id),

    async children(id) {
      const rows = await database.selectFrom("ledger_documents").select("id").where("parent_id", "=", id).execute();
      return rows.length === 0 ? [] : newest(rows.map((row) => row.id));
    },

    collections: async (principal) =>
      (
        await database
          .selectFrom("ledger_documents as d")
          .select(({ fn }) => ["d.collection as name", fn.countAll<number>().as("documents")])
          .where("d.tenant", "=", principal.tenant)
          .where(classIn(sql.ref("d.class"), principal.classes))
          .groupBy("d.collection")
          .orderBy("d.collection")
          .execute()
      ).map(({ name, documents }) => ({ name, documents: Number(documents) })),

    async every(after, limit) {
      const rows = await database.selectFrom("ledger_documents").select("id").where("id", ">", after).orderBy("id").limit(limit).execute();
      const found = new Map((rows.length === 0 ? [] : await newest(rows.map((row) => row.id))).map((row) => [row.id, row]));
      return rows.flatMap(({ id }) => found.get(id) ?? []);
    },

    async gone(ids) {
      if (ids.length === 0) return [];
      const rows = await database.selectFrom("ledger_documents").select("id").where("id", "in", ids).where("status", "<>", "erasing").execute();
      const living = new Set(rows.map(({ id }) => id));
      return ids.filter((id) => !living.has(id));
    },

    row: async (id) => (await newest([id]))[0] ?? null,
  };
}
