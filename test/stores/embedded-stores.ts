import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedSchemas } from "../../src/stores/embedded-schemas.ts";
import { openDocumentWriter } from "../../src/stores/embedded-writer.ts";
import { openKnowledgeStore } from "../../src/stores/knowledge/embedded-knowledge-store.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import type { SqliteDatabase } from "../../src/stores/sqlite/database.ts";
import { openTextIndex } from "../../src/stores/text/embedded-text-index.ts";
import { openVectorStore } from "../../src/stores/vectors/embedded-vector-store.ts";
import type { Stores } from "../contracts/stores.ts";

export const meanLength = 10;

/** All embedded drivers on one fresh SQLite file. */
export async function openEmbedded(): Promise<Stores & { database: SqliteDatabase; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-stores-"));
  const database = await openSqlite({ path: join(folder, "sluice.db"), schemas: [ledgerSchema, ...embeddedSchemas] });
  return {
    database,
    folder,
    ledger: openLedger(database),
    text: openTextIndex(database),
    vectors: openVectorStore(database),
    knowledge: openKnowledgeStore(database),
    writer: openDocumentWriter(database, { meanLength }),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
