import type { Class } from "../../data/classification.ts";
import type { Document } from "../../data/document.ts";
import type { Scope } from "../../data/identity.ts";
import type { Job, JobKind } from "../../data/job.ts";

export interface Upload {
  scope: Scope;
  key: string;
  name: string;
  mediaType: string;
  bytes: number;
  sha256: string;
  /** Declared by the uploader: a floor. */
  floor: Class;
  parentId: string | null;
  kind: JobKind;
}

/** What a job works from, with the parts no API shows. */
export interface JobRow extends Job {
  tenant: string;
  version: number;
  generation: number;
  attempts: number;
  /** Lease that holds it now, if any. */
  lease: { number: number; owner: string; until: string } | null;
  cancelRequested: boolean;
  /** Where jobs wait for approval, this one need not. */
  approved: boolean;
}

export interface DocumentRow extends Document {
  /** An entry of the archive above it, worked in a job of its own; else what has a parent is worked in its parent's job. */
  isEntry: boolean;
  tenant: string;
  /** API key that uploaded the newest version; null is the person at the machine. */
  uploadedBy: string | null;
  floor: Class;
  /** Null until the gate has read it; shown as `pii`. */
  classKnown: boolean;
}
