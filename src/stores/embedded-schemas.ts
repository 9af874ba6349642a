import { knowledgeSchema } from "./knowledge/knowledge-schema.ts";
import type { StoreSchema } from "./sqlite/database.ts";
import { textSchema } from "./text/text-schema.ts";
import { vectorSchema } from "./vectors/vector-schema.ts";

/** Tables of the embedded text, vector and knowledge stores; the ledger's are beside the ledger. */
export const embeddedSchemas: readonly StoreSchema[] = [textSchema, vectorSchema, knowledgeSchema];
