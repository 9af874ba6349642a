import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Chunk } from "../../data/chunk.ts";
import { type Class, strictest } from "../../data/classification.ts";
import type { ParsedPicture } from "../../data/block.ts";
import { hashId, type Scope } from "../../data/identity.ts";
import { SluiceError } from "../../errors.ts";
import type { Parsers } from "../../parsers/parser.ts";
import type { Privacy } from "../../privacy/privacy.ts";
import type { FileStore } from "../../stores/files/file-store.ts";
import type { ChunkOptions } from "../chunk-options.ts";
import { nameAlone } from "../child-paths.ts";
import { passagesOf } from "../classify.ts";
import { defined, type ParseOptions } from "../parse-options.ts";
import type { TextWork } from "../text-work.ts";

export interface ReadParts {
  files: Pick<FileStore, "temporary">;
  parsers: Parsers;
  privacy: Privacy;
  textWork: TextWork;
  parsing: ParseOptions;
  chunks: ChunkOptions;
}

/** A document, or one attached to it, as far as the calls about it depend on it. */
export interface ReadDocument {
  pages: number;
  class: Class;
  chunks: Chunk[];
  /** Those worth a call. */
  pictures: ParsedPicture[];
  /** Attachments or entries that nothing can read. */
  unread: number;
}

/** Parsed, classified and cut as an ingestion would do it, attachments too; nothing is kept. Throws as the parsers do. */
export async function readDocument(file: { path: string; name: string }, options: { scope: Scope; floor: Class; signal: AbortSignal }, parts: ReadParts, depth = 0): Promise<ReadDocument[]> {
  const { format } = await parts.parsers.detect(file.path, file.name);
  const output = await parts.files.temporary();
  await mkdir(output, { recursive: true, mode: 0o700 });
  try {
    const parsed = await parts.parsers.parse({ input: file.path, output, format, limits: defined(parts.parsing.limits), ocrPictures: true, ocrLanguages: parts.parsing.ocrLanguages }, options.signal);
    const verdicts = await parts.privacy.scan(passagesOf(parsed, file.name, []), options.scope);
    const policy = parts.privacy.policy(options.scope);
    const own = strictest(policy.clean, policy.floor, options.floor, ...verdicts.map((each) => each.class));
    const children: ReadDocument[] = [];
    let unread = 0;
    for (const child of parsed.children) {
      const inside = { path: join(output, child.file), name: child.path.split("/").at(-1) || nameAlone(file.name) };
      const read = depth < parts.parsing.depth ? await readDocument(inside, options, parts, depth + 1).catch(unreadable) : null;
      if (read) children.push(...read);
      else unread += 1;
    }
    // What cannot be read of a document could be anything. An archive has no text of its own, and its entries each their own class.
    const value = strictest(own, unread > 0 ? "pii" : "public", ...children.map((each) => each.class));
    const id = hashId("estimate", options.scope.tenant, options.scope.collection, file.name);
    const cut = await parts.textWork.chunk({ documentId: id, blocks: parsed.blocks, options: parts.chunks });
    // Passages of their own class (`privacy.scope: passage`) are counted with their document's: an estimate errs towards local.
    const chunks = cut.map((each) => Chunk.parse({ ...each, class: value, language: null }));
    return [{ pages: parsed.pages, class: value, chunks, pictures: parsed.pictures.filter((each) => !each.skipped), unread }, ...children];
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

function unreadable(error: unknown): null {
  if (error instanceof SluiceError && error.code !== "cancelled") return null;
  throw error;
}
