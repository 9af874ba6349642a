import { z } from "zod";
import { Box } from "./block.ts";
import { Class } from "./classification.ts";

export const ChunkKind = z.enum(["text", "table", "code", "picture"]);
export type ChunkKind = z.infer<typeof ChunkKind>;

/** A passage of one document. `start` and `end` are offsets in the document's text, `tokens` a tokenizer's count. */
export const Chunk = z.object({
  id: z.string(),
  documentId: z.string(),
  ordinal: z.number().int(),
  kind: ChunkKind,
  text: z.string(),
  headings: z.array(z.string()),
  page: z.number().int(),
  boxes: z.array(Box),
  start: z.number().int(),
  end: z.number().int(),
  tokens: z.number().int(),
  class: Class,
  language: z.string().nullable().default(null),
});
export type Chunk = z.infer<typeof Chunk>;
