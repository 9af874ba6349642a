import type { Principal } from "../../data/principal.ts";
import type { Filters } from "../../data/query.ts";
import type { Found } from "../text/text-index.ts";

/** Which model made the vectors of a collection; searching or writing with another is a `conflict` that names `sluice reindex`. */
export interface EmbeddingModel {
  name: string;
  dimension: number;
}

export interface VectorStore {
  /** `vector` `[dimension]`, best first; score is the cosine. Throws `conflict` on another model or dimension. */
  search(principal: Principal, collections: string[], model: EmbeddingModel, vector: Float32Array, limit: number, filters: Filters): Promise<Found[]>;
  /** The model the scope's vectors were made with, or null while there are none. */
  model(tenant: string, collection: string): Promise<EmbeddingModel | null>;
  /** Ids of committed chunks without a vector of `model`; what `reindex` fills. */
  missing(tenant: string, collection: string, model: EmbeddingModel, limit: number): Promise<string[]>;
  /** Writes vectors of committed chunks (`[n][dimension]`); chunks that are gone are ignored. */
  fill(tenant: string, collection: string, model: EmbeddingModel, vectors: Map<string, Float32Array>): Promise<void>;
  /** Drops all vectors of the scope and sets its model: the first step of a `reindex` to another model. */
  reset(tenant: string, collection: string, model: EmbeddingModel): Promise<void>;
  count(principal: Principal, collections: string[]): Promise<number>;
}
