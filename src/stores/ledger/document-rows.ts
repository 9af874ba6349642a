import { sql, type Expression } from "kysely";
import type { Class, Reason } from "../../data/classification.ts";
import type { Document, DocumentStatus } from "../../data/document.ts";
import type { DocumentRow } from "./ledger.ts";
import { engineOf, listed, type Sql } from "./sql.ts";

/** What readers see is the committed version, and the newest one only while none is committed yet. */
const shownVersion = sql<number>`case when d.committed_version > 0 then d.committed_version else d.version end`;

/** Rows as callers see them. */
export const shownDocuments = (database: Sql) => withVersion(database, shownVersion);

/** Rows as the pipeline sees them: the newest accepted version, with the class this version was read to have. */
export const newestDocuments = (database: Sql) => withVersion(database, sql<number>`d.version`);

function withVersion(database: Sql, version: Expression<number>) {
  return database
    .selectFrom("ledger_documents as d")
    .innerJoin("ledger_versions as v", (join) => join.onRef("v.document_id", "=", "d.id").on("v.version", "=", version))
    .select([
      "d.id", "d.tenant", "d.collection", "d.key", "d.parent_id", "d.is_entry", "d.uploaded_by", "d.floor", "d.class", "d.reasons", "d.language", "d.pages", "d.counts",
      "d.status", "d.warnings", "d.created_at", "d.updated_at",
      "v.version", "v.name", "v.media_type", "v.bytes", "v.sha256", "v.class as version_class",
    ]);
}

export type StoredDocument = Awaited<ReturnType<ReturnType<typeof withVersion>["executeTakeFirstOrThrow"]>>;

/** `known`: the class to show, null while it is not known. */
export function toDocumentRow(row: StoredDocument, known: string | null, releases: Document["releases"]): DocumentRow {
  return {
    id: row.id,
    tenant: row.tenant,
    collection: row.collection,
    key: row.key,
    name: row.name,
    version: row.version,
    mediaType: row.media_type,
    bytes: row.bytes,
    sha256: row.sha256,
    language: row.language,
    uploadedBy: row.uploaded_by || null,
    floor: row.floor as Class,
    class: (known ?? "pii") as Class,
    classKnown: known !== null,
    reasons: JSON.parse(row.reasons) as Reason[],
    releases,
    pages: row.pages,
    counts: JSON.parse(row.counts) as Document["counts"],
    status: row.status as DocumentStatus,
    warnings: JSON.parse(row.warnings) as Document["warnings"],
    parentId: row.parent_id,
    isEntry: row.is_entry === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The document's id and those of all documents below it. */
export const documentsBelow = (database: Sql, documentId: string): Promise<string[]> => below(database, documentId, [0, 1]);

/** The document's id and those of what is attached to it: what one job works on. An archive's entries have jobs of their own. */
export const documentsOfJob = (database: Sql, documentId: string): Promise<string[]> => below(database, documentId, [0]);

async function below(database: Sql, documentId: string, isEntry: number[]): Promise<string[]> {
  const tree = await database
    .withRecursive("tree", (query) =>
      query
        .selectFrom("ledger_documents")
        .select("id")
        .where("id", "=", documentId)
        .union(query.selectFrom("ledger_documents as d").innerJoin("tree", "tree.id", "d.parent_id").select("d.id").where("d.is_entry", "in", isEntry)),
    )
    .selectFrom("tree")
    .select("id")
    .execute();
  return [documentId, ...tree.map(({ id }) => id).filter((id) => id !== documentId)];
}

/** Releases of each row's version, by document id. */
export async function releasesOf(database: Sql, rows: StoredDocument[]): Promise<(row: StoredDocument) => Document["releases"]> {
  if (rows.length === 0) return () => [];
  const found = await database.selectFrom("ledger_releases").selectAll().where("document_id", "in", listed(engineOf(database), rows.map(({ id }) => id))).orderBy("created_at").execute();
  return (row) =>
    found
      .filter((each) => each.document_id === row.id && each.version === row.version)
      .map((each) => ({ id: each.id, class: each.class as Class | null, kind: each.kind, reason: each.reason, createdAt: each.created_at }));
}
