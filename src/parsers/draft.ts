import type { Block, ParsedDocument } from "../data/block.ts";
import { SluiceError } from "../errors.ts";
import type { ParseRequest } from "./parser.ts";

/** What a parser fills while it reads; `finish` makes a document of it. */
export type Draft = Omit<ParsedDocument, "version" | "mediaType">;

export const newDraft = (): Draft => ({ pages: 1, pageSizes: [], blocks: [], metadata: {}, pictures: [], children: [], date: null, warnings: [] });

/** Sentences are found paragraph by paragraph downstream, so that no block may be as long as a document. */
const longestBlock = 20_000;

export function warn(draft: Draft, code: string, message: string): void {
  if (!draft.warnings.some((each) => each.code === code)) draft.warnings.push({ code, message });
}

/** Bounds the text, cuts blocks that are too long, and says so when there is no text at all. */
export function finish(draft: Draft, request: ParseRequest): ParsedDocument {
  const blocks = draft.blocks.map((block) => ({ ...block, text: cleanText(block.text) })).filter((block) => block.text.trim() !== "" || block.picture !== undefined);
  const characters = blocks.reduce((sum, block) => sum + block.text.length, 0);
  if (characters > request.limits.characters) throw tooManyCharacters(characters, request.limits.characters);
  if (draft.pages > request.limits.pages) throw tooManyPages(draft.pages, request.limits.pages);
  if (characters === 0) warn(draft, "no_text", "no text was found in the document; only its metadata can be searched");
  return { version: 1, mediaType: request.format.mediaType, ...draft, metadata: cleanMetadata(draft.metadata), blocks: blocks.flatMap(cut) };
}

export const tooManyPages = (pages: number, limit: number): SluiceError =>
  new SluiceError("too_large", `the document has ${pages} pages and ${limit} are allowed; split it`);
export const tooManyCharacters = (characters: number, limit: number): SluiceError =>
  new SluiceError("too_large", `the document has ${characters} characters of text and ${limit} are allowed; split it`);

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\u00ad]/g;

/** One spelling of line ends and spaces, and none of the characters that cannot be seen. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "").replace(/[\u00a0\u202f\u2007]/g, " ").normalize("NFC").toWellFormed();
}

function cleanMetadata(metadata: Record<string, string>): Record<string, string> {
  const entries = Object.entries(metadata).map(([key, value]) => [cleanText(key), cleanText(value).trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

function cut(block: Block): Block[] {
  if (block.text.length <= longestBlock || block.kind === "table") return [block];
  const pieces: string[] = [];
  for (let start = 0; start < block.text.length; ) {
    const end = cutPlace(block.text, start);
    pieces.push(block.text.slice(start, end).trim());
    start = end;
  }
  return pieces.filter((text) => text !== "").map((text) => ({ ...block, text }));
}

/** At a line end, else a sentence end, else a space; never inside a surrogate pair. */
function cutPlace(text: string, start: number): number {
  const end = start + longestBlock;
  if (end >= text.length) return text.length;
  // Only the last half is looked at: searching the whole text back would make one long line take hours.
  const half = start + longestBlock / 2;
  const window = text.slice(half, end);
  for (const mark of ["\n", ". ", " "]) {
    const place = window.lastIndexOf(mark);
    if (place > 0) return half + place + mark.length;
  }
  const code = text.charCodeAt(end);
  return code >= 0xdc00 && code <= 0xdfff ? end - 1 : end;
}
