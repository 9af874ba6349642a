import type { Lease } from "../document-writer.ts";
import type { JobRow, Upload } from "./rows.ts";

/** An archive's entries: documents below it, each with a job of its own below the archive's job. */
export interface EntryLedger {
  /**
   * Makes an entry a document with a job below the one that `lease` holds. Null where its bytes are in good hands already:
   * worked on, or read before. A `reprocess` of the archive is one of every entry. Throws `conflict` when the lease was lost
   * or the document is being erased. Done twice it changes nothing.
   */
  accept(entry: Upload & { id: string; parentId: string }, lease: Lease): Promise<JobRow | null>;
  /** The last job about the newest version of each entry of this archive. */
  lastJobs(archiveId: string): Promise<Pick<JobRow, "id" | "documentId" | "status" | "error">[]>;
  /** Open jobs about these documents become those of this archive's job; true where it has any to wait for. */
  takeOver(jobId: string, documentIds: string[]): Promise<boolean>;
  /** What each job of the archive's entries has come to. */
  results(jobId: string): Promise<Pick<JobRow, "counts" | "decisions" | "cost">[]>;
  /** Documents below this one and their bytes, but for those right below `except`. */
  sizeBelow(documentId: string, except: string): Promise<{ documents: number; bytes: number }>;
}
