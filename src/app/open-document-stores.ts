import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Vocabulary } from "../steps/vocabulary.ts";
import type { DocumentWriter } from "../stores/document-writer.ts";
import { embeddedSchemas } from "../stores/embedded-schemas.ts";
import { openEmbeddedVerification } from "../stores/embedded-verification.ts";
import { openDocumentWriter } from "../stores/embedded-writer.ts";
import { openKnowledgeStore } from "../stores/knowledge/embedded-knowledge-store.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import { openLedger } from "../stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../stores/ledger/schema.ts";
import { openServerWriter } from "../stores/server-writer.ts";
import { openSqlite } from "../stores/sqlite/open-sqlite.ts";
import { openTextIndex } from "../stores/text/embedded-text-index.ts";
import type { TextIndex } from "../stores/text/text-index.ts";
import { openVectorStore } from "../stores/vectors/embedded-vector-store.ts";
import type { VectorStore } from "../stores/vectors/vector-store.ts";
import type { VerifiedStore } from "../stores/verification.ts";
import type { Log } from "../telemetry.ts";
import type { Engine } from "./engines.ts";

export interface DocumentStores {
  ledger: Ledger;
  text: TextIndex;
  vectors: VectorStore;
  knowledge: KnowledgeStore;
  writer: DocumentWriter;
  /** Finishes or takes back what crashes left in several stores; resolves with how many it found. */
  mend(): Promise<number>;
  verified: VerifiedStore[];
  engines: Engine[];
  close(): Promise<void>;
}

/** What a document is written to, with the ledger: all in one SQLite file, or graph and vectors on servers. */
export function openDocumentStores(config: Config, parts: { vocabulary: Vocabulary; log: Log }): Promise<DocumentStores> {
  return config.stores.knowledge.driver === "embedded" ? openEmbedded(config) : openOnServers(config, parts);
}

async function openEmbedded({ data, stores }: Config): Promise<DocumentStores> {
  const database = await openSqlite({ path: join(data.directory, "sluice.sqlite"), schemas: [ledgerSchema, ...embeddedSchemas] });
  const ledger = openLedger(database);
  return {
    ledger,
    text: openTextIndex(database),
    vectors: openVectorStore(database),
    knowledge: openKnowledgeStore(database),
    writer: openDocumentWriter(database, { meanLength: stores.text.meanLength }),
    mend: async () => 0,
    verified: [openEmbeddedVerification(database)],
    engines: [{ store: "ledger", engine: ledger.engine }],
    close: database.close,
  };
}

async function openOnServers({ data, stores }: Config, { vocabulary, log }: { vocabulary: Vocabulary; log: Log }): Promise<DocumentStores> {
  const { knowledge: neo4jOptions, vectors: qdrantOptions, text } = stores;
  if (neo4jOptions.driver !== "neo4j" || qdrantOptions.driver !== "qdrant") throw new Error("the configuration was checked before");
  const { openNeo4j } = await import("../stores/knowledge/neo4j/open-neo4j.ts");
  const { openQdrant } = await import("../stores/qdrant/open-qdrant.ts");
  const { ledger, close: closeLedger } = await openServerLedger(data.directory, stores.ledger);
  const readInFlight = (tenant: string) => ledger.intents.open(tenant);
  try {
    const qdrant = await openQdrant(qdrantOptions, { readInFlight, termCounts: ledger.terms, meanLength: text.meanLength });
    const neo4j = await openNeo4j(neo4jOptions, { readInFlight, relationTypes: vocabulary.relationTypes, entityTypes: vocabulary.entityTypes, log });
    const writers = [neo4j.writer, qdrant.writer];
    const writer = openServerWriter({ intents: ledger.intents, termCounts: ledger.terms, stores: writers });
    return {
      ledger, text: qdrant.text, vectors: qdrant.vectors, knowledge: neo4j.knowledge, writer,
      mend: writer.mend,
      verified: writers,
      engines: [{ store: "ledger", engine: ledger.engine }, { store: "knowledge", engine: neo4j.engine }, { store: "vectors", engine: qdrant.engine }],
      async close() {
        await neo4j.close();
        await closeLedger();
      },
    };
  } catch (error) {
    await closeLedger();
    throw error;
  }
}

async function openServerLedger(directory: string, options: Config["stores"]["ledger"]): Promise<{ ledger: Ledger; close(): Promise<void> }> {
  if (options.driver === "postgres") {
    const { openPostgresLedger } = await import("../stores/ledger/open-postgres-ledger.ts");
    const ledger = await openPostgresLedger(options);
    return { ledger, close: ledger.close };
  }
  const database = await openSqlite({ path: join(directory, "sluice.sqlite"), schemas: [ledgerSchema] });
  return { ledger: openLedger(database), close: database.close };
}
