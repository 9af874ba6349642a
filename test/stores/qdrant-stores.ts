import { openQdrant, type QdrantStore } from "../../src/stores/qdrant/open-qdrant.ts";
import { QdrantOptions } from "../../src/stores/qdrant/options.ts";
import type { Stores } from "../contracts/stores.ts";
import { ownName, type RealServers } from "../servers/real-servers.ts";
import { besideEmbedded } from "./beside-embedded.ts";
import { meanLength, openEmbedded } from "./embedded-stores.ts";

export interface QdrantStores extends Stores {
  qdrant: QdrantStore;
  options: QdrantOptions;
  inFlight: Map<string, number | null>;
}

/** Vectors and text on Qdrant under names of their own, everything else embedded. */
export async function openQdrantStores(server: RealServers["qdrant"], given: Partial<QdrantOptions> = {}): Promise<QdrantStores> {
  const embedded = await openEmbedded();
  const inFlight = new Map<string, number | null>();
  const options = QdrantOptions.parse({ driver: "qdrant", ...server, collection: ownName(), ...given });
  const qdrant = await openQdrant(options, { meanLength, termCounts: { idf: embedded.text.idf }, readInFlight: async () => ({ open: new Map(inFlight), ended: new Map() }) });
  return { ...embedded, qdrant, options, inFlight, text: qdrant.text, vectors: qdrant.vectors, writer: besideEmbedded(embedded, qdrant.writer, inFlight) };
}
