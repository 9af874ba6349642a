import type { Log } from "../../../telemetry.ts";
import type { ReadInFlight, StoreWriter } from "../../store-writer.ts";
import type { KnowledgeStore } from "../knowledge-store.ts";
import { connect } from "./connect.ts";
import { prepareSchema } from "./graph-schema.ts";
import { openNeo4jKnowledgeStore } from "./neo4j-knowledge-store.ts";
import { openNeo4jWriter } from "./neo4j-writer.ts";
import type { Neo4jOptions } from "./options.ts";

export interface Neo4jParts {
  readInFlight: ReadInFlight;
  /** The vocabulary's allow-lists: the only types that are written into queries. */
  relationTypes: readonly string[];
  entityTypes: readonly string[];
  log?: Log;
}

export interface Neo4jStore {
  knowledge: KnowledgeStore;
  writer: StoreWriter;
  engine(): Promise<{ name: string; version: string }>;
  close(): Promise<void>;
}

/**
 * The knowledge graph on a Neo4j server. Brings the schema up to date first; fails within 10 s with `config` or `store` and the
 * key of the configuration when the server cannot be used.
 */
export async function openNeo4j(options: Neo4jOptions, parts: Neo4jParts): Promise<Neo4jStore> {
  const graph = await connect(options, parts.log);
  try {
    const types = await prepareSchema(graph, parts);
    return { knowledge: openNeo4jKnowledgeStore(graph, types, parts.readInFlight), writer: openNeo4jWriter(graph, types), engine: graph.engine, close: graph.close };
  } catch (error) {
    await graph.close();
    throw error;
  }
}
