import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { ParsedDocument } from "../data/block.ts";
import { documentId, hashId, insideId, keyInside, type Scope } from "../data/identity.ts";
import { SluiceError, Waiting } from "../errors.ts";
import type { Parsers } from "../parsers/parser.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { EntryLedger } from "../stores/ledger/entry-ledger.ts";
import type { DocumentRow, JobRow, Ledger } from "../stores/ledger/ledger.ts";
import { childPaths, nameAlone } from "./child-paths.ts";
import { originalName } from "./artifacts.ts";
import { defined, type ParseOptions } from "./parse-options.ts";
import { type Account, boundWarnings, type Run, type WorkDocument } from "./work.ts";

export interface EntryParts {
  ledger: EntryLedger;
  /** Somebody may take this job up now. */
  queued(job: JobRow): Promise<void>;
  /** The open jobs about these documents stop. */
  stop(documentIds: string[]): Promise<void>;
}

export interface ArchiveParts {
  files: FileStore;
  parsers: Pick<Parsers, "detect" | "limits">;
  documents: Ledger["documents"];
  intents: Pick<Ledger["intents"], "tree">;
  entries: EntryParts;
  options: ParseOptions;
}

/** A file inside a document, on its way to be a document of its own. */
export interface Child {
  id: string;
  key: string;
  name: string;
  /** Where its bytes lie now. */
  path: string;
  bytes: number;
  sha256: string;
  mediaType: string | null;
}

/** The ids of what a document holds, in the order of `children`; those of a document that had to be kept apart from another with its key are kept apart too. */
export function childKeys(parsed: Pick<ParsedDocument, "children">, parent: Pick<DocumentRow, "id" | "key" | "name" | "tenant" | "collection">): { id: string; key: string; name: string }[] {
  const scope: Scope = { tenant: parent.tenant, collection: parent.collection };
  const isUsual = parent.id === documentId(scope, parent.key) || parent.id === insideId(scope, parent.key);
  return childPaths(parsed.children.map(({ path }) => path), nameAlone(parent.name)).map((path) => {
    const key = keyInside(parent.key, path);
    const id = isUsual ? insideId(scope, key) : hashId("document", scope.tenant, scope.collection, key, parent.id);
    return { id, key, name: path.split("/").at(-1)! };
  });
}

export async function childrenOf(parsed: ParsedDocument, output: string, parent: DocumentRow): Promise<Child[]> {
  const found: Child[] = [];
  for (const [index, known] of childKeys(parsed, parent).entries()) {
    const { file, mediaType } = parsed.children[index]!;
    const path = join(output, file);
    found.push({ ...known, path, mediaType, ...(await hashed(path)) });
  }
  return found;
}

async function hashed(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return { bytes: (await stat(path)).size, sha256: hash.digest("hex") };
}

/**
 * Makes each entry a document with a job of its own; entries that were accepted before are passed over, so that an
 * interrupted opening goes on. Gives those of a format that nothing reads: the archive's own job keeps them, unread.
 */
export async function acceptEntries(archive: WorkDocument, children: Child[], run: Run, parts: ArchiveParts): Promise<Child[]> {
  const row = (await parts.documents.row(archive.id))!;
  await mustFit(row, children, parts);
  const unread: Child[] = [];
  for (const child of children) {
    run.signal.throwIfAborted();
    const mediaType = await typeOf(child, parts);
    if (mediaType === null) {
      unread.push(child);
      continue;
    }
    const { id, key, name, bytes, sha256 } = child;
    if (!(await parts.files.has(id, originalName(sha256)))) await parts.files.adopt(id, originalName(sha256), child.path);
    const job = await parts.entries.ledger.accept({ id, scope: run.scope, key, name, mediaType, bytes, sha256, floor: row.floor, parentId: archive.id, kind: "ingest" }, run.lease());
    if (job) await parts.entries.queued(job);
  }
  await stopVanished(archive.id, new Set(children.map(({ id }) => id)), run, parts);
  return unread;
}

async function typeOf({ path, name }: Child, { parsers }: ArchiveParts): Promise<string | null> {
  try {
    return (await parsers.detect(path, name)).format.mediaType;
  } catch (error) {
    if (error instanceof SluiceError && !error.retryable) return null;
    throw error;
  }
}

/** Archives in archives share the bounds of the outermost one. */
async function mustFit(archive: DocumentRow, children: Child[], { documents, entries, options, parsers }: ArchiveParts): Promise<void> {
  let depth = 0;
  let top = archive;
  for (let above: DocumentRow | null = archive; above?.isEntry && above.parentId; depth += 1) {
    above = await documents.row(above.parentId);
    if (above) top = above;
  }
  if (depth >= options.depth) throw new SluiceError("too_large", `archive ${archive.id} lies more than ${options.depth} archives deep; unpack it and upload it by itself, or raise parsing.depth`);
  if (depth === 0) return;
  const limits = { ...parsers.limits, ...defined(options.limits) };
  const beside = await entries.ledger.sizeBelow(top.id, archive.id);
  const bytes = beside.bytes + children.reduce((sum, child) => sum + child.bytes, 0);
  if (beside.documents + children.length > limits.entries) throw new SluiceError("too_large", `with archive ${archive.id} there are ${beside.documents + children.length} entries in archive ${top.id}, and ${limits.entries} are allowed; upload it by itself, or raise parsing.limits.entries`);
  if (bytes > limits.unpackedBytes) throw new SluiceError("too_large", `with archive ${archive.id}, archive ${top.id} unpacks to ${Math.round(bytes / 2 ** 20)} MB, and ${Math.round(limits.unpackedBytes / 2 ** 20)} are allowed; upload it by itself, or raise parsing.limits.unpackedBytes`);
}

/** What the new version of an archive no longer has is not worked on any more; it goes when the new version is stored. */
async function stopVanished(archiveId: string, kept: Set<string>, run: Run, { documents, intents, entries }: ArchiveParts): Promise<void> {
  const vanished = (await documents.children(archiveId)).filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  if (vanished.length === 0) return;
  const ids = await intents.tree(vanished);
  await entries.stop(ids);
  await entries.ledger.takeOver(run.jobId, ids);
}

/**
 * Throws `Waiting` while a job about an entry is open; then says which entries came to nothing. Throws where none came to
 * anything.
 */
export async function needEntries(archive: WorkDocument, parsed: ParsedDocument, run: Run, { documents, entries }: ArchiveParts): Promise<Account["warnings"]> {
  const row = (await documents.row(archive.id))!;
  const ids = childKeys(parsed, row).map(({ id }) => id);
  if (await entries.ledger.takeOver(run.jobId, ids)) throw new Waiting("entries");
  const listed = new Set(ids);
  const jobs = (await entries.ledger.lastJobs(archive.id)).filter((job) => listed.has(job.documentId));
  const failed = jobs.filter((job) => job.status !== "done");
  if (failed.length === jobs.length) {
    const why = jobs.length === 0 ? "is of a supported format; GET /v1/formats lists them" : `could be read; the first: ${failed[0]!.error?.message ?? failed[0]!.status}`;
    throw new SluiceError(jobs.length === 0 ? "unsupported_type" : "unreadable", `none of the ${ids.length} entries of archive ${archive.id} ${why}`);
  }
  return boundWarnings(failed.map((job) => ({ code: `entry_${job.status}`, message: `entry ${job.documentId} ${job.status === "cancelled" ? "was cancelled" : "failed"} (job ${job.id})${job.error ? `: ${job.error.message}` : ""}` })), "entries");
}
