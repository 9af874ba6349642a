import { z } from "zod";
import { Level } from "../data/decision.ts";
import type { Models } from "../models/models.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { TextWork } from "./text-work.ts";
import type { Vocabulary } from "./vocabulary.ts";

export const ExtractionOptions = z.strictObject({
  /** `thorough`: two calls a chunk; `fast`: one. */
  mode: z.enum(["thorough", "fast"]).default("thorough"),
  quality: Level.default("medium"),
  /** Chunks in flight at once for one job; the limiter of each backend bounds what reaches it. */
  concurrency: z.number().int().min(1).max(256).default(16),
});
export type ExtractionOptions = z.infer<typeof ExtractionOptions>;

export interface ExtractParts {
  files: FileStore;
  models: Models;
  knowledge: KnowledgeStore;
  textWork: TextWork;
  vocabulary: Vocabulary;
  options: ExtractionOptions;
}
