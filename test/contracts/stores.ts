import { randomUUID } from "node:crypto";
import { sha256, type Scope } from "../../src/data/identity.ts";
import { localPrincipal, type Principal } from "../../src/data/principal.ts";
import type { Class } from "../../src/data/classification.ts";
import type { DocumentPlan, DocumentWriter, Lease } from "../../src/stores/document-writer.ts";
import type { KnowledgeStore } from "../../src/stores/knowledge/knowledge-store.ts";
import type { Ledger } from "../../src/stores/ledger/ledger.ts";
import type { TextIndex } from "../../src/stores/text/text-index.ts";
import type { VectorStore } from "../../src/stores/vectors/vector-store.ts";

/** The stores a document is written to, as one driver set opens them; every contract suite takes such a function. */
export interface Stores {
  ledger: Ledger;
  text: TextIndex;
  vectors: VectorStore;
  knowledge: KnowledgeStore;
  writer: DocumentWriter;
  close(): Promise<void>;
}
export type OpenStores = () => Promise<Stores>;

export const scope: Scope = { tenant: "default", collection: "default" };
export const seeing = (classes: Class[], tenant = "default"): Principal => ({ ...localPrincipal, tenant, classes });
export const everything = seeing(["public", "internal", "confidential", "pii"]);
export const publicOnly = seeing(["public"]);

/** A job that holds the document, as a worker has it. */
export async function hold({ ledger }: Stores, plan: Pick<DocumentPlan, "scope" | "documentId">, key: string): Promise<{ lease: Lease; version: number; jobId: string }> {
  const upload = { scope: plan.scope, key, name: `${key}.md`, mediaType: "text/markdown", bytes: 1, sha256: sha256(randomUUID()), floor: "public" as const, parentId: null, kind: "ingest" as const };
  const { document, job } = await ledger.documents.accept({ ...localPrincipal, tenant: plan.scope.tenant }, upload, { maxQueued: 10_000, idempotencyKey: null });
  if (document.id !== plan.documentId) throw new Error("the plan is for another document");
  const lease = await ledger.jobs.claim(job.id, "test", 600_000);
  return { lease: lease!, version: document.version, jobId: job.id };
}

/** Writes the document as one job does from its upload to its end. */
export async function store(stores: Stores, planned: { key: string; plan: DocumentPlan }): Promise<void> {
  const { lease, version } = await hold(stores, planned.plan, planned.key);
  await stores.writer.replace([{ ...planned.plan, version }], lease);
  await stores.ledger.jobs.finish(lease, "done", {});
}

export async function erase(stores: Stores, planned: { key: string; plan: DocumentPlan }): Promise<{ documentIds: string[]; jobIds: string[] }> {
  const { tenant, collection } = planned.plan.scope;
  const job = await stores.ledger.jobs.create({ tenant, collection, documentId: planned.plan.documentId, name: "", kind: "erase" });
  const lease = await stores.ledger.jobs.claim(job.id, "test", 600_000);
  const erased = await stores.writer.erase(planned.plan.documentId, lease!);
  await stores.ledger.jobs.finish(lease!, "done", {});
  return erased;
}
