import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ParsedDocument } from "../data/block.ts";
import { noCounts } from "../data/document.ts";
import { documentId, sha256 } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { ParseLimits, Parsers } from "../parsers/parser.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import { type Artifact, artifactName, readArtifact, writeArtifact } from "./artifacts.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

export const parsedArtifact: Artifact<ParsedDocument> = { name: "parsed", schemaVersion: 1, schema: ParsedDocument };
/** Named by content, so that the bytes can rest before the ledger accepts them. */
export const originalName = (hash: string): string => `original-${hash.slice(0, 32)}`;
export const pictureName = (document: WorkDocument, run: Run, index: number): string => artifactName(document, run, `picture-${index}.png`);

export const ParseOptions = z.strictObject({
  /** Tesseract languages; their data is part of the installation. */
  ocrLanguages: z.array(z.string()).default(["eng", "deu"]),
  /** Attachments inside attachments, at most. */
  depth: z.number().int().min(0).max(10).default(3),
  /** Bounds of one document; the parsers' own where absent. */
  limits: z.strictObject({ pages: z.number().int().positive().optional(), characters: z.number().int().positive().optional(), pixels: z.number().int().positive().optional() }).prefault({}),
});
export type ParseOptions = z.infer<typeof ParseOptions>;

export interface ParseParts {
  files: FileStore;
  parsers: Parsers;
  documents: Ledger["documents"];
  options: ParseOptions;
}

/** Parses the job's document and, one after the other, what is attached to it; each becomes a document of its own. */
export async function parse(documents: WorkDocument[], run: Run, parts: ParseParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  const done: WorkDocument[] = [];
  const waiting = documents.map((document) => ({ document, depth: 0 }));
  let account = emptyAccount();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    run.signal.throwIfAborted();
    const { document, children, warnings } = await parseOne(next.document, next.depth, run, parts);
    done.push(document);
    account = addAccounts(account, { ...emptyAccount(), warnings });
    waiting.push(...children.map((child) => ({ document: child, depth: next!.depth + 1 })));
    run.progress("parse", done.length, done.length + waiting.length);
  }
  return { documents: done, account };
}

async function parseOne(document: WorkDocument, depth: number, run: Run, parts: ParseParts) {
  let parsed = await readArtifact(parts.files, run, document, parsedArtifact);
  let children: WorkDocument[] = [];
  try {
    if (!parsed) {
      const output = await parts.files.temporary();
      await mkdir(output, { recursive: true, mode: 0o700 });
      try {
        parsed = await parseIn(output, document, run, parts);
        children = await adoptChildren(parsed, output, document, depth, run, parts);
        await writeArtifact(parts.files, run, document, parsedArtifact, parsed);
      } finally {
        await rm(output, { recursive: true, force: true });
      }
    } else {
      children = (await parts.documents.children(document.id)).filter((child) => child.status !== "erasing").map((row) => workDocument(row, document.id));
    }
  } catch (error) {
    if (!(error instanceof SluiceError) || error.retryable || error.code === "cancelled" || document.parentId === null) throw error;
    return {
      document: { ...document, failed: { code: error.code, message: error.message } },
      children: [],
      warnings: [{ code: "attachment_unreadable", message: `attachment ${document.id}: ${error.message}` }],
    };
  }
  const read = { ...document, pages: parsed.pages, counts: { ...noCounts, pictures: parsed.pictures.filter((each) => !each.skipped).length } };
  return { document: read, children, warnings: parsed.warnings };
}

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
  if (!parsed.blocks.some((block) => block.text.trim() !== "")) {
    parsed.warnings.push({ code: "no_text", message: "no text was found, by OCR neither; nothing of it can be asked" });
  }
  return parsed;
}

/** Parsers whose formats can have pictures inside. */
const mayHoldPictures = new Set(["pdf", "docx", "xlsx", "html", "picture"]);

const defined = (limits: ParseOptions["limits"]): Partial<ParseLimits> => Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));

async function adoptChildren(parsed: ParsedDocument, output: string, parent: WorkDocument, depth: number, run: Run, parts: ParseParts): Promise<WorkDocument[]> {
  if (!parsed.children.length) return [];
  if (depth >= parts.options.depth) {
    throw new SluiceError("too_large", `document ${parent.id} holds attachments more than ${parts.options.depth} deep; unpack them and upload them one by one`);
  }
  const row = await parts.documents.row(parent.id);
  const found: WorkDocument[] = [];
  for (const child of parsed.children) {
    const key = `${row!.key}\u0000${child.path}`;
    const id = documentId(run.scope, key);
    const name = child.path.split("/").at(-1)!;
    const path = join(output, child.file);
    const version = parent.version;
    const bytes = await readFile(path);
    const hash = sha256(bytes);
    await parts.files.adopt(id, originalName(hash), path);
    const mediaType = child.mediaType ?? "application/octet-stream";
    const upload = { scope: run.scope, key, name, mediaType, bytes: bytes.length, sha256: hash, floor: row!.floor, parentId: parent.id, kind: "ingest" as const };
    await parts.documents.adopt({ ...upload, id, version, status: "processing" });
    found.push(workDocument({ id, version, sha256: hash, mediaType }, parent.id));
  }
  return found;
}

/** A document at the start of its way. */
export function workDocument(row: { id: string; version: number; sha256: string; mediaType: string }, parentId: string | null): WorkDocument {
  const { id, version, sha256: hash, mediaType } = row;
  return { id, version, sha256: hash, parentId, format: mediaType, class: null, reasons: [], balancedClass: null, language: null, pages: 0, counts: noCounts, failed: null };
}

