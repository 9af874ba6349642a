import { textIndexContract } from "../contracts/text-index.contract.ts";
import { openEmbedded } from "./embedded-stores.ts";

textIndexContract("embedded", openEmbedded);
