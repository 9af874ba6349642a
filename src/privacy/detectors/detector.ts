import type { Openings } from "./openings.ts";
import { countBefore } from "../sorted.ts";

/** What a detector reads: the normalised text of a whole document and what stands around each place of it. */
export interface TextView {
  text: string;
  /** Header, key or label of the passage at this offset; empty when it has none. */
  contextAt(offset: number): string;
  /** All passages, in order. */
  passages: { start: number; end: number; context: string; role: string }[];
  /** Sections by language; null: the rules of all languages. */
  sections: { start: number; end: number; language: string | null }[];
  /** Where in `text` each pattern may begin; see `matchesIn`. */
  openings: Openings;
  /** The tenant's own dictionary. */
  terms: string[];
}

/** A place in `TextView.text`. `checked`: its checksum or grammar was verified. */
export interface Found {
  kind: string;
  start: number;
  end: number;
  /** 0..1. */
  score: number;
  checked?: boolean;
  /** Its label stands right before it and it has the length that such a value always has. */
  announced?: boolean;
}

export interface Detector {
  id: string;
  kinds: readonly string[];
  /** Time must grow with the length of the text alone: bounded quantifiers, no nested repetition. */
  find(view: TextView): Iterable<Found>;
  /** Its checked and announced findings, which hold a digit or "@", are also sought where a line break or cell border cuts a value in two. */
  joins?: boolean;
}

/** The passage at this offset, if any. */
export function passageAt(view: TextView, offset: number): TextView["passages"][number] | null {
  return view.passages[countBefore(view.passages, ({ start }) => start <= offset) - 1] ?? null;
}

/**
 * Context words near a place: on the 60 characters before it, the 25 after it, or in the passage's header, key or label.
 * `words` must not be global.
 */
export function hasContext(view: TextView, start: number, end: number, words: RegExp, before = 60, after = 25): boolean {
  return words.test(view.text.slice(Math.max(0, start - before), start)) || words.test(view.text.slice(end, end + after)) || words.test(view.contextAt(start));
}

const accented = /[áàâäéèêëíîïóôöúùûüçñ]/g;
/** The letter, or what is typed for it where it is missing. */
const withoutAccent = (letter: string): string => `(?:${letter}|${letter.normalize("NFD")[0]!}${"äöü".includes(letter) ? "e?" : ""})`;

/** Whole words, any case, in any of the languages, accents or none; a blank in a word stands for any blanks, `*` for any ending. */
export function wordList(words: string): RegExp {
  const alternatives = words
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => word.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[\\p{L}]{0,20}").replace(/ /g, "[\\s_-]{1,3}").replace(accented, withoutAccent));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

export const digitsOf = (text: string): string => text.replace(/\D/g, "");
