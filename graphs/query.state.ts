import { z } from "zod";
import { Answer, Passage, QueryRequest } from "../src/data/query.ts";
import { Class } from "../src/data/classification.ts";
import { Level } from "../src/data/decision.ts";
import { Entity, Relation } from "../src/data/entity.ts";
import { Warning } from "../src/data/warning.ts";

/** In the product this graph has no checkpointer: question and answer live as long as the run. */
export const QueryState = z.object({
  question: z.string(),
  request: QueryRequest.omit({ question: true }).partial().optional(),
  understood: z.object({ class: Class, language: z.string().nullable(), names: z.array(z.string()), complexity: Level }).optional(),
  retrieved: z.object({ passages: z.array(Passage), entities: z.array(Entity), relations: z.array(Relation), warnings: z.array(Warning) }).optional(),
  answer: Answer.omit({ ms: true }).optional(),
});
export type QueryState = z.infer<typeof QueryState>;
