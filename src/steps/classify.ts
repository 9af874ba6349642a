import { z } from "zod";
import type { Block, ParsedDocument, ParsedPicture } from "../data/block.ts";
import { type Class, rank, type Reason, Signal, strictest, type Verdict, Class as ClassSchema } from "../data/classification.ts";
import { pathInside } from "../data/identity.ts";
import { isArchive } from "../parsers/formats.ts";
import type { Privacy, Passage } from "../privacy/privacy.ts";
import type { DocumentWriter } from "../stores/document-writer.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { DocumentRow, Ledger } from "../stores/ledger/ledger.ts";
import { counter } from "../telemetry.ts";
import { type Artifact, needArtifact, writeArtifact } from "./artifacts.ts";
import { childKeys } from "./open-archive.ts";
import { placeBlocks } from "./placed-blocks.ts";
import { parsedArtifact } from "./parse.ts";
import { describedBlocks, type PictureTexts, readPictureTexts } from "./picture-texts.ts";
import { lookAgain, type SecondLookParts } from "./second-look.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Where in the document's text the gate found what; offsets in the text that `placeBlocks` gives. */
const ClassifiedText = z.object({
  class: ClassSchema,
  signals: z.array(Signal),
  /** Classes of what stands beside the text and belongs to a block of it: a table's columns under their headers, what can be read in a picture. Earlier files have none. */
  beside: z.array(z.object({ start: z.number(), end: z.number(), class: ClassSchema })).default([{ start: 0, end: Number.MAX_SAFE_INTEGER, class: "pii" }]),
  /** No passage is below it: what was declared, what marks the document as a whole, and `pii` where a passage was not read. Earlier files have none. */
  least: ClassSchema.default("pii"),
});
export type ClassifiedText = z.infer<typeof ClassifiedText>;
export const classifiedArtifact: Artifact<ClassifiedText> = { name: "classified", schemaVersion: 1, schema: ClassifiedText };

const counted = counter("privacy_documents_total", "Documents read by the gate", ["class"]);

export interface ClassifyParts {
  files: FileStore;
  privacy: Privacy;
  documents: Pick<Ledger["documents"], "row" | "raiseClass" | "children">;
  releases: Pick<Ledger["releases"], "hashes">;
  writer: Pick<DocumentWriter, "raiseClass">;
  secondLook: Pick<SecondLookParts, "models" | "options">;
}

export interface PlacedPassage extends Passage {
  /** Offset of the passage in the document's text; null for what stands beside it (name, metadata, columns). */
  at: number | null;
  /** The block that it stands beside, if one. */
  block: { start: number; end: number } | null;
  page: number | null;
}

/**
 * One class for the document: the strictest of its text, name, metadata, pictures and attachments, its uploader's and its
 * tenant's floor. Written to the ledger at once, so that no call is made under a lower one.
 */
export async function classify(documents: WorkDocument[], run: Run, parts: ClassifyParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  const account = emptyAccount();
  const read: WorkDocument[] = [];
  const least = new Map<string, Class>();
  const isOfPassages = parts.privacy.policy(run.scope).scope === "passage";
  for (const document of documents) {
    run.signal.throwIfAborted();
    const one = await classifyOne(document, run, parts, account);
    least.set(document.id, one.least);
    read.push(one.document);
    run.progress("classify", read.length, documents.length);
  }
  const [main, ...attached] = read.map((document) => withChildren(document, read));
  const classified = main ? [await withEntries(main, run, parts), ...attached] : [];
  for (const document of classified) {
    // Rows first: what the ledger calls private is never readable under the old class.
    await parts.writer.raiseClass(document.id, document.class!, run.lease());
    await parts.documents.raiseClass(document.id, document.class!, document.reasons, run.lease(), isOfPassages ? least.get(document.id) : null);
    counted.inc({ class: document.class! });
  }
  if (classified[0]) await raiseArchives(classified[0], run, parts);
  return { documents: classified, account };
}

