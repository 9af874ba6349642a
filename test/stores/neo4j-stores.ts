import { Neo4jOptions } from "../../src/stores/knowledge/neo4j/options.ts";
import { openNeo4j, type Neo4jStore } from "../../src/stores/knowledge/neo4j/open-neo4j.ts";
import { connect, type Graph } from "../../src/stores/knowledge/neo4j/connect.ts";
import { checkPlan } from "../../src/stores/check-plan.ts";
import type { DocumentWriter, Lease } from "../../src/stores/document-writer.ts";
import { leaseFence } from "../../src/stores/ledger/commit-plan.ts";
import type { InFlight } from "../../src/stores/store-writer.ts";
import type { Stores } from "../contracts/stores.ts";
import type { RealServers } from "../servers/real-servers.ts";
import { openEmbedded } from "./embedded-stores.ts";

export const relationTypes = ["EMPLOYS", "OWNS", "FOUNDED", "USES", "PART_OF"];
export const entityTypes = ["PERSON", "ORGANIZATION"];

type Server = RealServers["neo4j"];

/** Everything but the schema goes. */
export async function wipe(graph: Graph): Promise<void> {
  await graph.once("MATCH (n) WHERE NOT n:SluiceSchema DETACH DELETE n");
}

/** Every node and edge, with every property; ids of the engine's own left out. */
export async function dump(graph: Graph): Promise<string[]> {
  const nodes = await graph.read((run) => run("MATCH (n) WHERE NOT n:SluiceSchema RETURN labels(n) AS labels, properties(n) AS properties"));
  const edges = await graph.read((run) => run("MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS properties, coalesce(a.key, a.id) AS from, coalesce(b.key, b.id) AS to"));
  return [...nodes, ...edges].map((row) => JSON.stringify(row, (_, value: unknown) => (value !== null && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value))).sort();
}

export interface Neo4jStores extends Stores {
  neo4j: Neo4jStore;
  graph: Graph;
  inFlight: Map<string, number | null>;
}

/**
 * The knowledge graph on Neo4j, everything else embedded. The embedded writer's transaction stands for the commit mark, a
 * list in memory for the ledger's intents.
 */
export async function openNeo4jStores(server: Server): Promise<Neo4jStores> {
  const embedded = await openEmbedded();
  const options = Neo4jOptions.parse({ driver: "neo4j", ...server });
  const graph = await connect(options);
  await wipe(graph);
  const inFlight = new Map<string, number | null>();
  const revisions = new Map<string, number>();
  const committed = new Map<string, number>();
  const neo4j = await openNeo4j(options, { relationTypes, entityTypes, readInFlight: async (): Promise<InFlight> => new Map(inFlight) });
  const { writer } = neo4j;
  const held = (lease: Lease) => async () => void (await embedded.database.write([leaseFence(lease)]));

  const composed: DocumentWriter = {
    async replace(plans, lease) {
      plans.forEach(checkPlan);
      await held(lease)();
      const own = new Map(plans.map(({ documentId }) => [documentId, (revisions.get(documentId) ?? 0) + 1]));
      for (const [id, revision] of own) {
        inFlight.set(id, committed.get(id) ?? null);
        revisions.set(id, revision);
      }
      await writer.write(plans, own, held(lease));
      await embedded.writer.replace(plans, lease);
      for (const [id, revision] of own) {
        committed.set(id, revision);
        inFlight.set(id, revision);
        await writer.settle(id, revision);
        inFlight.delete(id);
      }
    },
    async erase(documentId, lease) {
      const erased = await embedded.writer.erase(documentId, lease);
      await writer.erase(erased.documentIds);
      return erased;
    },
    async raiseClass(documentId, value, lease) {
      await embedded.writer.raiseClass(documentId, value, lease);
      await writer.raiseClass([documentId], value);
    },
  };
  return {
    ...embedded, neo4j, graph, inFlight, knowledge: neo4j.knowledge, writer: composed,
    async close() {
      await Promise.all([neo4j.close(), graph.close(), embedded.close()]);
    },
  };
}
