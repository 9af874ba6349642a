import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { chunksPassing, idsOf, scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import type { Found } from "../text/text-index.ts";
import type { EmbeddingModel } from "./vector-store.ts";

/** Up to here every vector is compared; above, the nearest by bits are compared again by components. */
const exactUpTo = 8_000;
const nearestByBits = 500;

type Question = Sight & { model: EmbeddingModel; vector: Uint8Array; limit: number; filters: Filters };

/** `conflict` names a scope whose vectors are of another model. */
export function searchVectors(connection: Connection, question: Question): { found: Found[] } | { conflict: { collection: string; stored: EmbeddingModel } } {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const conflict = modelConflict(connection, scopes, question.model);
    if (conflict) return { conflict };
    const passing = chunksPassing(connection, scopes, question.filters);
    const nearest = passing ? among(connection, scopes, question, passing) : inScopes(connection, scopes, question);
    const ids = idsOf(connection, nearest.map(([key]) => key));
    return { found: nearest.map(([key, distance]) => ({ chunkId: ids.get(key)!, score: 1 - distance })) };
  });
}

function modelConflict(connection: Connection, scopes: number[], asked: EmbeddingModel): { collection: string; stored: EmbeddingModel } | null {
  const row = connection
    .prepare("SELECT s.collection, m.name, m.dimension FROM json_each(?) j CROSS JOIN embedding_models m ON m.scope = j.value CROSS JOIN text_scopes s ON s.key = m.scope WHERE (m.name, m.dimension) IS NOT (?, ?)")
    .get(JSON.stringify(scopes), asked.name, asked.dimension) as { collection: string; name: string; dimension: number } | undefined;
  return row ? { collection: row.collection, stored: { name: row.name, dimension: row.dimension } } : null;
}

type Near = [key: number, distance: number][];

const compare = (candidates: string): string => `
  WITH candidates AS MATERIALIZED (${candidates})
  SELECT v.chunk, vec_distance_cosine(v.components, ?) AS distance FROM candidates c CROSS JOIN vectors v ON v.chunk = c.chunk ORDER BY distance, v.chunk LIMIT ?`;
const visible = "FROM json_each(?) s CROSS JOIN vector_bits b ON b.scope = s.value WHERE (1 << b.class) & ?";

function inScopes(connection: Connection, scopes: number[], { vector, limit, mask }: Question): Near {
  const within = JSON.stringify(scopes);
  const few = connection.prepare("SELECT coalesce(sum(count), 0) FROM chunk_counts WHERE scope IN (SELECT value FROM json_each(?)) AND (1 << class) & ?").pluck().get(within, mask) as number;
  if (few <= exactUpTo) return connection.prepare(compare(`SELECT b.chunk ${visible}`)).raw().all(within, mask, vector, limit) as Near;
  const candidates = `SELECT b.chunk ${visible} ORDER BY vec_distance_hamming(vec_bit(b.bits), vec_bit(?)), b.chunk LIMIT ?`;
  const bits = connection.prepare("SELECT vec_quantize_binary(?)").pluck().get(vector);
  return connection.prepare(compare(candidates)).raw().all(within, mask, bits, Math.max(nearestByBits, 4 * limit), vector, limit) as Near;
}

function among(connection: Connection, scopes: number[], { vector, limit, mask }: Question, passing: Set<number>): Near {
  const within = JSON.stringify(scopes);
  const keys = JSON.stringify([...passing]);
  const chosen = "FROM json_each(?) s CROSS JOIN json_each(?) j CROSS JOIN vector_bits b ON b.scope = s.value AND b.chunk = j.value WHERE (1 << b.class) & ?";
  if (passing.size <= exactUpTo) return connection.prepare(compare(`SELECT b.chunk ${chosen}`)).raw().all(within, keys, mask, vector, limit) as Near;
  const candidates = `SELECT b.chunk ${chosen} ORDER BY vec_distance_hamming(vec_bit(b.bits), vec_bit(?)), b.chunk LIMIT ?`;
  const bits = connection.prepare("SELECT vec_quantize_binary(?)").pluck().get(vector);
  return connection.prepare(compare(candidates)).raw().all(within, keys, mask, bits, Math.max(nearestByBits, 4 * limit), vector, limit) as Near;
}

/** Ids of the scope's chunks without a vector. */
export function chunksWithout(connection: Connection, { scope, limit }: { scope: number; limit: number }): string[] {
  const sql = "SELECT c.id FROM chunks c WHERE c.scope = ? AND NOT EXISTS (SELECT 1 FROM vector_bits v WHERE v.scope = c.scope AND v.chunk = c.key) ORDER BY c.key LIMIT ?";
  return connection.prepare(sql).pluck().all(scope, limit) as string[];
}

export function countVectors(connection: Connection, sight: Sight): number {
  const sql = "SELECT count(*) FROM json_each(?) s CROSS JOIN vector_bits v ON v.scope = s.value WHERE (1 << v.class) & ?";
  return connection.prepare(sql).pluck().get(JSON.stringify(scopesOf(connection, sight)), sight.mask) as number;
}