async function classifyOne(document: WorkDocument, run: Run, parts: ClassifyParts, account: Account): Promise<{ document: WorkDocument; least: Class }> {
  const row = await parts.documents.row(document.id);
  if (document.failed) return { document: { ...document, class: "pii", balancedClass: "pii", reasons: [{ kind: "unknown", class: "pii", count: 1, detector: "parser" }] }, least: "pii" };
  const parsed = await needArtifact(parts.files, run, document, parsedArtifact);
  const pictures = await readPictureTexts(parts.files, run, document);
  const passages = passagesOf(parsed, row ? spokenName(row) : "", pictures);
  const released = await parts.releases.hashes([document.id]);
  const read = await parts.privacy.scan(passages, run.scope, released);
  const policy = parts.privacy.policy(run.scope);
  // A release to a class is no release below it.
  const releasedTo = row?.releases.map((each) => each.class ?? "public") ?? [];
  const lowest = strictest(policy.clean, policy.floor, row?.floor ?? "pii", ...releasedTo);
  const open = { scope: policy.scope, least: strictest(lowest, ofTheWhole(read)) };
  const { verdicts, account: looked } = await lookAgain(passages, read, document, run, { ...parts.secondLook, ...open, privacy: parts.privacy, released });
  Object.assign(account, addAccounts(account, looked));
  const found = strictest(lowest, ...verdicts.map((each) => each.class));
  const least = strictest(lowest, ofTheWhole(verdicts));
  await writeArtifact(parts.files, run, document, classifiedArtifact, { class: found, signals: placedSignals(verdicts, passages), beside: classesBeside(verdicts, passages), least });
  const unread = whyUnread(verdicts);
  if (unread) account.warnings.push({ code: "privacy_incomplete", message: unread });
  const language = verdicts.map((each) => each.language).find((each) => each !== null) ?? null;
  const declared: Reason[] = [["declared", row?.floor ?? "pii"], ["tenant_floor", policy.floor], ["released", strictest(...releasedTo)]].filter(([, value]) => value !== "public").map(([kind, value]) => ({ kind: kind!, class: value as Class, count: 1, detector: "declared" }));
  return { document: { ...document, class: found, balancedClass: parts.privacy.under(verdicts, "balanced", run.scope), language, reasons: [...declared, ...reasonsOf(verdicts)] }, least };
}

/** A document is as private as its attachments. */
function withChildren(document: WorkDocument, all: WorkDocument[]): WorkDocument {
  const children = all.filter((each) => each.parentId === document.id).map((child) => withChildren(child, all));
  const strictestChild = strictest(document.class, ...children.map((each) => each.class));
  const balancedClass = strictest(document.balancedClass, ...children.map((each) => each.balancedClass));
  if (strictestChild === document.class) return { ...document, balancedClass };
  const reason: Reason = { kind: "attachment", class: strictestChild, count: children.length, detector: "children" };
  return { ...document, class: strictestChild, balancedClass, reasons: [...document.reasons, reason] };
}

/** An archive is as private as its entries, and what was not read of them counts as private. */
async function withEntries(document: WorkDocument, run: Run, { documents, files }: ClassifyParts): Promise<WorkDocument> {
  if (document.failed || !isArchive(document.format)) return document;
  const row = (await documents.row(document.id))!;
  const listed = childKeys(await needArtifact(files, run, document, parsedArtifact), row).map(({ id }) => id);
  const entries = new Map((await documents.children(document.id)).map((each) => [each.id, each.classKnown ? each.class : "pii"] as const));
  const strictestEntry = strictest(...listed.map((id) => entries.get(id) ?? "pii"));
  if (rank(strictestEntry) <= rank(document.class!)) return document;
  const count = listed.filter((id) => (entries.get(id) ?? "pii") === strictestEntry).length;
  return { ...document, class: strictestEntry, balancedClass: null, reasons: [...document.reasons, { kind: "entry", class: strictestEntry, count, detector: "children" }] };
}

/** An entry that is read again, and is found to be stricter, makes the archives stricter that it lies in. One whose class is not known counts as private as it is. */
async function raiseArchives(entry: WorkDocument, run: Run, { documents, writer }: ClassifyParts): Promise<void> {
  let row = await documents.row(entry.id);
  while (row?.isEntry && row.parentId) {
    row = await documents.row(row.parentId);
    if (!row?.classKnown || rank(row.class) >= rank(entry.class!)) continue;
    await writer.raiseClass(row.id, entry.class!, run.lease());
    await documents.raiseClass(row.id, entry.class!, row.reasons, run.lease());
  }
}

/** The name as a reader sees it: with the folders it lies in inside a mail or archive. */
export const spokenName = ({ name, key, parentId }: DocumentRow): string => (parentId ? pathInside(key).replaceAll("/", "\n") : name);

