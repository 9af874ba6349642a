import type { TermCounts } from "../ledger/term-counts.ts";
import type { ReadInFlight, StoreWriter } from "../store-writer.ts";
import type { TextIndex } from "../text/text-index.ts";
import type { VectorStore } from "../vectors/vector-store.ts";
import { openCollections } from "./collections.ts";
import { connect } from "./connect.ts";
import type { QdrantOptions } from "./options.ts";
import { openQdrantStores } from "./qdrant-stores.ts";
import { openQdrantWriter } from "./qdrant-writer.ts";

export interface QdrantParts {
  readInFlight: ReadInFlight;
  termCounts: Pick<TermCounts, "idf">;
  /** Words of an average chunk: the constant of BM25's saturation. */
  meanLength: number;
}

export interface QdrantStore {
  text: TextIndex;
  vectors: VectorStore;
  writer: StoreWriter;
  engine(): Promise<{ name: string; version: string }>;
}

/** Vectors and text on a Qdrant server. Throws `config` or `store`, naming the key, within 8 s when it cannot be used. */
export async function openQdrant(options: QdrantOptions, parts: QdrantParts): Promise<QdrantStore> {
  const qdrant = await connect(options);
  const collections = openCollections(qdrant);
  await collections.prepare();
  return { ...openQdrantStores({ qdrant, collections, ...parts }), writer: openQdrantWriter(qdrant, collections, parts.meanLength), engine: qdrant.engine };
}
