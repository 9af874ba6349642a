import { copyFile, rm } from "node:fs/promises";
import { maySee, type Principal } from "../data/principal.ts";
import { documentId } from "../data/identity.ts";
import type { Job } from "../data/job.ts";
import { SluiceError } from "../errors.ts";
import type { Parsers } from "../parsers/parser.ts";
import { toFileError } from "../stores/files/file-error.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import type { Queue } from "../stores/queue/queue.ts";
import type { ReceivedFile, UploadOptions } from "../data/upload.ts";

export interface AcceptParts {
  ledger: Ledger;
  files: FileStore;
  parsers: Pick<Parsers, "detect">;
  queue: Queue;
  originalName(sha256: string): string;
  /** Jobs that may wait before uploads are turned away. */
  maxQueued: number;
}

/** Bytes first, then the ledger's row, then the answer: whatever is acknowledged is complete on disk. */
export async function accept(principal: Principal, file: ReceivedFile, options: UploadOptions, parts: AcceptParts): Promise<{ job: Job; duplicate: boolean }> {
  if (file.bytes === 0) throw new SluiceError("invalid_input", "the file is empty; there is nothing to read in it");
  const floor = options.class ?? "public";
  if (options.class && !maySee(principal, options.class)) throw new SluiceError("invalid_input", `class ${options.class} is not among the classes of this API key`);
  const { format } = await parts.parsers.detect(file.path, file.name);
  const scope = { tenant: principal.tenant, collection: options.collection };
  const key = options.key ?? file.sha256;
  const id = documentId(scope, key);
  const original = parts.originalName(file.sha256);
  const before = await parts.files.has(id, original);
  if (!before) await keepCopy(file, id, original, parts.files);
  const upload = { scope, key, name: file.name, mediaType: format.mediaType, bytes: file.bytes, sha256: file.sha256, floor, parentId: null, kind: "ingest" as const };
  try {
    const accepted = await parts.ledger.documents.accept(principal, upload, { maxQueued: parts.maxQueued, idempotencyKey: options.idempotencyKey });
    // A key that names a document above the caller's classes made a separate one.
    if (accepted.document.id !== id) {
      await parts.files.adopt(accepted.document.id, original, file.path);
      if (!before) await parts.files.remove(id, [original]);
    }
    if (!accepted.duplicate) await parts.queue.add({ jobId: accepted.job.id, documentId: accepted.document.id, priority: 10 });
    return { job: accepted.job, duplicate: accepted.duplicate };
  } catch (error) {
    // Somebody else may have uploaded the same bytes meanwhile, and theirs were accepted.
    const row = await parts.ledger.documents.row(id);
    if (!before && row?.sha256 !== file.sha256) await parts.files.remove(id, [original]);
    throw error;
  }
}

async function keepCopy(file: ReceivedFile, id: string, name: string, files: FileStore): Promise<void> {
  const copy = await files.temporary();
  try {
    await copyFile(file.path, copy);
    await files.adopt(id, name, copy);
  } catch (error) {
    await rm(copy, { force: true });
    throw toFileError(error, id);
  }
}
