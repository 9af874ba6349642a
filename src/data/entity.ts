import { z } from "zod";
import { Class } from "./classification.ts";

/** How a fact was read: by the built-in language processing or by a language model. */
export const Method = z.enum(["built-in", "model"]);
export type Method = z.infer<typeof Method>;

const provenance = {
  class: Class,
  documentId: z.string(),
  chunkId: z.string(),
  /** The exact characters it was read from, as offsets in the chunk's text; unverified quotes have -1, -1. */
  quote: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  confidence: z.number().min(0).max(1),
  method: Method,
  model: z.string().nullable(),
  /** SHA-256 of the prompt file, null for the built-in path. */
  prompt: z.string().nullable(),
  description: z.string(),
};

/** One place where a document names an entity. */
export const MentionRecord = z.object({
  id: z.string(),
  entityId: z.string(),
  name: z.string(),
  type: z.string(),
  qualifier: z.string().default(""),
  surface: z.string(),
  ...provenance,
});
export type MentionRecord = z.infer<typeof MentionRecord>;

/** One typed, directed relation as one chunk states it. `source` and `target` are entity ids. Strength 1..10. */
export const StatementRecord = z.object({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  type: z.string(),
  /** The wording, when it was not in the vocabulary. */
  original: z.string().nullable(),
  strength: z.number().min(1).max(10),
  ...provenance,
});
export type StatementRecord = z.infer<typeof StatementRecord>;

/** A recorded, reversible merge of two entities (`SAME_AS`); `documentId` and `chunkId` say whose evidence it is. */
export const MergeRecord = z.object({
  a: z.string(),
  b: z.string(),
  method: z.enum(["alias", "acronym", "spelling", "embedding", "model"]),
  score: z.number(),
  evidence: z.string(),
  documentId: z.string(),
  class: Class,
});
export type MergeRecord = z.infer<typeof MergeRecord>;

// What the API shows (doors.md).
export const Mention = z.object({
  chunkId: z.string(),
  documentId: z.string(),
  page: z.number().int(),
  quote: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  confidence: z.number(),
  method: Method,
  model: z.string().nullable(),
});
export type Mention = z.infer<typeof Mention>;

export const Entity = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  description: z.string(),
  aliases: z.array(z.string()),
  class: Class,
  mentionCount: z.number().int(),
  documentCount: z.number().int(),
});
export type Entity = z.infer<typeof Entity>;

export const Relation = z.object({
  source: z.string(),
  target: z.string(),
  type: z.string(),
  description: z.string(),
  strength: z.number(),
  class: Class,
  evidence: z.array(Mention),
});
export type Relation = z.infer<typeof Relation>;