function reasonsOf(verdicts: Verdict[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const reason of verdicts.flatMap((each) => each.reasons)) {
    const key = `${reason.kind}|${reason.class}|${reason.detector}`;
    const known = reasons.get(key);
    reasons.set(key, known ? { ...known, count: known.count + reason.count } : reason);
  }
  return [...reasons.values()].toSorted((a, b) => b.count - a.count);
}

/** Class of what one passage says of all: a marking stands once, and what was not read may be one. */
function ofTheWhole(verdicts: Verdict[]): Class {
  const marks = verdicts.flatMap((each) => each.reasons).filter(({ kind }) => kind.endsWith("_marking") || kind.startsWith("unknown"));
  return strictest(...marks.map((each) => each.class));
}

/** What kept passages from being read for privacy; null where all were. */
export function whyUnread(verdicts: Verdict[]): string | null {
  const unread = verdicts.filter((each) => !each.complete);
  if (unread.length === 0) return null;
  const foreign = unread.filter((each) => each.reasons.some(({ kind }) => kind === "unknown_language")).length;
  const unfinished = new Set(unread.flatMap((each) => each.reasons.flatMap(({ kind, detector }) => (kind === "unknown" ? [detector] : []))));
  const why = [
    ...(foreign ? [`${foreign} in a language other than English, German, French and Spanish`] : []),
    ...(unfinished.size ? [`not finished: ${[...unfinished].join(", ")}`] : []),
  ];
  return `${unread.length} of ${verdicts.length} passages count as pii because they could not be read for privacy (${why.join("; ")})`;
}

/** What was found in the document's text, with offsets in it; not what was found beside it. */
export function placedSignals(verdicts: Verdict[], passages: Pick<PlacedPassage, "at">[]): Signal[] {
  return verdicts.flatMap((verdict, index) => {
    const { at } = passages[index]!;
    return at === null ? [] : verdict.signals.map((signal) => ({ ...signal, start: signal.start + at, end: signal.end + at }));
  });
}

const classesBeside = (verdicts: Verdict[], passages: PlacedPassage[]): ClassifiedText["beside"] =>
  verdicts.flatMap((verdict, index) => {
    const { block } = passages[index]!;
    return block && verdict.class !== "public" ? [{ ...block, class: verdict.class }] : [];
  });

/** Everything a reader could learn from the file: its text, and its name, metadata, columns and pictures beside it. */
export function passagesOf(parsed: ParsedDocument, name: string, pictures: PictureTexts): PlacedPassage[] {
  const placed = placeBlocks(describedBlocks(parsed, pictures));
  const body = placed.map((block) => ({ text: block.text, role: block.role ?? "body", at: block.start, page: block.page, block: null }));
  const ofFile: Omit<PlacedPassage, "at">[] = [{ text: name, role: "name", page: null, block: null }];
  for (const { path } of parsed.children) ofFile.push({ text: path.replaceAll(/[/\\]/g, "\n"), role: "name", page: null, block: null });
  for (const [key, value] of Object.entries(parsed.metadata)) ofFile.push({ text: value, context: key, role: "metadata", page: null, block: null });
  const ofBlocks = placed.flatMap((block) => [...columns(block), ...readIn(parsed.pictures[block.picture ?? -1])].map((each) => ({ ...each, page: block.page, block: { start: block.start, end: block.end } })));
  const shown = new Set(placed.map((block) => block.picture));
  const ofPictures = parsed.pictures.flatMap((picture, index) => (shown.has(index) ? [] : readIn(picture).map((each) => ({ ...each, page: picture.page, block: null }))));
  const beside = [...ofFile, ...ofBlocks, ...ofPictures].map((each) => ({ ...each, at: null }));
  return [...body, ...beside].filter((passage) => passage.text.trim() !== "");
}

function readIn(picture: ParsedPicture | undefined): Passage[] {
  return [{ text: picture?.altText ?? "", role: "altText" }, { text: picture?.ocr?.text ?? "", role: "ocr" }].filter(({ text }) => text !== "");
}

/** The header of a column says what its cells are. */
function columns(block: Block): Passage[] {
  const [header, ...rows] = block.rows ?? [];
  if (!header || !rows.length) return [];
  return header.flatMap((context, index) => {
    const text = rows.map((row) => row[index] ?? "").join("\n");
    return context.trim() && text.trim() ? [{ text, context, role: "cell" }] : [];
  });
}

