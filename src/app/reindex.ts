import { wholeTenant } from "../data/principal.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { VectorStore } from "../stores/vectors/vector-store.ts";
import { embeddedText } from "../steps/embed.ts";

export interface ReindexParts {
  models: Models;
  vectors: VectorStore;
  knowledge: KnowledgeStore;
}

const batch = 64;

/** Gives every committed chunk of a scope the vector it lacks; another model than before starts from nothing. */
export async function reindexScope(tenant: string, collection: string, parts: ReindexParts, options: { signal: AbortSignal; onProgress: (done: number) => void }): Promise<number> {
  const embeddings = parts.models.embeddings();
  if (!embeddings) throw new SluiceError("model_unavailable", "there is no embedding model; `ollama pull bge-m3`, then `sluice reindex`");
  const before = await parts.vectors.model(tenant, collection);
  const same = before && before.name === embeddings.model.name && before.dimension === embeddings.model.dimension;
  if (!same) await parts.vectors.reset(tenant, collection, embeddings.model);
  let done = 0;
  for (;;) {
    options.signal.throwIfAborted();
    const ids = await parts.vectors.missing(tenant, collection, embeddings.model, batch);
    if (!ids.length) return done;
    const chunks = await parts.knowledge.chunks(wholeTenant(tenant), ids);
    const vectors = await embeddings.embed(chunks.map(embeddedText), options.signal);
    await parts.vectors.fill(tenant, collection, embeddings.model, new Map(chunks.map((chunk, index) => [chunk.id, vectors[index]!])));
    if (chunks.length === 0) throw new SluiceError("store", `${ids.length} chunks without a vector are not in the knowledge store`);
    done += chunks.length;
    options.onProgress(done);
  }
}
