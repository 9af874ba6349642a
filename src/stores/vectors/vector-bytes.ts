import { SluiceError } from "../../errors.ts";
import type { EmbeddingModel } from "./vector-store.ts";

/** Components as the store keeps them; refuses a vector of another length, or one that points nowhere (its cosine is undefined). */
export function vectorBytes(model: EmbeddingModel, vector: Float32Array): Uint8Array {
  if (vector.length !== model.dimension) {
    throw new SluiceError("conflict", `[vectors] a vector of ${vector.length} components where ${model.name} makes ${model.dimension}; check the embedding model, then run "sluice reindex"`);
  }
  if (!vector.some((component) => component !== 0) || !vector.every(Number.isFinite)) {
    throw new SluiceError("model_failed", `[vectors] ${model.name} made a vector that is zero or not finite; it cannot be searched`);
  }
  const padded = new Float32Array(Math.ceil(vector.length / 8) * 8);
  padded.set(vector);
  return new Uint8Array(padded.buffer);
}

export function otherModel(collection: string, stored: EmbeddingModel, asked: EmbeddingModel): SluiceError {
  return new SluiceError("conflict", `[vectors] collection "${collection}" holds vectors of ${stored.name} (${stored.dimension}), not of ${asked.name} (${asked.dimension}); run "sluice reindex" to change the model`);
}

/** Throws `conflict` when the collection's vectors are of another model than the one asked for. */
export function mustBeModel(collection: string, stored: EmbeddingModel | null | undefined, asked: EmbeddingModel): void {
  if (stored && (stored.name !== asked.name || stored.dimension !== asked.dimension)) throw otherModel(collection, stored, asked);
}
