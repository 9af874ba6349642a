import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ParsedDocument } from "../data/block.ts";
import type { Class } from "../data/classification.ts";
import { noCounts } from "../data/document.ts";
import { SluiceError } from "../errors.ts";
import { isArchive } from "../parsers/formats.ts";
import type { Parsers } from "../parsers/parser.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { type Artifact, artifactName, originalName, readArtifact, writeArtifact } from "./artifacts.ts";
import { acceptEntries, type ArchiveParts, type Child, childKeys, childrenOf, needEntries } from "./open-archive.ts";
import { defined } from "./parse-options.ts";
import { type Account, addAccounts, boundWarnings, emptyAccount, type Run, type WorkDocument } from "./work.ts";

export const parsedArtifact: Artifact<ParsedDocument> = { name: "parsed", schemaVersion: 1, schema: ParsedDocument };
export const pictureName = (document: WorkDocument, run: Run, index: number): string => artifactName(document, run, `picture-${index}.png`);

export interface ParseParts extends ArchiveParts {
  files: FileStore;
  parsers: Parsers;
}

/**
 * Parses the job's document and, one after the other, what is attached to it; each becomes a document of its own. An archive
 * that was uploaded, or lies in one, waits here until the jobs of its entries are over.
 */
export async function parse(documents: WorkDocument[], run: Run, parts: ParseParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  const done: WorkDocument[] = [];
  const waiting = documents.map((document) => ({ document, depth: 0 }));
  const attached: Size = { entries: 0, bytes: 0 };
  let account = emptyAccount();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    run.signal.throwIfAborted();
    const { document, children, warnings } = await parseOne(next.document, next.depth, attached, run, parts);
    done.push(document);
    account = addAccounts(account, { ...emptyAccount(), warnings });
    waiting.push(...children.map((child) => ({ document: child, depth: next!.depth + 1 })));
    run.progress("parse", done.length, done.length + waiting.length);
  }
  return { documents: done, account: { ...account, warnings: boundWarnings(account.warnings, "parse") } };
}

/** What has been found in the archives that are attached to a document. */
interface Size {
  entries: number;
  bytes: number;
}

async function parseOne(document: WorkDocument, depth: number, attached: Size, run: Run, parts: ParseParts) {
  let parsed = await readArtifact(parts.files, run, document, parsedArtifact);
  let children: WorkDocument[];
  const warnings: Account["warnings"] = [];
  try {
    if (!parsed) {
      const output = await parts.files.temporary();
      await mkdir(output, { recursive: true, mode: 0o700 });
      try {
        parsed = await parseIn(output, document, run, parts);
        children = await adoptChildren(parsed, output, document, depth, attached, run, parts);
        await writeArtifact(parts.files, run, document, parsedArtifact, parsed);
      } finally {
        await rm(output, { recursive: true, force: true });
      }
    } else {
      const kept = new Set(childKeys(parsed, (await parts.documents.row(document.id))!).map(({ id }) => id));
      const rows = (await parts.documents.children(document.id)).filter((child) => child.status !== "erasing" && !child.isEntry && kept.has(child.id));
      children = rows.map((row) => workDocument(row, document.id));
    }
    if (isMainArchive(document, parsed)) warnings.push(...(await needEntries(document, parsed, run, parts)));
  } catch (error) {
    if (!(error instanceof SluiceError) || error.retryable || error.code === "cancelled" || document.parentId === null) throw error;
    return {
      document: { ...document, failed: { code: error.code, message: error.message } },
      children: [],
      warnings: [{ code: "attachment_unreadable", message: `attachment ${document.id}: ${error.message}` }],
    };
  }
  const read = { ...document, pages: parsed.pages, counts: { ...noCounts, pictures: parsed.pictures.filter((each) => !each.skipped).length } };
  return { document: read, children, warnings: [...parsed.warnings, ...warnings] };
}

/** The document of the job itself; an archive that is attached to something is opened like any attachment. */
const isMainArchive = (document: WorkDocument, parsed: ParsedDocument): boolean => document.parentId === null && isArchive(parsed.mediaType);

