import { knowledgeErasure } from "./knowledge/knowledge-changes.ts";
import type { SqliteDatabase } from "./sqlite/database.ts";
import { textErasure } from "./text/text-changes.ts";
import { vectorErasure } from "./vectors/vector-changes.ts";
import type { RecordKind, VerifiedStore } from "./verification.ts";

const queries: Record<RecordKind, string> = {
  chunks: "SELECT id FROM chunks WHERE document = ?",
  texts: "SELECT c.id FROM chunks c JOIN chunk_words w ON w.chunk = c.key WHERE c.document = ?",
  vectors: "SELECT c.id FROM chunks c JOIN vectors v ON v.chunk = c.key WHERE c.document = ?",
  mentions: "SELECT id FROM mentions WHERE document = ?",
  statements: "SELECT id FROM statements WHERE document = ?",
  merges: "SELECT a || ' ' || b || ' ' || method AS id FROM merges WHERE document = ?",
  pictures: "SELECT id FROM pictures WHERE document = ?",
};
const tables = ["text_documents", "chunks", "mentions", "statements", "merges", "pictures"];

/** The tables of the shared file, beside those of the ledger. */
export function openEmbeddedVerification(database: SqliteDatabase): VerifiedStore {
  return {
    name: "sqlite",
    async *documents() {
      const column = (table: string) => (table === "text_documents" ? "id" : "document");
      for (const { id } of database.read<{ id: string }>(tables.map((table) => `SELECT ${column(table)} AS id FROM ${table}`).join(" UNION "))) yield id;
    },
    async stored(documentId) {
      const ids = (sql: string) => database.read<{ id: string }>(sql, documentId).map(({ id }) => id).toSorted();
      return Object.fromEntries(Object.entries(queries).map(([kind, sql]) => [kind, ids(sql)]));
    },
    async erase(documentIds) {
      for (const id of documentIds) await database.write([...knowledgeErasure(id), ...vectorErasure(id), ...textErasure(id)], "document");
    },
  };
}
