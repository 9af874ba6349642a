import { join } from "node:path";
import type { Config } from "../config.ts";
import { openCache } from "../stores/cache/open-cache.ts";
import { openCheckpoints } from "../stores/checkpoints/open-checkpoints.ts";
import { embeddedSchemas } from "../stores/embedded-schemas.ts";
import { openEmbeddedVerification } from "../stores/embedded-verification.ts";
import { openDocumentWriter } from "../stores/embedded-writer.ts";
import { openFileStore } from "../stores/files/open-file-store.ts";
import { openKnowledgeStore } from "../stores/knowledge/embedded-knowledge-store.ts";
import { openLedger } from "../stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../stores/ledger/schema.ts";
import { openQueue } from "../stores/queue/open-queue.ts";
import { openSqlite } from "../stores/sqlite/open-sqlite.ts";
import { openTextIndex } from "../stores/text/embedded-text-index.ts";
import { openVectorStore } from "../stores/vectors/embedded-vector-store.ts";

/** Every store the configuration names, each behind its interface; `close` ends them in the order that loses nothing. */
export async function openStores(config: Config) {
  const at = (...names: string[]) => join(config.data.directory, ...names);
  const database = await openSqlite({ path: at("sluice.sqlite"), schemas: [ledgerSchema, ...embeddedSchemas] });
  const files = await openFileStore({ directory: at("files") });
  const cache = await openCache({ path: at("cache.sqlite"), maxBytes: config.stores.cache.bytes });
  const checkpoints = await openCheckpoints({ path: at("checkpoints.sqlite") });
  const queue = openQueue();
  return {
    files, cache, checkpoints, queue,
    ledger: openLedger(database),
    text: openTextIndex(database),
    vectors: openVectorStore(database),
    knowledge: openKnowledgeStore(database),
    verified: [openEmbeddedVerification(database)],
    writer: openDocumentWriter(database, { meanLength: config.stores.text.meanLength }),
    async close(): Promise<void> {
      await checkpoints.close();
      await cache.close();
      await files.close();
      await database.close();
    },
  };
}
