import { Kind, kindAt, widthAt } from "../language/characters.ts";
import { plainLetters } from "./homoglyphs.ts";
import { countBefore, lastAtOrBefore } from "./sorted.ts";

/**
 * A text as the detectors read it: NFKC, invisible characters removed, dashes, quotes, digits of other scripts and letters
 * that only look Latin made plain. `start(i)` and `end(i)` give the UTF-16 offsets in the original of the character at `i` of `text`.
 */
export interface NormalisedText {
  text: string;
  start(index: number): number;
  end(index: number): number;
}

const invisible = /\u034F|[\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}]|\p{Variation_Selector}|\u17B4|\u17B5/u;
const unusual = /[^\n\r\t\x20-\x7E\u00A1-\u00AC\u00AE-\u017F]/;
const dashes = /[\u2010-\u2015\u2212\u2E3A\u2E3B\uFE58\uFE63\uFF0D]/;
const singleQuotes = /[\u2018\u2019\u201A\u201B\u2032\u02BC]/;
/** First digit of each run of ten that is not ASCII and that NFKC leaves alone. */
const digitZeros = [0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810];

/** A part of a text whose characters each stand for one (`width` 0), or one character or cluster of `width` units that became any number. */
interface Part {
  to: number;
  from: number;
  width: number;
}

export function normaliseText(original: string): NormalisedText {
  if (!unusual.test(original) && !/[ªº²³¹¼-¾ĿŀŉſĲĳ]/.test(original)) return { text: original, start: (index) => index, end: (index) => index + 1 };
  const text: string[] = [];
  const parts: Part[] = [];
  let length = 0;
  const add = (from: number, width: number, plain: string): void => {
    const last = parts.at(-1);
    const goesOn = width === 0 && last?.width === 0 && last.from + length - last.to === from;
    if (!goesOn) parts.push({ to: length, from, width });
    text.push(plain);
    length += plain.length;
  };
  for (let at = 0; at < original.length; ) {
    const run = plainRun(original, at);
    if (run > at) {
      add(at, 0, original.slice(at, run));
      at = run;
      continue;
    }
    const end = clusterEnd(original, at);
    const plain = plainFormOf(original.slice(at, end));
    if (plain !== "") add(at, plain.length === 1 && end === at + 1 ? 0 : end - at, plain);
    at = end;
  }
  const partOf = (index: number): Part => parts[countBefore(parts, ({ to }) => to <= index) - 1]!;
  const start = (index: number): number => {
    const { to, from, width } = partOf(index);
    return width > 0 ? from : from + index - to;
  };
  const end = (index: number): number => {
    const { to, from, width } = partOf(index);
    return width > 0 ? from + width : from + index - to + 1;
  };
  return { text: plainLetters(text.join("")), start, end };
}

/** End of the characters from here on that stay as they are, but for the last before a combining mark. */
function plainRun(text: string, at: number): number {
  let end = at;
  while (end < text.length && isPlain(text.charCodeAt(end))) end++;
  return end < text.length && end > at && text.charCodeAt(end) >= 0x300 ? end - 1 : end;
}

const isPlain = (code: number): boolean => code < 0x7f || (code < stays.length && stays[code] === 1);

/** A character with the combining marks that follow it: NFKC joins them, so they share one place. */
function clusterEnd(text: string, at: number): number {
  let end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
  const longest = Math.min(text.length, at + 32);
  while (end < longest && text.charCodeAt(end) >= 0x300 && kindAt(text, end) & Kind.mark && !invisible.test(text[end]!)) end += widthAt(text, end);
  return end;
}

/** Clusters met before, at most `mostKnown`; a text has few different ones. */
const known = new Map<string, string>();
const mostKnown = 10_000;

function plainFormOf(cluster: string): string {
  let plain = known.get(cluster);
  if (plain === undefined) {
    if (known.size >= mostKnown) known.clear();
    known.set(cluster, (plain = plainForm(cluster)));
  }
  return plain;
}

