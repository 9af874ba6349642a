import type { Chunk } from "../data/chunk.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { EmbeddingModel } from "../stores/vectors/vector-store.ts";
import { needArtifact } from "./artifacts.ts";
import { chunksArtifact } from "./chunk.ts";
import { type Account, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** What is embedded: a passage under its headings. */
export const embeddedText = (chunk: Pick<Chunk, "headings" | "text">): string => [chunk.headings.join(" > "), chunk.text].filter(Boolean).join("\n");

export interface EmbedParts {
  files: FileStore;
  models: Pick<Models, "embeddings" | "tier">;
  batch: number;
}

const fileName = "vectors.bin";

/** Vectors of the chunks that have none of this model yet; local only. Without a model the vector side is off, and says so. */
export async function embed(documents: WorkDocument[], run: Run, parts: EmbedParts): Promise<{ account: Account }> {
  const account = emptyAccount();
  // An archive has no text of its own.
  if (documents.every((each) => each.counts.chunks === 0)) return { account };
  if (parts.models.tier("embedding") === "down") throw new SluiceError("model_unavailable", "the embedding model does not answer; the job waits until it does", { retryable: true });
  const embeddings = parts.models.embeddings();
  if (!embeddings) {
    account.warnings.push({ code: "vectors_off", message: "no embedding model: search by meaning is off; `ollama pull bge-m3`, then `sluice reindex`" });
    return { account };
  }
  for (const document of documents.filter((each) => !each.failed)) {
    const chunks = await needArtifact(parts.files, run, document, chunksArtifact);
    const vectors = await readVectors(parts.files, document.id, embeddings.model);
    const missing = chunks.filter((chunk) => !vectors.has(chunk.id));
    for (let at = 0; at < missing.length; at += parts.batch) {
      run.signal.throwIfAborted();
      const batch = missing.slice(at, at + parts.batch);
      const found = await embeddings.embed(batch.map(embeddedText), run.signal);
      batch.forEach((chunk, index) => vectors.set(chunk.id, found[index]!));
      run.progress("embed", at + batch.length, missing.length);
    }
    const current = new Map(chunks.map((chunk) => [chunk.id, vectors.get(chunk.id)!]));
    if (missing.length || current.size !== vectors.size) await parts.files.put(document.id, fileName, encode(embeddings.model, current));
  }
  return { account };
}

/** Vectors of the document's chunks by this model; those of another are as good as none. */
async function readVectors(files: FileStore, documentId: string, model: EmbeddingModel): Promise<Map<string, Float32Array>> {
  const made = await madeVectors(files, documentId);
  return made && made.model.name === model.name && made.model.dimension === model.dimension ? made.byChunk : new Map();
}

/** What this step left, by whichever model, and whether or not that one answers now. */
export async function madeVectors(files: FileStore, documentId: string): Promise<{ model: EmbeddingModel; byChunk: Map<string, Float32Array> } | null> {
  const bytes = await files.get(documentId, fileName);
  if (!bytes) return null;
  const headerLength = bytes.readUInt32LE(0);
  const { model, ids } = JSON.parse(bytes.toString("utf8", 4, 4 + headerLength)) as { model: EmbeddingModel; ids: string[] };
  const byChunk = new Map<string, Float32Array>();
  ids.forEach((id, index) => {
    const start = 4 + headerLength + index * model.dimension * 4;
    byChunk.set(id, new Float32Array(Uint8Array.from(bytes.subarray(start, start + model.dimension * 4)).buffer));
  });
  return { model, byChunk };
}

/** Header length (uint32), header as JSON, then the vectors `[n, dimension]` as little-endian floats. */
function encode(model: EmbeddingModel, vectors: Map<string, Float32Array>): Buffer {
  const header = Buffer.from(JSON.stringify({ model, ids: [...vectors.keys()] }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, ...[...vectors.values()].map((vector) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength))]);
}
