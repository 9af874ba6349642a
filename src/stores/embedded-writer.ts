import { setImmediate as pause } from "node:timers/promises";
import type { Class } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import { checkPlan } from "./check-plan.ts";
import type { DocumentPlan, DocumentWriter } from "./document-writer.ts";
import { knowledgeChanges, knowledgeErasure, knowledgeRise, mergeChanges } from "./knowledge/knowledge-changes.ts";
import { commitDocument, documentTree, eraseDocument, jobsOfDocuments, leaseFence } from "./ledger/commit-plan.ts";
import type { SqliteDatabase, Statement } from "./sqlite/database.ts";
import { readWords } from "./text/chunk-words.ts";
import { scopeKey } from "./text/keys.ts";
import { scopeChange, textChanges, textErasure, textRise } from "./text/text-changes.ts";
import { mustBeModel } from "./vectors/vector-bytes.ts";
import { vectorChanges, vectorErasure, vectorRemoval, vectorRise } from "./vectors/vector-changes.ts";

export interface DocumentWriterOptions {
  /** Words of an average chunk, the constant of BM25's saturation; what a scope was first written with stays until `reindex`. */
  meanLength: number | ((scope: Scope) => number);
}

/**
 * Each call is one transaction in the writer thread over text, vectors, knowledge and ledger. What differs is found
 * inside the transaction, by SQL, so that nothing read beforehand can be out of date.
 */
export function openDocumentWriter(database: SqliteDatabase, { meanLength }: DocumentWriterOptions): DocumentWriter {
  const meanOf = typeof meanLength === "number" ? () => meanLength : meanLength;

  function refuseOtherModel({ scope, vectors }: DocumentPlan): void {
    if (!vectors || vectors.byChunk.size === 0) return;
    const stored = database.read<{ name: string; dimension: number }>("SELECT name, dimension FROM embedding_models WHERE scope = ?", scopeKey(scope))[0];
    mustBeModel(scope.collection, stored, vectors.model);
  }

  async function changes(plan: DocumentPlan): Promise<Statement[]> {
    const kept = database.read<{ mean: number }>("SELECT mean_length AS mean FROM text_scopes WHERE key = ?", scopeKey(plan.scope))[0];
    const mean = kept?.mean ?? meanOf(plan.scope);
    const words = await readWords(plan.chunks, mean);
    const texts = [scopeChange(plan.scope, mean), ...vectorRemoval(plan), ...textChanges(plan, words)];
    await pause();
    const vectors = vectorChanges(plan);
    await pause();
    return [...texts, ...vectors, ...knowledgeChanges(plan)];
  }

  /** Children a crashed or late job left without a row in the ledger are found by the parent they were stored with. */
  function tree(documentIds: string[]): string[] {
    const ids = new Set(documentIds);
    const { sql } = documentTree("");
    for (const id of ids) {
      for (const row of database.read<{ id: string }>(sql, id)) ids.add(row.id);
      for (const row of database.read<{ id: string }>("SELECT id FROM text_documents WHERE parent = ?", id)) ids.add(row.id);
    }
    return [...ids];
  }

  return {
    async replace(plans, lease) {
      for (const plan of plans) {
        checkPlan(plan);
        refuseOtherModel(plan);
      }
      const statements = [leaseFence(lease)];
      for (const plan of plans) statements.push(...(await changes(plan)));
      statements.push(...plans.flatMap(mergeChanges), ...plans.flatMap((plan) => commitDocument(plan)));
      await database.write(withoutEmpty(statements), "document");
    },

    async erase(documentId, lease) {
      let documentIds = tree([documentId]);
      const jobIds = new Set<string>();
      for (let erased = 0; erased < documentIds.length; documentIds = tree(documentIds)) {
        erased = documentIds.length;
        const results = await database.write([leaseFence(lease), jobsOfDocuments(documentIds), ...documentIds.flatMap(erasure), ...eraseDocument(documentIds)], "document");
        for (const row of results[0]!) jobIds.add(row["id"] as string);
      }
      await database.checkpoint();
      return { documentIds, jobIds: [...jobIds] };
    },

    async raiseClass(documentId, value, lease) {
      await database.write([...(lease ? [leaseFence(lease)] : []), ...rise(documentId, value)], "document");
    },
  };
}

/** Everything that is stored about the document outside the ledger goes. */
const erasure = (id: string): Statement[] => [...knowledgeErasure(id), ...vectorErasure(id), ...textErasure(id)];

/** Every row about the document becomes at least as strict as `value`: for the ledger's own transaction or the writer's. */
export const rise = (id: string, value: Class): Statement[] => [...textRise(id, value), ...vectorRise(id, value), ...knowledgeRise(id, value)];

const withoutEmpty = (statements: Statement[]): Statement[] => statements.filter((each) => each.rows.length > 0);
