import { documentWriterContract } from "../contracts/document-writer.contract.ts";
import { knowledgeStoreContract } from "../contracts/knowledge-store.contract.ts";
import { describeOn } from "../servers/real-servers.ts";
import { openNeo4jStores } from "./neo4j-stores.ts";

describeOn("neo4j", "on a Neo4j server", (server) => {
  knowledgeStoreContract("neo4j", () => openNeo4jStores(server));
  documentWriterContract("neo4j", () => openNeo4jStores(server));
});