function plainForm(cluster: string): string {
  const code = cluster.codePointAt(0)!;
  if (cluster.length === 1 && code < 0x7f) return cluster;
  if (invisible.test(cluster)) return cluster.length > 2 ? plainForm(cluster.slice(code > 0xffff ? 2 : 1)) : "";
  // Ordinals carry meaning in addresses ("3º B") and numbers ("nº"); as letters they would glue words together.
  if (code === 0xba || code === 0xaa) return cluster;
  if (dashes.test(cluster)) return "-";
  if (singleQuotes.test(cluster)) return "'";
  if (code === 0x2028 || code === 0x2029 || code === 0x85) return "\n";
  const zero = digitZeros.findLast((each) => code >= each && code < each + 10);
  if (zero !== undefined) return String(code - zero);
  return cluster.normalize("NFKC");
}

/** Whether `plainForm` leaves a character below U+0180 as it is. */
const stays = Uint8Array.from({ length: 0x180 }, (_, code) => (plainForm(String.fromCharCode(code)) === String.fromCharCode(code) ? 1 : 0));

const joint = /\r?\n[ \t>]{0,8}|\|[ \t]{0,4}/g;
/** The same and gaps between two words that are wider than one blank. */
const jointOrGap = /\r?\n[ \t>]{0,8}|\|[ \t]{0,4}|(?<=[^\s|])(?: [ \t]{1,80}|\t[ \t]{0,80})(?=[^\s|])/g;

/** Start of the blanks before a line break (at most 8) or cell border (at most 4). */
function blanksBefore(text: string, at: number, floor: number): number {
  const least = Math.max(floor, at - (text[at] === "|" ? 4 : 8));
  let start = at;
  while (start > least && isBlank(text[start - 1]!)) start -= 1;
  return start;
}

const isBlank = (sign: string): boolean => sign === " " || sign === "\t";

/** What stands around the line breaks, cell borders and wide gaps of a text, without them (of a gap one blank stays); `crosses` says whether a span held one. */
export interface Joined {
  text: string;
  /** Offset in the text it was made from. */
  at(index: number): number;
  crosses(start: number, end: number): boolean;
}

/** So much is read on either side of a cut (characters): the longest value, and the words around it. */
const beside = 200;
/** Every value that is sought across cuts has a digit or "@" in it, at most so far from where it is cut. */
const reach = 100;
/** And so far from a wide gap in it: the groups of a number are short. */
const besideGap = 6;
const valueSign = /[\d@]/;
/** More line breaks than any value has in it. */
const apart = "\n".repeat(8);

/** For values cut in two; what is far from any cut that may lie in one is left out. */
export function joinLines(text: string): Joined {
  const starts: number[] = [];
  const sources: number[] = [];
  const parts: string[] = [];
  let length = 0;
  const add = (from: number, to: number, written = text.slice(from, to)): void => {
    starts.push(length);
    sources.push(from);
    parts.push(written);
    length += to - from;
  };
  const gapped = text.includes("\t") || text.includes("  ");
  let from = 0;
  let cut = false;
  for (const match of text.matchAll(gapped ? jointOrGap : joint)) {
    const gap = isBlank(match[0][0]!);
    const sought = gap ? besideGap : reach;
    if (!valueSign.test(text.slice(Math.max(0, match.index - sought), match.index + match[0].length + sought))) continue;
    const start = gap ? match.index : blanksBefore(text, match.index, from);
    if (start - from > 2 * beside) {
      if (cut) {
        add(from, from + beside);
        parts.push(apart);
        length += apart.length;
      }
      from = start - beside;
    }
    add(from, start);
    from = match.index + match[0].length;
    if (gap) add(from - 1, from, " ");
    cut = true;
  }
  if (cut) add(from, Math.min(text.length, from + beside));
  /** The piece that an offset lies in. */
  const pieceOf = (offset: number): number => Math.max(0, lastAtOrBefore(starts, offset));
  return {
    text: parts.join(""),
    at: (index) => {
      const piece = pieceOf(index);
      return sources[piece]! + index - starts[piece]!;
    },
    crosses: (start, end) => pieceOf(start) !== pieceOf(end - 1),
  };
}
