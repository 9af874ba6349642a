import { z } from "zod";
import { Chunk } from "../data/chunk.ts";
import { type Class, strictest } from "../data/classification.ts";
import type { Privacy } from "../privacy/privacy.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { type Artifact, needArtifact, writeArtifact } from "./artifacts.ts";
import { type ClassifiedText, classifiedArtifact } from "./classify.ts";
import type { ChunkOptions } from "./chunk-options.ts";
import { parsedArtifact } from "./parse.ts";
import { describedBlocks, readPictureTexts } from "./picture-texts.ts";
import { placeBlocks } from "./placed-blocks.ts";
import type { TextWork } from "./text-work.ts";
import type { Run, WorkDocument } from "./work.ts";

export const chunksArtifact: Artifact<Chunk[]> = { name: "chunks", schemaVersion: 1, schema: z.array(Chunk) };

export interface ChunkParts {
  files: FileStore;
  textWork: TextWork;
  options: ChunkOptions;
  /** Its `scope`: with `document` every chunk carries the document's class, with `passage` its own. */
  privacy: Pick<Privacy, "policy">;
}

/** Cuts each document into passages of about 1,000 tokens, each with page, boxes, headings and class. */
export async function chunk(documents: WorkDocument[], run: Run, parts: ChunkParts): Promise<{ documents: WorkDocument[] }> {
  const done: WorkDocument[] = [];
  for (const document of documents) {
    run.signal.throwIfAborted();
    done.push(document.failed ? document : await chunkOne(document, run, parts));
    run.progress("chunk", done.length, documents.length);
  }
  return { documents: done };
}

async function chunkOne(document: WorkDocument, run: Run, parts: ChunkParts): Promise<WorkDocument> {
  const parsed = await needArtifact(parts.files, run, document, parsedArtifact);
  const classified = await needArtifact(parts.files, run, document, classifiedArtifact);
  const pictures = await readPictureTexts(parts.files, run, document);
  const blocks = describedBlocks(parsed, pictures);
  const cut = await parts.textWork.chunk({ documentId: document.id, blocks, options: parts.options });
  const placed = placeBlocks(blocks);
  const headings = placed.filter(({ kind }) => kind === "heading");
  const unreadable = placed.filter((block) => pictures.some((each) => each.unreadable && each.index === block.picture));
  const chunks = cut.map((each) => {
    const shown = [each, ...headings.filter(({ text }) => each.headings.includes(text))];
    const own = parts.privacy.policy(run.scope).scope === "document" ? document.class! : passageClass(shown, classified);
    return Chunk.parse({ ...each, class: unreadable.some((block) => overlap(block, each)) ? "pii" : own, language: document.language });
  });
  await writeArtifact(parts.files, run, document, chunksArtifact, chunks);
  const tokens = chunks.reduce((sum, each) => sum + each.tokens, 0);
  return { ...document, counts: { ...document.counts, chunks: chunks.length, tokens } };
}

interface Place {
  start: number;
  end: number;
}

/** Of a passage and the headings above it, which go wherever it goes. */
function passageClass(shown: Place[], classified: ClassifiedText): Class {
  const inside = [...classified.signals, ...classified.beside].filter((found) => shown.some((each) => overlap(found, each)));
  return strictest(classified.least, ...inside.map((found) => found.class));
}

const overlap = (a: Place, b: Place): boolean => a.start < b.end && a.end > b.start;
