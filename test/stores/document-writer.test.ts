import { documentWriterContract } from "../contracts/document-writer.contract.ts";
import { openEmbedded } from "./embedded-stores.ts";

documentWriterContract("embedded", openEmbedded);
