import { ownName, ownPostgres, type RealServers } from "../servers/real-servers.ts";
import { ownNeo4j } from "../stores/neo4j-stores.ts";

export type ClusterServers = Pick<RealServers, "neo4j" | "qdrant" | "postgres">;

/** An empty place on every server, as configuration; the graph is held alone until `close`. */
export async function ownCluster(servers: ClusterServers): Promise<{ values: { stores: object }; close(): Promise<void> }> {
  const [postgres, neo4j] = [await ownPostgres(servers.postgres), await ownNeo4j(servers.neo4j)];
  const database = { driver: "postgres", url: postgres.url, poolSize: 5 };
  return {
    values: {
      stores: {
        text: { driver: "qdrant" },
        vectors: { driver: "qdrant", url: servers.qdrant.url, apiKey: servers.qdrant.apiKey, collection: ownName() },
        knowledge: { driver: "neo4j", ...servers.neo4j },
        ledger: database,
        checkpoints: database,
      },
    },
    async close() {
      await neo4j.close();
      await postgres.close();
    },
  };
}