async function parseIn(output: string, document: WorkDocument, run: Run, parts: ParseParts): Promise<ParsedDocument> {
  const input = await parts.files.localPath(document.id, originalName(document.sha256));
  const row = await parts.documents.row(document.id);
  if (!row) throw new SluiceError("not_found", `document ${document.id} was erased`);
  const { format, mismatch } = await parts.parsers.detect(input, row.name);
  // OCR reads every picture, so that its class is known before any model sees it.
  const request = { input, output, format, limits: defined(parts.options.limits), ocrPictures: mayHoldPictures.has(format.parser), ocrLanguages: parts.options.ocrLanguages };
  const parsed = await parts.parsers.parse(request, run.signal);
  await parts.documents.update(document.id, { mediaType: format.mediaType, pages: parsed.pages }, run.lease());
  for (const [index, picture] of parsed.pictures.entries()) {
    await parts.files.adopt(document.id, pictureName(document, run, index), join(output, picture.file));
  }
  if (mismatch) parsed.warnings.push({ code: "type_mismatch", message: `the content is ${format.name}, the file name says otherwise; read as ${format.name}` });
  if (!format.archive && !parsed.blocks.some((block) => block.text.trim() !== "")) {
    parsed.warnings.push({ code: "no_text", message: "no text was found, by OCR neither; nothing of it can be asked" });
  }
  return parsed;
}

/** Parsers whose formats can have pictures inside. */
const mayHoldPictures = new Set(["pdf", "docx", "xlsx", "html", "picture"]);

async function adoptChildren(parsed: ParsedDocument, output: string, parent: WorkDocument, depth: number, attached: Size, run: Run, parts: ParseParts): Promise<WorkDocument[]> {
  if (!parsed.children.length) return [];
  const row = (await parts.documents.row(parent.id))!;
  const all = await childrenOf(parsed, output, row);
  if (isMainArchive(parent, parsed)) return adopt(await acceptEntries(parent, all, run, parts), parent, row.floor, run, parts);
  if (depth >= parts.options.depth) {
    throw new SluiceError("too_large", `document ${parent.id} holds attachments more than ${parts.options.depth} deep; unpack them and upload them one by one, or raise parsing.depth`);
  }
  if (isArchive(parsed.mediaType)) mustFit(parent, all, attached, parts);
  return adopt(all, parent, row.floor, run, parts);
}

/** All archives that are attached to a document share the bounds of one. */
function mustFit(archive: WorkDocument, children: Child[], attached: Size, { parsers, options }: ParseParts): void {
  const limits = { ...parsers.limits, ...defined(options.limits) };
  attached.entries += children.length;
  attached.bytes += children.reduce((sum, child) => sum + child.bytes, 0);
  const broken = attached.entries > limits.entries ? "entries" : attached.bytes > limits.unpackedBytes ? "unpackedBytes" : null;
  if (broken) throw new SluiceError("too_large", `with archive ${archive.id}, the attached archives hold more than is allowed; upload it by itself, or raise parsing.limits.${broken}`);
}

async function adopt(children: Child[], parent: WorkDocument, floor: Class, run: Run, parts: ParseParts): Promise<WorkDocument[]> {
  const found: WorkDocument[] = [];
  for (const { id, key, name, path, bytes, sha256, ...child } of children) {
    await parts.files.adopt(id, originalName(sha256), path);
    const mediaType = child.mediaType ?? "application/octet-stream";
    const version = parent.version;
    await parts.documents.adopt({ id, scope: run.scope, key, name, mediaType, bytes, sha256, floor, parentId: parent.id, kind: "ingest", version, status: "processing" });
    found.push(workDocument({ id, version, sha256, mediaType }, parent.id));
  }
  return found;
}

/** A document at the start of its way. */
export function workDocument(row: { id: string; version: number; sha256: string; mediaType: string }, parentId: string | null): WorkDocument {
  const { id, version, sha256: hash, mediaType } = row;
  return { id, version, sha256: hash, parentId, format: mediaType, class: null, reasons: [], balancedClass: null, language: null, pages: 0, counts: noCounts, failed: null };
}

