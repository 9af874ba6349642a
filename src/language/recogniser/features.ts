import { outside, type Word } from "./words.ts";

/** Rows of the weight table: features are hashed to as many. */
export const rowCount = 2 ** 22;
/** More than any place has. */
export const mostRows = 64;

/** Mixes the number of a feature and up to three values into a row. */
function row(feature: number, a: number, b = 0, c = 0): number {
  let hash = Math.imul(a ^ Math.imul(feature, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 15)) + b, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 13)) + c, 0x27d4eb2f);
  return (hash ^ (hash >>> 16)) >>> 10;
}

/** What a place's line says of it; see `readLines`. */
export interface Lines {
  /** Word before the last colon of the line, and how far back the colon stands (at most 9; 0: there is none). */
  label: Int32Array;
  distance: Uint8Array;
  first: Int32Array;
  /** Place in the line, at most 7. */
  position: Uint8Array;
  /** Bit 1: begins a sentence; bit 2: mostly capitals. */
  flags: Uint8Array;
}

/** Reads every line once, from left to right. */
export function readLines(words: readonly Word[]): Lines {
  const count = words.length;
  const lines: Lines = { label: new Int32Array(count), distance: new Uint8Array(count), first: new Int32Array(count), position: new Uint8Array(count), flags: new Uint8Array(count) };
  for (let from = 0; from < count; ) {
    let to = from;
    let letters = 0;
    let shouted = 0;
    for (; to < count && !words[to]!.break; to++) {
      if (words[to]!.letters) letters += 1;
      if (words[to]!.shouted) shouted += 1;
    }
    const loud = letters >= 3 && shouted > letters * .6 ? 2 : 0;
    let label = 0;
    let colon = -1;
    for (let at = from; at < to; at++) {
      lines.label[at] = label;
      lines.distance[at] = colon < 0 ? 0 : Math.min(9, at - colon);
      lines.first[at] = words[from]!.fold;
      lines.position[at] = Math.min(7, at - from);
      lines.flags[at] = loud | (at === from || words[at - 1]!.stop ? 1 : 0);
      if (words[at]!.colon && at > from) {
        label = words[at - 1]!.fold;
        colon = at;
      }
    }
    from = to + 1;
  }
  return lines;
}

/** Rows of what one word says of a place `offset` words away (−2..2); they do not depend on the place. Returns their number. */
export function wordRows(word: Word, offset: number, rows: Int32Array, at: number): number {
  const base = (offset + 2) * 4;
  rows[at++] = row(1 + base, word.fold);
  rows[at++] = row(2 + base, word.shape);
  rows[at++] = row(3 + base, word.mask);
  if (offset === 1 || offset === -1) rows[at++] = row(4 + base, word.suffix);
  if (offset === 0) {
    rows[at++] = row(30, word.exact);
    rows[at++] = row(31, word.mask, word.shape);
    for (const affix of word.affixes) rows[at++] = row(32, affix);
  }
  return at;
}

/** Rows of what stands together around place `at`, and of its line. Returns their number. */
export function jointRows(words: readonly Word[], lines: Lines, at: number, rows: Int32Array, to: number): number {
  const before2 = words[at - 2] ?? outside;
  const before = words[at - 1] ?? outside;
  const here = words[at]!;
  const after = words[at + 1] ?? outside;
  const after2 = words[at + 2] ?? outside;
  rows[to++] = row(40, before.fold, here.fold);
  rows[to++] = row(41, here.fold, after.fold);
  rows[to++] = row(42, before.shape, here.shape);
  rows[to++] = row(43, here.shape, after.shape);
  rows[to++] = row(44, before.shape, here.shape, after.shape);
  rows[to++] = row(45, before.mask, here.mask);
  rows[to++] = row(46, here.mask, after.mask);
  rows[to++] = row(47, before.mask, here.mask, after.mask);
  rows[to++] = row(48, before.mask, before.shape, here.shape);
  rows[to++] = row(49, after.mask, after.shape, here.shape);
  rows[to++] = row(50, before.fold, here.shape);
  rows[to++] = row(51, after.fold, here.shape);
  rows[to++] = row(52, before.fold, here.mask);
  rows[to++] = row(53, after.fold, here.mask);
  rows[to++] = row(54, before2.fold, before.fold, here.shape);
  rows[to++] = row(55, after.fold, after2.fold, here.shape);
  rows[to++] = row(56, before.fold, after.fold, here.shape);
  rows[to++] = row(57, lines.label[at]!, here.shape);
  rows[to++] = row(58, lines.label[at]!, lines.distance[at]!);
  rows[to++] = row(59, lines.first[at]!, lines.position[at]!);
  rows[to++] = row(60, lines.flags[at]!, here.shape, here.mask);
  return to;
}
