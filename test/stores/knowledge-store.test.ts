import { knowledgeStoreContract } from "../contracts/knowledge-store.contract.ts";
import { openEmbedded } from "./embedded-stores.ts";

knowledgeStoreContract("embedded", openEmbedded);
