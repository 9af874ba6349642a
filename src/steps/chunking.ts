import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { Block, Box } from "../data/block.ts";
import type { Chunk, ChunkKind } from "../data/chunk.ts";
import { chunkId } from "../data/identity.ts";
import type { ChunkOptions } from "./chunk-options.ts";
import type { PlacedBlock } from "./placed-blocks.ts";

interface Piece {
  kind: ChunkKind;
  text: string;
  start: number;
  end: number;
  page: number;
  boxes: Box[];
  headings: string[];
  tokens: number;
}

const kindOf = (block: Block): ChunkKind => (block.kind === "table" || block.kind === "code" || block.kind === "picture" ? block.kind : "text");

/** Counting tokens of one huge string is quadratic in places: it is done in slices. */
export function tokensOf(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 20_000) count += countTokens(text.slice(at, at + 20_000));
  return count;
}

/** Chunks of one document in reading order; ids depend on the text alone, so an edit leaves the others as they are. */
export function chunkBlocks(documentId: string, placed: PlacedBlock[], options: ChunkOptions): Omit<Chunk, "class" | "language">[] {
  const pieces = sections(placed).map((section) => section.blocks.length ? pack(section, options) : [headingAlone(section)]);
  const seen = new Map<string, number>();
  return joinSmall(pieces, options).map((piece, ordinal) => {
    const occurrence = seen.get(piece.text) ?? 0;
    seen.set(piece.text, occurrence + 1);
    return { id: chunkId(documentId, piece.text, occurrence), documentId, ordinal, ...piece };
  });
}

interface Section {
  headings: string[];
  heading: PlacedBlock | null;
  blocks: PlacedBlock[];
}

/** Blocks under their headings; page headers and footers say nothing and are left out (the privacy gate has read them). */
function sections(placed: PlacedBlock[]): Section[] {
  const found: Section[] = [{ headings: [], heading: null, blocks: [] }];
  const path: PlacedBlock[] = [];
  for (const block of placed) {
    if (block.role === "header" || block.role === "footer" || block.text.trim() === "") continue;
    if (block.kind !== "heading") {
      found.at(-1)!.blocks.push(block);
      continue;
    }
    while (path.length && (path.at(-1)!.level ?? 1) >= (block.level ?? 1)) path.pop();
    path.push(block);
    found.push({ headings: path.map((each) => each.text), heading: block, blocks: [] });
  }
  return found.filter((section, index) => section.blocks.length > 0 || (section.heading && !(deeper(found[index + 1], section))));
}

const deeper = (next: Section | undefined, section: Section): boolean => next !== undefined && next.headings.length > section.headings.length;

function headingAlone(section: Section): Piece {
  const block = section.heading!;
  return pieceOf("text", [{ text: block.text, block }], section.headings.slice(0, -1));
}

interface Part {
  text: string;
  block: PlacedBlock;
}

function pieceOf(kind: ChunkKind, parts: Part[], headings: string[]): Piece {
  const text = parts.map((part) => part.text).join("\n\n");
  const boxes = [...new Set(parts.map((part) => part.block))].flatMap((block) => block.boxes);
  const first = parts[0]!.block;
  return { kind, text, start: first.start, end: parts.at(-1)!.block.end, page: first.page, boxes, headings, tokens: tokensOf(text) };
}

/** Running text is filled up to `target`; tables, code and pictures stand alone, whole where they fit. */
function pack(section: Section, options: ChunkOptions): Piece[] {
  const pieces: Piece[] = [];
  let open: Part[] = [];
  let tokens = 0;
  const flush = () => {
    if (open.length) pieces.push(pieceOf("text", open, section.headings));
    open = [];
    tokens = 0;
  };
  for (const block of section.blocks) {
    const kind = kindOf(block);
    if (kind !== "text") {
      flush();
      for (const text of split(block, options)) pieces.push(pieceOf(kind, [{ text, block }], section.headings));
      continue;
    }
    for (const text of split(block, options)) {
      const size = tokensOf(text);
      if (tokens > 0 && tokens + size > options.target) flush();
      open.push({ text, block });
      tokens += size;
    }
  }
  flush();
  return pieces;
}

/** A block that exceeds `hard`, in parts of about `target`: a table by rows under its header, text by line and sentence. */
function split(block: PlacedBlock, options: ChunkOptions): string[] {
  if (block.text.length < options.hard || tokensOf(block.text) <= options.hard) return [block.text];
  const lines = block.text.split("\n");
  const first = lines.slice(0, 2).join("\n");
  const header = block.kind === "table" && tokensOf(first) < options.target / 2 ? first : "";
  const units = (header ? lines.slice(2) : lines).flatMap((line) => (header ? [line] : sentences(line)));
  const limit = options.target - tokensOf(header);
  const parts: string[] = [];
  let open: string[] = [];
  let tokens = 0;
  for (const unit of units.flatMap((each) => slices(each, Math.max(limit, 50)))) {
    const size = tokensOf(unit) + 1;
    if (tokens > 0 && tokens + size > limit) {
      parts.push(open.join(header || block.kind === "code" ? "\n" : " "));
      open = [];
      tokens = 0;
    }
    open.push(unit);
    tokens += size;
  }
  if (open.length) parts.push(open.join(header || block.kind === "code" ? "\n" : " "));
  return parts.map((part) => (header ? `${header}\n${part}` : part)).filter((part) => part.trim() !== "");
}

const sentences = (line: string): string[] => line.split(/(?<=[.!?。！？])\s+/u);

/** A unit without any boundary (a 50 MB line) is cut by length: 4 characters a token, 2 to be safe. */
function slices(text: string, tokens: number): string[] {
  if (text.length <= tokens * 2 && (text.length <= tokens || tokensOf(text) <= tokens)) return [text];
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + tokens * 2);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1]!)) end--;
    const part = text.slice(at, end);
    // Rare scripts cost more than a token a character.
    parts.push(...(part.length > 8 && tokensOf(part) > tokens ? slices(part, Math.max(4, Math.floor((tokens * part.length) / (2 * tokensOf(part))))) : [part]));
    at = end;
  }
  return parts;
}

/** Neighbouring small sections share a chunk, each under its own heading line. */
function joinSmall(groups: Piece[][], options: ChunkOptions): Piece[] {
  const joined: Piece[] = [];
  let open: Piece | null = null;
  for (const group of groups) {
    const only = group.length === 1 && group[0]!.kind === "text" ? group[0]! : null;
    if (open && only && open.tokens < options.join && open.tokens + only.tokens + 20 <= options.target) {
      open.text = `${open.text}\n\n${only.headings.at(-1) ?? ""}\n${only.text}`;
      open.end = only.end;
      open.boxes = [...open.boxes, ...only.boxes];
      open.tokens = tokensOf(open.text);
      continue;
    }
    joined.push(...group);
    open = only;
  }
  return joined;
}
