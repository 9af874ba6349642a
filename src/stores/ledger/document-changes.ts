import { sql } from "kysely";
import type { Class } from "../../data/classification.ts";
import { noCounts } from "../../data/document.ts";
import { Warning } from "../../data/warning.ts";
import { foldName } from "./fold-name.ts";
import { noDocument } from "./ledger-errors.ts";
import { documentsOfJob } from "./document-rows.ts";
import type { DocumentLedger } from "./ledger.ts";
import { engineOf, isoTime, listed, lockDocuments, mustHold, raised, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** What the pipeline writes about a document before it is committed. */
export function openDocumentChanges(database: Sql, clock: Clock): Pick<DocumentLedger, "adopt" | "update" | "settle" | "raiseClass"> {
  return {
    async adopt(child) {
      const now = isoTime(clock);
      await database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, [child.id]);
        await transaction
          .insertInto("ledger_documents")
          .values({
            id: child.id, ...child.scope, key: child.key, parent_id: child.parentId, floor: child.floor, version: child.version,
            counts: JSON.stringify(noCounts), status: child.status, created_at: now, updated_at: now,
          })
          .onConflict((conflict) =>
            conflict.column("id").doUpdateSet({ parent_id: child.parentId, is_entry: 0, floor: child.floor, version: child.version, status: child.status, updated_at: now }),
          )
          .execute();
        const version = { name: child.name, folded_name: foldName(child.name), media_type: child.mediaType, bytes: child.bytes, sha256: child.sha256 };
        await transaction
          .insertInto("ledger_versions")
          .values({ document_id: child.id, version: child.version, ...version, created_at: now })
          .onConflict((conflict) => conflict.columns(["document_id", "version"]).doUpdateSet(version))
          .execute();
      });
    },

    async update(id, patch, lease) {
      const { mediaType, status, warnings, language, pages, counts } = patch;
      await database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, [id]);
        await mustHold(transaction, lease);
        const { numUpdatedRows } = await transaction
          .updateTable("ledger_documents")
          .set({
            updated_at: isoTime(clock),
            // An erase that began is not taken back by the work it ends.
            ...(status === undefined ? {} : { status: sql<string>`case when status = 'erasing' then status else ${status} end` }),
            ...(warnings === undefined ? {} : { warnings: JSON.stringify(warnings) }),
            ...(language === undefined ? {} : { language }),
            ...(pages === undefined ? {} : { pages }),
            ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
          })
          .where("id", "=", id)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw noDocument(id);
        if (mediaType === undefined) return;
        await newestVersion(transaction, id).set({ media_type: mediaType }).execute();
      });
    },

    async settle(id, version, warning, lease) {
      await database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, await documentsOfJob(transaction, id));
        await mustHold(transaction, lease);
        const open = await transaction
          .selectFrom("ledger_documents")
          .select(["id", "warnings"])
          .where("id", "in", listed(engineOf(transaction), await documentsOfJob(transaction, id)))
          .where("status", "in", ["queued", "processing"])
          .where("version", "=", version)
          .execute();
        for (const row of open) {
          const before = (JSON.parse(row.warnings) as Warning[]).filter((each) => each.code !== warning?.code);
          const warnings = JSON.stringify(warning ? [...before, warning] : before);
          await transaction.updateTable("ledger_documents").set({ status: sql<string>`coalesce(committed_status, 'failed')`, warnings, updated_at: isoTime(clock) }).where("id", "=", row.id).execute();
        }
      });
    },

    async raiseClass(id, value, reasons, lease, least = null) {
      await database.transaction().execute(async (transaction) => {
        await lockDocuments(transaction, [id]);
        await mustHold(transaction, lease);
        const document = await transaction.selectFrom("ledger_documents").select(["floor", "committed_version", "version"]).where("id", "=", id).executeTakeFirst();
        if (!document) throw noDocument(id);
        const ofPassages = { least, least_job: least && lease ? lease.jobId : null };
        await newestVersion(transaction, id).set({ class: raised(raised(sql.ref("class"), value), document.floor as Class), ...ofPassages }).execute();
        await transaction
          .updateTable("ledger_documents")
          .set({
            class: raised(raised(sql.ref("class"), value), document.floor as Class),
            ...(document.committed_version > 0 ? {} : { reasons: JSON.stringify(reasons) }),
            updated_at: isoTime(clock),
          })
          .where("id", "=", id)
          .execute();
        await transaction
          .updateTable("ledger_jobs")
          .set({ class: raised(raised(sql.ref("class"), value), document.floor as Class) })
          .where("document_id", "=", id)
          .where("version", "=", document.version)
          .execute();
      });
    },
  };
}

const newestVersion = (transaction: SqlTransaction, id: string) =>
  transaction
    .updateTable("ledger_versions")
    .where("document_id", "=", id)
    .where("version", "=", sql<number>`(select d.version from ledger_documents d where d.id = ${id})`);
