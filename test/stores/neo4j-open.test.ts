import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { openNeo4j } from "../../src/stores/knowledge/neo4j/open-neo4j.ts";
import { Neo4jOptions } from "../../src/stores/knowledge/neo4j/options.ts";
import { describeOn } from "../servers/real-servers.ts";
import { freePort } from "../servers/free-port.ts";
import { ownNeo4j, vocabulary } from "./neo4j-stores.ts";

const parts = { ...vocabulary, readInFlight: async () => ({ open: new Map(), ended: new Map() }) };

describeOn("neo4j", "opening the knowledge graph on Neo4j", (server) => {
  const open = (changes: object, vocabularies: object = {}) => openNeo4j(Neo4jOptions.parse({ driver: "neo4j", ...server, ...changes }), { ...parts, ...vocabularies });

  it("names the engine and its version", async () => {
    const store = await open({});
    expect(await store.engine()).toEqual({ name: "Neo4j", version: expect.stringMatching(/^\d+\.\d+/) });
    await store.close();
  });

  it("names the key of the configuration that is wrong", async () => {
    // A user of its own: a wrong password of the real one would lock it out for seconds.
    await expect(open({ user: "nobody", password: "wrong-password" })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.knowledge.password") });
    await expect(open({ database: "absent" })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.knowledge.database") });
    await expect(open({ url: `bolt://127.0.0.1:${await freePort()}` })).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.knowledge.url") });
    expect(() => Neo4jOptions.parse({ driver: "neo4j", ...server, url: "http://localhost:7474" })).toThrow("bolt://HOST:PORT");
  });

  it("gives up within ten seconds on a server that takes the connection and is silent", async () => {
    const silent = createServer((socket) => socket.on("error", () => {}));
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(open({ url: `bolt://127.0.0.1:${port}` })).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.knowledge.url") });
    silent.close();
  }, 15_000);

  it("refuses a vocabulary that takes names of the graph itself, or what is no name", async () => {
    for (const relationTypes of [["MENTIONED_IN"], ["HAS_NAME"], ["USES`]->() DETACH DELETE n //"], ["uses"]]) await expect(open({}, { relationTypes })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("vocabulary") });
    await expect(open({}, { entityTypes: ["Chunk"] })).rejects.toMatchObject({ code: "config" });
  });

  it("refuses a graph that a newer program made, and an index that is not the one it needs", async () => {
    const database = await ownNeo4j(server);
    await (await open({})).close();
    const version = async (change: string): Promise<object[]> => database.graph.once(`MATCH (s:SluiceSchema {name: 'knowledge'}) SET s.version = s.version ${change}`);
    await version("+ 1");
    await expect(open({})).rejects.toMatchObject({ code: "config", message: expect.stringMatching(/stores\.knowledge\.url.*newer program/) });
    await version("- 1");
    await database.graph.once("DROP INDEX sluice_name_first");
    await database.graph.once("CREATE INDEX sluice_name_first FOR (n:Name) ON (n.first)");
    await expect(open({})).rejects.toMatchObject({ code: "config", message: expect.stringContaining("sluice_name_first") });
    await database.graph.once("DROP INDEX sluice_name_first");
    await Promise.all([open({}), open({})].map(async (opening) => (await opening).close()));
    await database.close();
  }, 300_000);
});
