import type { Span } from "../language.ts";

/** A span of the text that names something; `name` when it is called otherwise than written. */
export interface Piece extends Span {
  type: string;
  confidence: number;
  name?: string;
}

/** All matches of a pattern as pieces of one type; group `name` narrows the span. Patterns are linear: bounded repeats only. */
export function matches(text: string, pattern: RegExp, type: string, confidence: number): Piece[] {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.["name"] ?? [match.index, match.index + match[0].length];
    if (end > start) pieces.push({ start, end, type, confidence });
  }
  return pieces;
}

/** Pieces that do not overlap: earlier lists win; within one list the longer. Sorted by place. */
export function withoutOverlaps(length: number, lists: Piece[][]): Piece[] {
  const taken = new Uint8Array(length);
  const kept: Piece[] = [];
  for (const list of lists) {
    for (const piece of list.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
      if (!isClear(taken, piece)) continue;
      taken.fill(1, piece.start, piece.end);
      kept.push(piece);
    }
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

export function isClear(taken: Uint8Array, { start, end }: Span): boolean {
  for (let at = start; at < end; at++) if (taken[at]) return false;
  return true;
}

export const edge = { before: "(?<![\\p{L}\\p{N}_])", after: "(?![\\p{L}\\p{N}_])" };
