import { z } from "zod";
import { Class, Reason } from "./classification.ts";
import { Warning } from "./warning.ts";

export const DocumentStatus = z.enum(["queued", "processing", "ready", "partial", "failed", "erasing"]);
export type DocumentStatus = z.infer<typeof DocumentStatus>;

export const Release = z.object({ id: z.string(), class: Class.nullable(), kind: z.string().nullable(), reason: z.string(), createdAt: z.string() });
export type Release = z.infer<typeof Release>;

export const DocumentCounts = z.object({
  chunks: z.number().int(),
  tokens: z.number().int(),
  pictures: z.number().int(),
  entities: z.number().int(),
  relations: z.number().int(),
});
export const noCounts = { chunks: 0, tokens: 0, pictures: 0, entities: 0, relations: 0 };

export const Document = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  collection: z.string(),
  version: z.number().int(),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  language: z.string().nullable(),
  class: Class,
  reasons: z.array(Reason),
  releases: z.array(Release),
  pages: z.number().int(),
  counts: DocumentCounts,
  status: DocumentStatus,
  warnings: z.array(Warning),
  parentId: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Document = z.infer<typeof Document>;
