import { lastAtOrBefore } from "./sorted.ts";

/** The neighbourhoods of numbers that hold letters like digits, with digits in their place; empty when there are none. */
export interface Reread {
  text: string;
  /** Offset in the text it was made from. */
  at(index: number): number;
  /** Whether a span holds a letter that became a digit. */
  changed(start: number, end: number): boolean;
}

const sign = /\d[OolI]|[OolI]\d/g;
const wordEnd = /[^A-Za-z\d]|$/g;
const longest = 40;
const digits = new Map([["O", "0"], ["o", "0"], ["l", "1"], ["I", "1"]]);
/** More other letters than this make a word, or a key that no official number looks like. */
const mostLetters = 3;
/** How far the words that announce a number, and the rest of the number, may stand from it: see `hasContext`. */
const before = 90;
const after = 60;

/** Optical reading and hasty typing take O for 0 and l or I for 1: such numbers are tried a second time with digits there. */
export function rereadDigits(text: string): Reread {
  const changes: number[] = [];
  const windows: { start: number; end: number }[] = [];
  for (const token of suspicious(text)) {
    for (let index = token.start; index < token.end; index++) if (digits.has(text[index]!)) changes.push(index);
    const start = Math.max(0, token.start - before);
    const end = Math.min(text.length, token.end + after);
    const last = windows.at(-1);
    if (last && start <= last.end) last.end = end;
    else windows.push({ start, end });
  }
  const parts: string[] = [];
  const starts: number[] = [];
  let length = 0;
  let next = 0;
  for (const { start, end } of windows) {
    starts.push(length);
    length += end - start + 2;
    let from = start;
    for (; next < changes.length && changes[next]! < end; from = changes[next++]! + 1) parts.push(text.slice(from, changes[next]), digits.get(text[changes[next]!]!)!);
    parts.push(text.slice(from, end), "\n\n");
  }
  const at = (index: number): number => {
    const window = lastAtOrBefore(starts, index);
    return Math.min(windows[window]!.start + index - starts[window]!, windows[window]!.end);
  };
  return { text: parts.join(""), at, changed: (start, end) => (changes[lastAtOrBefore(changes, at(end - 1))] ?? -1) >= at(start) };
}

/** Words in which such a letter stands beside a digit, and that could be a number. */
function* suspicious(text: string): Generator<{ start: number; end: number }> {
  sign.lastIndex = 0;
  for (let match = sign.exec(text); match; match = sign.exec(text)) {
    let start = match.index;
    while (start > 0 && start > match.index - longest && /[A-Za-z\d]/.test(text[start - 1]!)) start--;
    wordEnd.lastIndex = match.index;
    const end = wordEnd.exec(text)!.index;
    sign.lastIndex = end;
    if (end - start <= longest && couldBeNumber(text.slice(start, end))) yield { start, end };
  }
}

function couldBeNumber(token: string): boolean {
  let plain = 0;
  let letters = 0;
  let likeDigits = 0;
  for (const each of token) {
    if (each >= "0" && each <= "9") plain++;
    else if (digits.has(each)) likeDigits++;
    else letters++;
  }
  return likeDigits > 0 && plain > 0 && letters <= mostLetters;
}
