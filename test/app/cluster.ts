import type { Graph } from "../../src/stores/knowledge/neo4j/connect.ts";
import { ownName, ownPostgres, type RealServers } from "../servers/real-servers.ts";
import { ownNeo4j } from "../stores/neo4j-stores.ts";

export type ClusterServers = Pick<RealServers, "neo4j" | "qdrant" | "postgres">;

/** An empty place on every server, as configuration; the graph is held alone until `close`. */
export async function ownCluster(servers: ClusterServers): Promise<{ values: { stores: object }; graph: Graph; loseStores(): Promise<{ stores: object }>; close(): Promise<void> }> {
  const [postgres, neo4j] = [await ownPostgres(servers.postgres), await ownNeo4j(servers.neo4j)];
  const qdrant = () => ({ driver: "qdrant", url: servers.qdrant.url, apiKey: servers.qdrant.apiKey, collection: ownName() });
  const database = { driver: "postgres", url: postgres.url, poolSize: 5 };
  return {
    graph: neo4j.graph,
    values: {
      stores: {
        text: { driver: "qdrant" },
        vectors: qdrant(),
        knowledge: { driver: "neo4j", ...servers.neo4j },
        ledger: database,
        checkpoints: database,
      },
    },
    /** Graph and vectors are gone, as after a restore of ledger and files alone; what the configuration is then. */
    async loseStores() {
      await neo4j.graph.once("MATCH (n) WHERE NOT n:SluiceSchema AND NOT n:TestLock DETACH DELETE n");
      return { stores: { vectors: qdrant() } };
    },
    async close() {
      await neo4j.close();
      await postgres.close();
    },
  };
}
