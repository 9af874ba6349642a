import type { Class } from "../../data/classification.ts";
import type { Release } from "../../data/document.ts";

/** What a reviewer let pass, for one version of a document; it goes with the version. */
export interface ReleaseLedger {
  /**
   * Records it and makes the class of the version (and of what is attached) unknown until it is read again. `conflict` when
   * the document has another version by now or is being worked on.
   */
  create(release: Omit<Release, "createdAt"> & { documentId: string; version: number; userId: string | null; hashes: string[] }): Promise<Release>;
  find(documentId: string, id: string): Promise<(Release & { classBefore: Class }) | null>;
  /** Takes it back: the document is at least as strict as before it, at once. False when there is no such release. */
  end(documentId: string, id: string): Promise<boolean>;
  /** Keyed hashes of the values released in these documents and in those they are attached to, of their newest versions. */
  hashes(documentIds: string[]): Promise<ReadonlySet<string>>;
}
