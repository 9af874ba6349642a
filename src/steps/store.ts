import type { ParsedDocument } from "../data/block.ts";
import type { Chunk } from "../data/chunk.ts";
import { rank } from "../data/classification.ts";
import { normaliseName } from "../data/identity.ts";
import { isArchive } from "../parsers/formats.ts";
import type { DocumentPlan, DocumentWriter } from "../stores/document-writer.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import { needArtifact, sweepArtifacts, originalName } from "./artifacts.ts";
import { chunksArtifact } from "./chunk.ts";
import { madeVectors } from "./embed.ts";
import { entitiesArtifact, mergesArtifact, statementsArtifact } from "./extraction-artifacts.ts";
import { childKeys } from "./open-archive.ts";
import { parsedArtifact } from "./parse.ts";
import { pictureId, readPictureTexts } from "./picture-texts.ts";
import type { Account, Run, WorkDocument } from "./work.ts";

export interface StoreParts {
  files: FileStore;
  documents: Ledger["documents"];
  intents: Pick<Ledger["intents"], "tree">;
  writer: DocumentWriter;
  jobs: Pick<Ledger["jobs"], "about">;
  /** Checkpoints of these jobs. */
  forgetThreads(jobIds: string[]): Promise<void>;
  /** Files, cached answers and secrets of these documents. */
  forget(documentIds: string[]): Promise<void>;
  /** Answers that were made from these documents. */
  forgetAnswers(documentIds: string[]): Promise<void>;
}

/** Writes the job's documents in one step: readers see all of them whole, or as they were. */
export async function store(documents: WorkDocument[], account: Account, run: Run, parts: StoreParts): Promise<void> {
  const plans: DocumentPlan[] = [];
  for (const document of documents) plans.push(await planOf(document, account, run, parts));
  await parts.writer.replace(plans, run.lease());
  await removeVanishedChildren(documents, run, parts);
  // What an edit took away, or a second reading made more private, is in no answer that is kept; those about the rest rest in the memo.
  if (run.generation > 0 || documents.some((each) => each.version > 1)) await parts.forgetAnswers(documents.map((each) => each.id));
  for (const document of documents) await sweepArtifacts(parts.files, run, document, originalName(document.sha256));
  run.progress("store", documents.length, documents.length);
}

async function planOf(document: WorkDocument, account: Account, run: Run, parts: StoreParts): Promise<DocumentPlan> {
  const row = (await parts.documents.row(document.id))!;
  const common = {
    scope: run.scope, documentId: document.id, version: document.version, name: row.name, mediaType: row.mediaType, language: document.language,
    class: document.class!, reasons: document.reasons, pages: document.pages, pictureCount: document.counts.pictures, parentId: row.parentId,
    date: row.createdAt, chunks: [], about: [], vectors: null, mentions: [], statements: [], merges: [], pictures: [],
  };
  if (document.failed) return { ...common, status: "partial", warnings: [{ code: "unreadable", message: document.failed.message }] };
  const parsed = await needArtifact(parts.files, run, document, parsedArtifact);
  const chunks = await needArtifact(parts.files, run, document, chunksArtifact);
  const entities = await needArtifact(parts.files, run, document, entitiesArtifact);
  const relations = await needArtifact(parts.files, run, document, statementsArtifact);
  const described = await readPictureTexts(parts.files, run, document);
  const vectors = await madeVectors(parts.files, document.id);
  const failed = new Set([...entities.failedChunks, ...relations.failedChunks]);
  return {
    ...common,
    date: parsed.date ?? row.createdAt,
    chunks,
    about: chunks.flatMap((chunk) => aboutNames(chunk, parsed, document).map((name) => ({ chunkId: chunk.id, name }))),
    // Whether the model answers now is of no account: what was embedded is stored. An earlier version's file lacks chunks.
    vectors: vectors && chunks.length && chunks.every((chunk) => vectors.byChunk.has(chunk.id)) ? vectors : null,
    mentions: entities.mentions,
    statements: relations.statements,
    merges: await needArtifact(parts.files, run, document, mergesArtifact),
    pictures: described.map((each) => {
      const picture = parsed.pictures[each.index]!;
      return { id: pictureId(document.id, picture.sha256, each.index), documentId: document.id, page: picture.page, box: picture.box, description: each.text, class: each.class };
    }),
    status: failed.size ? "partial" : "ready",
    warnings: account.warnings.filter((warning) => !warning.chunkId || chunks.some((chunk) => chunk.id === warning.chunkId)),
  };
}

/**
 * What a passage is about: title and headings, without a trailing parenthesis; the part before a comma counts too
 * (`retrieval.md`). The title stands beside the text: whoever may see less than the document is not led by it.
 */
function aboutNames(chunk: Chunk, parsed: ParsedDocument, document: WorkDocument): string[] {
  const { title } = parsed.metadata;
  const titles = [...chunk.headings, ...(title && rank(chunk.class) >= rank(document.class!) ? [title] : [])];
  const names = titles.flatMap((each) => {
    const plain = each.replace(/\s*\([^()]*\)\s*$/u, "");
    return [plain, plain.split(",")[0]!];
  });
  return [...new Set(names.map(normaliseName))].filter((name) => name !== "" && name.split(" ").length <= 12);
}

/**
 * Attachments and entries that the new version no longer has go with everything made from them: first what the ledger would not find
 * again after an interruption, then the rows.
 */
async function removeVanishedChildren(documents: WorkDocument[], run: Run, parts: StoreParts): Promise<void> {
  const kept = new Set([...documents.map((each) => each.id), ...(await entriesOf(documents[0]!, run, parts))]);
  for (const document of documents) {
    for (const child of await parts.documents.children(document.id)) {
      if (kept.has(child.id)) continue;
      const ids = await parts.intents.tree([child.id]);
      await parts.forget(ids);
      await parts.forgetThreads((await parts.jobs.about(ids)).map(({ id }) => id));
      await parts.writer.erase(child.id, run.lease());
    }
  }
}

/** Ids of the entries of an archive that was uploaded, or lies in one. */
async function entriesOf(document: WorkDocument, run: Run, { files, documents }: StoreParts): Promise<string[]> {
  if (!isArchive(document.format)) return [];
  const parsed = await needArtifact(files, run, document, parsedArtifact);
  return childKeys(parsed, (await documents.row(document.id))!).map(({ id }) => id);
}
