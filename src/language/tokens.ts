import { fold } from "./fold.ts";
import { Bit, type Lists } from "./lists.ts";
import { pieceAt, pieceEnd } from "./pieces.ts";
import { recentMap, type RecentMap } from "./recent-map.ts";

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
  /** Words only: the same for all tokens of one spelling, so that more can be kept by it. */
  known: Known | null;
}

// A line this long (characters) that ends in a word was broken by the page's width, not by the writer.
const wrap = 60;
const elided = /^(?:[ldjmnstc]|qu)['’](?=\p{L})/iu;
const possessive = /['’]s$/u;

export const has = (token: Token | undefined, bit: number): boolean => token !== undefined && (token.bits & bit) !== 0;
export const isCapital = (token: Token | undefined): boolean => token !== undefined && token.kind === "word" && token.shape !== "a";
export const isMark = (token: Token | undefined, marks: string): boolean => token !== undefined && token.kind === "mark" && marks.includes(token.text);

interface Known {
  text: string;
  fold: string;
  bits: number;
  shape: Shape;
  /** What the last reader of words made of it. */
  read: { by: object; word: object } | null;
}

/** Distinct words kept between texts: most of a text's words were in the one before. */
const mostKnown = 20_000;
const knownWords = new WeakMap<Lists, RecentMap<Known>>();

function knownTo(lists: Lists): RecentMap<Known> {
  let known = knownWords.get(lists);
  if (!known) knownWords.set(lists, (known = recentMap(mostKnown)));
  return known;
}

/**
 * Letter runs with inner hyphen or apostrophe (French `l' d' qu'` and English `'s` split off), digit runs, line breaks
 * with their blanks, and other characters.
 */
export function tokenise(text: string, lists: Lists): Token[] {
  const tokens: Token[] = [];
  const known = knownTo(lists);
  let last = 0;
  let line = 0;
  const word = (start: number, end: number, spaced: boolean): void => {
    const surface = text.slice(start, end);
    let entry = known.get(surface);
    if (!entry) {
      const folded = fold(surface);
      entry = { text: surface, fold: folded, bits: lists(folded), shape: shapeOf(surface), read: null };
      known.set(surface, entry);
    }
    tokens.push({ start, end, text: entry.text, kind: "word", fold: entry.fold, bits: entry.bits, shape: entry.shape, spaced, known: entry });
  };
  for (let start = 0, next = 0; start < text.length; start = next) {
    const piece = pieceAt(text, start);
    next = pieceEnd(text, start, piece);
    if (piece === "blank") continue;
    const spaced = start > last;
    last = next;
    if (piece === "break") {
      const wrapped = start - line > wrap && !/\n\s*\n/u.test(text.slice(start, next)) && /[\p{L},]/u.test(text[start - 1]!) && /\p{L}/u.test(text[next] ?? "");
      line = next;
      if (wrapped) last = start;
      else tokens.push({ start, end: next, text: "\n", kind: "break", fold: "", bits: 0, shape: "a", spaced, known: null });
    } else if (piece === "word") {
      const surface = text.slice(start, next);
      const parted = surface.includes("'") || surface.includes("’");
      const tail = parted && surface.length > 2 && possessive.test(surface) ? 2 : 0;
      const end = next - tail;
      const head = parted ? (elided.exec(surface)?.[0].length ?? 0) : 0;
      if (head && isElision(surface, head)) {
        word(start, start + head, spaced);
        word(start + head, end, false);
      } else word(start, end, spaced);
      if (tail) tokens.push({ start: end, end: next, text: "'s", kind: "mark", fold: "'s", bits: 0, shape: "a", spaced: false, known: null });
    } else {
      const surface = text.slice(start, next);
      tokens.push({ start, end: next, text: piece === "mark" && surface.length > 3 ? surface.slice(0, 3) : surface, kind: piece, fold: surface.length > 20 ? "" : surface, bits: 0, shape: "a", spaced, known: null });
    }
  }
  return tokens;
}

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
