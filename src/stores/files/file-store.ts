import type { Readable } from "node:stream";

/**
 * Originals, artifacts, pictures and page images, each under the document it belongs to. Names are made by Sluice
 * (`original-1`, `parsed-1.json`, `picture-3.png`), never taken from the uploader. Durable when resolved; files 0600.
 */
export interface FileStore {
  put(documentId: string, name: string, bytes: Uint8Array | string): Promise<void>;
  /** Moves a file of the local disk (from `temporary`) into the store. */
  adopt(documentId: string, name: string, path: string): Promise<void>;
  get(documentId: string, name: string): Promise<Buffer | null>;
  has(documentId: string, name: string): Promise<boolean>;
  stream(documentId: string, name: string): Promise<Readable>;
  /** A path on the local disk that a child process can read. */
  localPath(documentId: string, name: string): Promise<string>;
  list(documentId: string): Promise<string[]>;
  remove(documentId: string, names: string[]): Promise<void>;
  removeAll(documentId: string): Promise<void>;
  /** A fresh path for an upload in flight or a child's output; whatever lies there is swept at start. */
  temporary(): Promise<string>;
  /** Document ids that have files; for verification. */
  documents(): AsyncIterable<string>;
  /** When a file of this document was last added or removed, in ms since 1970; null when there are none. */
  changedAt(documentId: string): Promise<number | null>;
  close(): Promise<void>;
}
