import { siblingModule } from "../../workers/package-root.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { maskOf, scopeKey } from "../text/keys.ts";
import type { Found } from "../text/text-index.ts";
import { once } from "../upsert.ts";
import { mustBeModel, otherModel, vectorBytes } from "./vector-bytes.ts";
import { dropUnusedModel, modelChange, vectorRows } from "./vector-changes.ts";
import type { EmbeddingModel, VectorStore } from "./vector-store.ts";

const reader = siblingModule(import.meta.url, "vector-search").href;
const mostRows = 500;

/** Vectors in the shared SQLite file, compared by sqlite-vec in reader threads. */
export function openVectorStore(database: SqliteDatabase): VectorStore {
  const stored = (tenant: string, collection: string): EmbeddingModel | null =>
    database.read<{ name: string; dimension: number }>("SELECT name, dimension FROM embedding_models WHERE scope = ?", scopeKey({ tenant, collection }))[0] ?? null;

  return {
    async search(principal, collections, model, vector, limit, filters) {
      const argument = { tenant: principal.tenant, collections, mask: maskOf(principal, filters.classes), model, vector: vectorBytes(model, vector), limit, filters };
      const answer = await database.query<{ found: Found[] } | { conflict: { collection: string; stored: EmbeddingModel } }>(reader, "searchVectors", argument);
      if ("conflict" in answer) throw otherModel(answer.conflict.collection, answer.conflict.stored, model);
      return answer.found;
    },
    model: async (tenant, collection) => stored(tenant, collection),
    async missing(tenant, collection, model, limit) {
      const scope = scopeKey({ tenant, collection });
      mustBeModel(collection, stored(tenant, collection), model);
      return database.query<string[]>(reader, "chunksWithout", { scope, limit });
    },
    async fill(tenant, collection, model, vectors) {
      const scope = scopeKey({ tenant, collection });
      mustBeModel(collection, stored(tenant, collection), model);
      const all = [...vectors];
      for (let start = 0; start < all.length; start += mostRows) {
        await database.write([modelChange(scope, model), ...vectorRows(model, all.slice(start, start + mostRows), scope), dropUnusedModel(scope)], "document");
      }
    },
    async reset(tenant, collection, model) {
      const scope = scopeKey({ tenant, collection });
      await database.write(
        [
          once("DELETE FROM vectors WHERE chunk IN (SELECT chunk FROM vector_bits WHERE scope = ?)", scope),
          once("DELETE FROM vector_bits WHERE scope = ?", scope),
          once("DELETE FROM embedding_models WHERE scope = ?", scope),
          once("INSERT INTO embedding_models (scope, name, dimension) SELECT key, ?, ? FROM text_scopes WHERE key = ?", model.name, model.dimension, scope),
        ],
        "document",
      );
    },
    count: (principal, collections) => database.query(reader, "countVectors", { tenant: principal.tenant, collections, mask: maskOf(principal) }),
  };
}
