import { z } from "zod";
import { Box } from "./block.ts";
import { Class } from "./classification.ts";
import { Decision } from "./decision.ts";
import { Entity, Relation } from "./entity.ts";
import { Warning } from "./warning.ts";

export const RetrievalMode = z.enum(["hybrid", "vector", "text", "graph"]);
export type RetrievalMode = z.infer<typeof RetrievalMode>;

export const Filters = z.strictObject({
  documents: z.array(z.string()).max(1000).optional(),
  mediaTypes: z.array(z.string()).max(100).optional(),
  classes: z.array(Class).optional(),
  after: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  before: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
});
export type Filters = z.infer<typeof Filters>;

export const QueryRequest = z.strictObject({
  question: z.string().trim().min(1).max(16_000),
  collections: z.array(z.string().min(1)).min(1).max(100).default(["default"]),
  limit: z.number().int().min(1).max(100).default(8),
  retrieval: RetrievalMode.default("hybrid"),
  answer: z.boolean().default(true),
  filters: Filters.default({}),
});
export type QueryRequest = z.infer<typeof QueryRequest>;

export const FoundBy = z.enum(["vector", "text", "graph"]);
export type FoundBy = z.infer<typeof FoundBy>;

/**
 * `document` is its name, null when the caller may not see the document's class. `score`, between 0 and 1 and falling with the
 * rank: the passage's share of the walk over passages and names; where nothing walks (`text`, `vector`), BM25 as a part of the
 * best passage's, or the cosine c as (1 + c) / 2.
 */
export const Passage = z.object({
  rank: z.number().int(),
  score: z.number(),
  chunkId: z.string(),
  documentId: z.string(),
  document: z.string().nullable(),
  page: z.number().int(),
  boxes: z.array(Box),
  headings: z.array(z.string()),
  text: z.string(),
  class: Class,
  found: z.array(FoundBy),
});
export type Passage = z.infer<typeof Passage>;

export const Citation = z.object({
  n: z.number().int(),
  chunkId: z.string(),
  documentId: z.string(),
  document: z.string().nullable(),
  page: z.number().int(),
  boxes: z.array(Box),
  quote: z.string(),
});
export type Citation = z.infer<typeof Citation>;

export const Answer = z.object({
  answer: z.string().nullable(),
  citations: z.array(Citation),
  passages: z.array(Passage),
  entities: z.array(Entity),
  relations: z.array(Relation),
  class: Class,
  decision: Decision.nullable(),
  warnings: z.array(Warning),
  ms: z.number(),
});
export type Answer = z.infer<typeof Answer>;

/** What a running query tells its caller, in this order: passages, decision, token…, done | error. */
export type QueryEvent =
  | { type: "passages"; passages: Passage[] }
  | { type: "decision"; decision: Decision }
  | { type: "token"; text: string }
  | { type: "done"; answer: Answer }
  | { type: "error"; code: string; message: string };

const day = 86_400_000;

/** The last moment that a `before` lets in, in ms since 1970: a date without a time means the whole day. */
export const lastMoment = (before: string): number => Date.parse(before) + (/^\d{4}-\d{2}-\d{2}$/.test(before) ? day - 1 : 0);
