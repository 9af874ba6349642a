import { fold } from "./fold.ts";
import { Bit, type Lists } from "./lists.ts";

/** `Aa`: capitalised, `AA`: two or more capitals, `A`: one capital alone, `a`: lower case. */
export type Shape = "Aa" | "AA" | "A" | "a";

export interface Token {
  start: number;
  end: number;
  text: string;
  kind: "word" | "number" | "mark" | "break";
  /** Words only. */
  fold: string;
  bits: number;
  shape: Shape;
  /** Blanks stand before it. */
  spaced: boolean;
}

// Runs of one repeated mark, and long runs of any, are one token, so that hostile text makes few.
const pattern = /[\p{L}\p{M}]+(?:['’\-‑][\p{L}\p{M}]+)*|\p{N}+|\r?\n\s*|[^\s\p{L}\p{M}\p{N}]{8,}|([^\s\p{L}\p{M}\p{N}])\1*/gu;
// A line this long (characters) that ends in a word was broken by the page's width, not by the writer.
const wrap = 60;
const elided = /^(?:[ldjmnstc]|qu)['’](?=\p{L})/iu;
const possessive = /['’]s$/u;

export const has = (token: Token | undefined, bit: number): boolean => token !== undefined && (token.bits & bit) !== 0;
export const isCapital = (token: Token | undefined): boolean => token !== undefined && token.kind === "word" && token.shape !== "a";
export const isMark = (token: Token | undefined, marks: string): boolean => token !== undefined && token.kind === "mark" && marks.includes(token.text);

/**
 * Letter runs with inner hyphen or apostrophe (French `l' d' qu'` and English `'s` split off), digit runs, line breaks
 * with their blanks, and other characters.
 */
export function tokenise(text: string, lists: Lists): Token[] {
  const tokens: Token[] = [];
  const known = new Map<string, { fold: string; bits: number; shape: Shape }>();
  let last = 0;
  let line = 0;
  const word = (start: number, end: number, spaced: boolean): void => {
    const surface = text.slice(start, end);
    let entry = known.get(surface);
    if (!entry) {
      const folded = fold(surface);
      entry = { fold: folded, bits: lists(folded), shape: shapeOf(surface) };
      known.set(surface, entry);
    }
    tokens.push({ start, end, text: surface, kind: "word", fold: entry.fold, bits: entry.bits, shape: entry.shape, spaced });
  };
  for (const match of text.matchAll(pattern)) {
    const surface = match[0];
    const start = match.index;
    let end = start + surface.length;
    const spaced = start > last;
    last = end;
    const first = surface.codePointAt(0)!;
    if (first === 10 || first === 13) {
      const wrapped = start - line > wrap && !/\n\s*\n/u.test(surface) && /[\p{L},]/u.test(text[start - 1]!) && /\p{L}/u.test(text[end] ?? "");
      line = end;
      if (wrapped) {
        last = start;
        continue;
      }
      tokens.push({ start, end, text: "\n", kind: "break", fold: "", bits: 0, shape: "a", spaced });
    } else if (isLetter(surface)) {
      const tail = surface.length > 2 && possessive.test(surface) ? 2 : 0;
      end -= tail;
      const head = elided.exec(surface)?.[0].length ?? 0;
      if (head && isElision(surface, head)) {
        word(start, start + head, spaced);
        word(start + head, end, false);
      } else word(start, end, spaced);
      if (tail) tokens.push({ start: end, end: end + tail, text: "'s", kind: "mark", fold: "'s", bits: 0, shape: "a", spaced: false });
    } else {
      const kind = /^\p{N}/u.test(surface) ? "number" : "mark";
      tokens.push({ start, end, text: kind === "mark" && surface.length > 3 ? surface.slice(0, 3) : surface, kind, fold: surface.length > 20 ? "" : surface, bits: 0, shape: "a", spaced });
    }
  }
  return tokens;
}

const isLetter = (surface: string): boolean => /^[\p{L}\p{M}]/u.test(surface);

// "D'Angelo" and "O'Farrell" stay whole: only a lower-case head, or one before a lower-case word, is split off.
const isElision = (surface: string, head: number): boolean => /^\p{Ll}/u.test(surface) || /^\p{Ll}/u.test(surface.slice(head));

function shapeOf(surface: string): Shape {
  const first = surface.slice(0, surface.codePointAt(0)! > 0xffff ? 2 : 1);
  if (first.toLowerCase() === first) return "a";
  if (surface.length === first.length) return "A";
  return surface.toUpperCase() === surface ? "AA" : "Aa";
}

/** Whether two neighbouring tokens stand on one line with nothing but blanks between. */
export const sameLine = (left: Token, right: Token): boolean => left.kind !== "break" && right.kind !== "break" && right.start - left.end <= 3;

export const nameBits = Bit.first | Bit.last;
