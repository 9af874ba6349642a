import { setTimeout as delay } from "node:timers/promises";
import { Neo4jOptions } from "../../src/stores/knowledge/neo4j/options.ts";
import { openNeo4j, type Neo4jStore } from "../../src/stores/knowledge/neo4j/open-neo4j.ts";
import { connect, type Graph } from "../../src/stores/knowledge/neo4j/connect.ts";
import type { KnowledgeStore } from "../../src/stores/knowledge/knowledge-store.ts";
import type { Stores } from "../contracts/stores.ts";
import { ownName, type RealServers } from "../servers/real-servers.ts";
import { besideEmbedded } from "./beside-embedded.ts";
import { openEmbedded } from "./embedded-stores.ts";

export const relationTypes = ["EMPLOYS", "OWNS", "FOUNDED", "USES", "PART_OF"];
export const entityTypes = ["PERSON", "ORGANIZATION"];
export const vocabulary = { relationTypes, entityTypes };

type Server = RealServers["neo4j"];

const own = "NOT n:SluiceSchema AND NOT n:TestLock";
const lockMs = 30_000;

/** The database alone: waits until no other test has it, and empties it. */
export async function ownNeo4j(server: Server): Promise<{ options: Neo4jOptions; graph: Graph; close(): Promise<void> }> {
  const options = Neo4jOptions.parse({ driver: "neo4j", ...server });
  const graph = await connect(options);
  const owner = ownName();
  await graph.once("CREATE CONSTRAINT test_lock IF NOT EXISTS FOR (l:TestLock) REQUIRE l.name IS UNIQUE");
  const take = (): Promise<{ owner: string }[]> =>
    graph.write((run) => run("MERGE (l:TestLock {name: 'neo4j'}) SET l.lock = true REMOVE l.lock WITH l WHERE coalesce(l.until, 0) < timestamp() SET l.owner = $owner, l.until = timestamp() + $lockMs RETURN l.owner AS owner", { owner, lockMs }));
  while ((await take()).length === 0) await delay(20 + 60 * Math.random());
  const keep = setInterval(() => void graph.write((run) => run("MATCH (l:TestLock {owner: $owner}) SET l.until = timestamp() + $lockMs", { owner, lockMs })).catch(() => undefined), lockMs / 3);
  const close = async (): Promise<void> => {
    clearInterval(keep);
    await graph.write((run) => run("MATCH (l:TestLock {owner: $owner}) SET l.until = 0, l.owner = ''", { owner }));
    await graph.close();
  };
  try {
    // In parts: what a measurement left would not fit into the memory of one transaction.
    await graph.once(`MATCH (n) WHERE ${own} CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS`);
  } catch (error) {
    await close();
    throw error;
  }
  return { options, graph, close };
}

interface Dumped {
  properties: Record<string, unknown>;
}

/** Every node and edge with its properties, sorted; those that count revisions left out, since they tell how the rest came about. */
export async function dump(graph: Graph): Promise<string[]> {
  const nodes = await graph.read((run) => run<Dumped>(`MATCH (n) WHERE ${own} RETURN labels(n) AS labels, properties(n) AS properties`));
  const edges = await graph.read((run) => run<Dumped>("MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS properties, coalesce(a.key, a.id) AS from, coalesce(b.key, b.id) AS to"));
  const counting = ["since", "fence", "committed"];
  return [...nodes, ...edges]
    .map(({ properties, ...rest }) => {
      const content = Object.entries(properties).filter(([name]) => !counting.includes(name)).map(([name, value]) => [name, typeof value === "string" ? value.replace(/@\d+$/, "") : value]);
      return JSON.stringify([Object.entries(rest).map(([name, value]) => [name, typeof value === "string" ? value.replace(/@\d+$/, "") : value]), content.sort()]);
    })
    .sort();
}

export interface Neo4jStores extends Stores {
  neo4j: Neo4jStore;
  graph: Graph;
  inFlight: Map<string, number | null>;
  /** What the embedded driver holds of the same documents. */
  embedded: KnowledgeStore;
}

/**
 * The knowledge graph on Neo4j, everything else embedded. The embedded writer's transaction stands for the commit mark, a
 * list in memory for the ledger's intents.
 */
export async function openNeo4jStores(server: Server): Promise<Neo4jStores> {
  const embedded = await openEmbedded();
  const { options, graph, close } = await ownNeo4j(server);
  const inFlight = new Map<string, number | null>();
  const neo4j = await openNeo4j(options, { ...vocabulary, readInFlight: async () => ({ open: new Map(inFlight), ended: new Map() }) });
  const composed = besideEmbedded(embedded, neo4j.writer, inFlight);
  return {
    ...embedded, neo4j, graph, inFlight, embedded: embedded.knowledge, knowledge: neo4j.knowledge, writer: composed,
    async close() {
      await neo4j.close();
      await close();
      await embedded.close();
    },
  };
}
