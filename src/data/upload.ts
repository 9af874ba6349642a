import type { Class } from "./classification.ts";

/** A file whose bytes lie whole on the local disk, hashed while they came. */
export interface ReceivedFile {
  path: string;
  /** The uploader's name without its path, at most 255 characters, no control characters. */
  name: string;
  bytes: number;
  sha256: string;
}

export interface UploadOptions {
  collection: string;
  /** Null: the SHA-256 of the bytes. */
  key: string | null;
  /** Declared class, a floor; null means none. */
  class: Class | null;
  /** Unique per file of a request. */
  idempotencyKey: string | null;
}
