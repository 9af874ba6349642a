import { rank, type Class } from "../../data/classification.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { Statement } from "../sqlite/database.ts";
import { keyOf, scopeKey } from "../text/keys.ts";
import { once } from "../upsert.ts";
import { vectorBytes } from "./vector-bytes.ts";
import type { EmbeddingModel } from "./vector-store.ts";

const ofDocument = "SELECT key FROM chunks WHERE document = ?";

/** Fails the transaction when the scope's vectors are of another model. */
export const modelChange = (scope: number, model: EmbeddingModel): Statement => ({
  sql: `INSERT INTO embedding_models (scope, name, dimension) VALUES (?, ?, ?)
        ON CONFLICT (scope) DO UPDATE SET name = name WHERE (name, dimension) = (excluded.name, excluded.dimension)`,
  rows: [[scope, model.name, model.dimension]],
  changes: 1,
});

/** Writes vectors of the scope's chunks that are there; their class is the chunk's. */
export function vectorRows(model: EmbeddingModel, vectors: Iterable<[string, Float32Array]>, scope: number): Statement[] {
  const rows = [...vectors].map(([chunk, vector]) => ({ key: keyOf(chunk), bytes: vectorBytes(model, vector) }));
  return [
    {
      sql: `INSERT INTO vector_bits (scope, chunk, class, bits) SELECT scope, key, class, vec_quantize_binary(?) FROM chunks WHERE key = ? AND scope = ?
            ON CONFLICT (scope, chunk) DO UPDATE SET bits = excluded.bits WHERE bits <> excluded.bits`,
      rows: rows.map(({ key, bytes }) => [bytes, key, scope]),
    },
    {
      sql: `INSERT INTO vectors (chunk, components) SELECT key, ? FROM chunks WHERE key = ? AND scope = ?
            ON CONFLICT (chunk) DO UPDATE SET components = excluded.components WHERE components <> excluded.components`,
      rows: rows.map(({ key, bytes }) => [bytes, key, scope]),
    },
  ];
}

/** Goes before the document's chunks are changed: vectors of chunks that vanish, or of all when the plan has none. */
export function vectorRemoval(plan: DocumentPlan): Statement[] {
  const kept = JSON.stringify(plan.vectors ? plan.chunks.map((chunk) => keyOf(chunk.id)) : []);
  const gone = `${ofDocument} AND key NOT IN (SELECT value FROM json_each(?))`;
  return ["vector_bits", "vectors"].map((table) => once(`DELETE FROM ${table} WHERE chunk IN (${gone})`, plan.documentId, kept));
}

/** Goes after the chunks are there. */
export function vectorChanges(plan: DocumentPlan): Statement[] {
  const scope = scopeKey(plan.scope);
  if (!plan.vectors) return [dropUnusedModel(scope)];
  const { model, byChunk } = plan.vectors;
  const own = new Set(plan.chunks.map((chunk) => chunk.id));
  return [
    ...(byChunk.size > 0 ? [modelChange(scope, model)] : []),
    ...vectorRows(model, [...byChunk].filter(([chunk]) => own.has(chunk)), scope),
    once(
      `UPDATE vector_bits SET class = (SELECT class FROM chunks WHERE key = chunk)
       WHERE chunk IN (${ofDocument}) AND class <> (SELECT class FROM chunks WHERE key = chunk)`,
      plan.documentId,
    ),
    dropUnusedModel(scope),
  ];
}

export const dropUnusedModel = (scope: number): Statement =>
  once("DELETE FROM embedding_models WHERE scope = ? AND NOT EXISTS (SELECT 1 FROM vector_bits v WHERE v.scope = embedding_models.scope)", scope);

/** Goes before the document's chunks are removed. */
export const vectorErasure = (document: string): Statement[] => [
  ...["vector_bits", "vectors"].map((table) => once(`DELETE FROM ${table} WHERE chunk IN (${ofDocument})`, document)),
  once("DELETE FROM embedding_models WHERE NOT EXISTS (SELECT 1 FROM vector_bits v WHERE v.scope = embedding_models.scope)"),
];

export const vectorRise = (document: string, value: Class): Statement[] => [
  once(`UPDATE vector_bits SET class = ? WHERE class < ? AND chunk IN (${ofDocument})`, rank(value), rank(value), document),
];
