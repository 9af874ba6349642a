import { join } from "node:path";
import type { Chunk } from "../../src/data/chunk.ts";
import type { Document } from "../../src/data/document.ts";
import type { Entity, MentionRecord, StatementRecord } from "../../src/data/entity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { embeddedSchemas } from "../../src/stores/embedded-schemas.ts";
import { openKnowledgeStore } from "../../src/stores/knowledge/embedded-knowledge-store.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { openTestApp } from "../app/open-test-app.ts";
import { documentPath, sampleDocuments } from "../documents/sample-documents.ts";

/** What the application stored of one document. */
export interface StoredDocument {
  document: Document;
  /** By id. */
  chunks: Map<string, Chunk>;
  mentions: MentionRecord[];
  statements: StatementRecord[];
  /** What is shown as one thing, by the id of each of its members. */
  things: Map<string, Entity>;
}

/** Every sample document and attachment, read by the real application without a model and taken from its embedded stores. */
export async function storedSamples(): Promise<StoredDocument[]> {
  const app = await openTestApp();
  try {
    const jobs: string[] = [];
    for (const name of sampleDocuments) jobs.push((await app.add(documentPath(name))).jobId);
    for (const id of jobs) {
      const job = await app.ended(id);
      if (job.status !== "done") throw new Error(`job ${id} of ${job.documentId} is ${job.status}: ${job.error?.message ?? ""}`);
    }
    const { items } = await app.documents.list(localPrincipal, { collection: "default", limit: 50, cursor: null });
    return await readStores(app.folder, items);
  } finally {
    await app.end();
  }
}

async function readStores(folder: string, documents: Document[]): Promise<StoredDocument[]> {
  const database = await openSqlite({ path: join(folder, "sluice.sqlite"), schemas: [ledgerSchema, ...embeddedSchemas] });
  try {
    const knowledge = openKnowledgeStore(database);
    const stored: StoredDocument[] = [];
    for (const document of documents) {
      const { chunkIds, mentions, statements } = await knowledge.documentRecords(document.id);
      const chunks = new Map((await knowledge.chunks(localPrincipal, chunkIds)).map((each) => [each.id, each]));
      const things = new Map<string, Entity>();
      for (const id of new Set(mentions.map((each) => each.entityId))) things.set(id, (await knowledge.entity(localPrincipal, id))!);
      stored.push({ document, chunks, mentions, statements, things });
    }
    return stored;
  } finally {
    await database.close();
  }
}
