import type { Chunk } from "../data/chunk.ts";
import type { Class, Reason } from "../data/classification.ts";
import type { Box } from "../data/block.ts";
import type { MentionRecord, MergeRecord, StatementRecord } from "../data/entity.ts";
import type { Scope } from "../data/identity.ts";
import type { Warning } from "../data/warning.ts";
import type { EmbeddingModel } from "./vectors/vector-store.ts";

/** A lease with its number: a writer whose number is no longer the job's has been overtaken and may not commit. */
export interface Lease {
  jobId: string;
  number: number;
}

export interface PictureRecord {
  id: string;
  documentId: string;
  page: number;
  box: Box | null;
  description: string;
  class: Class;
}

/** The whole of one document's new version. Rows that are there already stay as they are; rows not named here go. */
export interface DocumentPlan {
  scope: Scope;
  documentId: string;
  version: number;
  name: string;
  mediaType: string;
  language: string | null;
  /** The document's own date, else when it was accepted (ISO 8601). */
  date: string;
  class: Class;
  reasons: Reason[];
  pages: number;
  pictureCount: number;
  chunks: Chunk[];
  /** Normalised title and headings each chunk is about. */
  about: { chunkId: string; name: string }[];
  vectors: { model: EmbeddingModel; byChunk: Map<string, Float32Array> } | null;
  mentions: MentionRecord[];
  statements: StatementRecord[];
  merges: MergeRecord[];
  pictures: PictureRecord[];
  parentId: string | null;
  status: "ready" | "partial";
  warnings: Warning[];
}

/**
 * All writes about documents. With embedded stores each call is one transaction in the writer thread; readers see a
 * document whole or not at all. Both fail with `conflict` when the lease was lost.
 */
export interface DocumentWriter {
  /** A job's documents (a mail and its attachments) become visible together. */
  replace(plans: DocumentPlan[], lease: Lease): Promise<void>;
  /** Removes every row derived from the document and its children; files and checkpoints are the caller's part. */
  erase(documentId: string, lease: Lease): Promise<{ documentIds: string[]; jobIds: string[] }>;
  /**
   * Everything stored about the document becomes at least as strict as `value`, at once: what the version readers see now
   * must not stay visible while a stricter one is worked on. Falling is `replace`'s part.
   */
  raiseClass(documentId: string, value: Class, lease: Lease | null): Promise<void>;
}
