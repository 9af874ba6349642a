import { kindCount, lastLetter, openingPairs } from "./opening-characters.ts";
import { type Openings, register } from "./openings.ts";
import { countBefore } from "../sorted.ts";

/** A pattern that is sought in whole texts: without the negative lookbehind it began with, and that lookbehind by itself. */
export interface Guarded {
  body: RegExp;
  /** Tried at one place. */
  there: RegExp;
  guard: RegExp | null;
  /** Its number among the patterns whose openings are looked for; null: it may begin inside a word. */
  number: number | null;
}

/** A lookbehind in front is tried at every character and costs several times what the rest does: asked of each match, it costs nothing. */
export function guarded(pattern: RegExp): Guarded {
  const parted = apart(pattern);
  const pairs = openingPairs(parted.body);
  const known = refuses(parted.guard, asciiLetters) || !pairs.others || !beginsWithLetter(pairs.others[0]!);
  return { ...parted, number: known ? register(pairs, !refuses(parted.guard, "0123456789")) : null };
}

function apart(pattern: RegExp): Guarded {
  const front = /^\(\?<![^()]*\)/.exec(pattern.source)?.[0] ?? "";
  const flags = pattern.flags.replace(/[gy]/g, "");
  const body = new RegExp(pattern.source.slice(front.length), `${flags}g`);
  return { body, there: new RegExp(body.source, `${flags}y`), guard: front ? new RegExp(front, `${flags}y`) : null, number: null };
}

const asciiLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** No match of the pattern begins right behind one of these characters. */
function refuses(guard: RegExp | null, characters: string): boolean {
  return guard !== null && [...characters].every((character) => {
    guard.lastIndex = 1;
    return !guard.test(`${character}a`);
  });
}

/** What a pattern is sought in. */
export interface Sought {
  text: string;
  openings: Openings;
}

const beginsWithLetter = (pairs: Uint8Array): boolean => pairs.subarray(kindCount, (lastLetter + 1) * kindCount).includes(1);

/** What `text.matchAll(pattern)` gives. */
export function* matchesOf(text: string, { body, guard }: Guarded): Generator<RegExpExecArray> {
  for (let from = 0; from <= text.length; ) {
    body.lastIndex = from;
    const match = body.exec(text);
    if (!match) return;
    if (guard) guard.lastIndex = match.index;
    if (guard && !guard.test(text)) from = match.index + 1;
    else {
      from = Math.max(match.index + 1, match.index + match[0].length);
      yield match;
    }
  }
}

/** The same for the text of a view, whose openings are found once for all patterns. */
export function* matchesIn(view: Sought, pattern: Guarded): Generator<RegExpExecArray> {
  const places = pattern.number === null ? null : view.openings(pattern.number);
  yield* places === null ? matchesOf(view.text, pattern) : matchesAt(view.text, pattern, places);
}

function* matchesAt(text: string, { there, guard }: Guarded, places: readonly number[]): Generator<RegExpExecArray> {
  let from = 0;
  for (const place of places) {
    if (place < from) continue;
    there.lastIndex = place;
    const match = there.exec(text);
    if (!match) continue;
    if (guard) {
      guard.lastIndex = place;
      if (!guard.test(text)) continue;
    }
    from = Math.max(place + 1, place + match[0].length);
    yield match;
  }
}

/** The same for a part of the text, read as if nothing stood around it. */
export function* matchesWithin(view: Sought, pattern: Guarded, start: number, end: number): Generator<RegExpExecArray> {
  const part = view.text.slice(start, end);
  const places = pattern.number === null ? null : view.openings(pattern.number);
  if (places === null) return yield* matchesOf(part, pattern);
  const from = countBefore(places, (place) => place < start);
  const to = countBefore(places, (place) => place < end);
  if (from < to) yield* matchesAt(part, pattern, places.slice(from, to).map((place) => place - start));
}

/** A pattern that matches within one line and may begin with anything: read only in lines that hold its anchor. */
export interface Lined {
  pattern: Guarded;
  /** Rare, and found by its openings. */
  anchor: Guarded;
  /** Lines read before such a line, for a pattern that looks ahead to the next. */
  before: number;
}

/** A line break must be to the lookarounds of `pattern` what the end of the text is. */
export const inLines = (pattern: RegExp, anchor: RegExp, before = 0): Lined => ({ pattern: apart(pattern), anchor: guarded(anchor), before });

export function* matchesInLines(view: Sought, { pattern, anchor, before }: Lined): Generator<RegExpExecArray> {
  for (const { start, end } of linesAround(view, anchor, before)) {
    for (const match of matchesOf(view.text.slice(start, end), pattern)) {
      match.index += start;
      yield match;
    }
  }
}

/** Neighbouring lines are one range. */
function* linesAround(view: Sought, anchor: Guarded, before: number): Generator<{ start: number; end: number }> {
  const { text } = view;
  let range: { start: number; end: number } | null = null;
  for (const { index } of matchesIn(view, anchor)) {
    if (range && index <= range.end) continue;
    let start = lineStart(text, index);
    for (let line = 0; line < before && start > 0; line++) start = lineStart(text, start - 1);
    const end = lineEnd(text, index);
    if (range && start <= range.end + 1) range.end = end;
    else {
      if (range) yield range;
      range = { start, end };
    }
  }
  if (range) yield range;
}

const lineEnd = (text: string, at: number): number => {
  const newline = text.indexOf("\n", at);
  return newline === -1 ? text.length : newline;
};

const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

/** Where the group `value` lies of an expression that ends with it. */
export function valueAt(match: RegExpExecArray): { start: number; end: number } {
  const end = match.index + match[0].length;
  return { start: end - match.groups!["value"]!.length, end };
}
