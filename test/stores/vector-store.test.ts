import { vectorStoreContract } from "../contracts/vector-store.contract.ts";
import { openEmbedded } from "./embedded-stores.ts";

vectorStoreContract("embedded", openEmbedded);
