import { fold } from "../language/fold.ts";
import { functionWords } from "../language/stop-words.ts";
import type { NormalisedText } from "./normalised-text.ts";

/** A line and the gaps between its words that are wider than one blank; `single`: how many are one blank. */
interface Line {
  start: number;
  end: number;
  wide: { start: number; end: number }[];
  single: number;
}

/** Of the gaps in a line that is set wide so many are wide. */
const mostly = 0.6;
/** A word the page's width cut in two: "Ravens-\nworth". */
const cutWord = /(?<=\p{L}\p{Ll})-\r?\n[ \t]{0,8}(?=\p{Ll}{2})/gu;
const blank = (text: string, at: number): boolean => text[at] === " " || text[at] === "\t";

/**
 * The text with words that a hyphen cuts at the end of a line made whole, and with one blank for each gap of several or a tab
 * where it is set wide, as justified or recognised pages are. A gap that may part the columns of a table stays.
 */
export function plainLayout(normalised: NormalisedText): NormalisedText {
  const { text } = normalised;
  const cuts = [...(text.includes("\t") || text.includes("  ") ? closedGaps(text) : []), ...(text.includes("-\n") || text.includes("-\r") ? cutWords(text) : [])];
  if (cuts.length === 0) return normalised;
  cuts.sort((a, b) => a.start - b.start);
  const starts = [0];
  const sources = [0];
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  for (const { start, end, instead } of cuts) {
    parts.push(text.slice(from, start), instead);
    length += start - from;
    starts.push(length);
    sources.push(end - instead.length);
    length += instead.length;
    from = end;
  }
  parts.push(text.slice(from));
  const source = (index: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= index) low = middle + 1;
      else high = middle;
    }
    return sources[low - 1]! + index - starts[low - 1]!;
  };
  return { text: parts.join(""), start: (index) => normalised.start(source(index)), end: (index) => normalised.end(source(index)) };
}

interface Cut {
  start: number;
  end: number;
  instead: "" | " ";
}

const cutWords = (text: string): Cut[] => Array.from(text.matchAll(cutWord), ({ index, 0: cut }) => ({ start: index, end: index + cut.length, instead: "" }));

function* closedGaps(text: string): Generator<Cut> {
  let before: Line | null = null;
  let line: Line | null = lineAt(text, 0);
  while (line) {
    const next: Line | null = line.end < text.length ? lineAt(text, line.end + 1) : null;
    const plain = line.wide.length > 0 && isSetWide(text, line, before, next);
    for (const { start, end } of line.wide) if (plain || text[start - 1] === ":") yield { start, end, instead: " " };
    before = line;
    line = next;
  }
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf("\n", start);
  const line: Line = { start, end: newline < 0 ? text.length : newline, wide: [], single: 0 };
  let at = start;
  while (at < line.end && blank(text, at)) at++;
  for (; at < line.end; at++) {
    if (!blank(text, at)) continue;
    const gap = at;
    while (blank(text, at + 1)) at++;
    if (at + 1 >= line.end || text[at + 1] === "\r") break;
    if (at > gap || text[gap] === "\t") line.wide.push({ start: gap, end: at + 1 });
    else line.single++;
  }
  return line;
}

/** Its gaps say nothing of columns: most are wide or one is beside a function word or comma, and rows of a table, which have as many gaps as the one before or after, look different. */
function isSetWide(text: string, line: Line, before: Line | null, next: Line | null): boolean {
  const { wide, single } = line;
  if (!/\p{L}/u.test(text.slice(line.start, line.end))) return false;
  const running = wide.map((gap) => ({ behind: text[gap.start - 1] === "," || isFunctionWord(wordBefore, text.slice(Math.max(line.start, gap.start - 12), gap.start)), before: isFunctionWord(wordBehind, text.slice(gap.end, Math.min(line.end, gap.end + 12))) }));
  if (text[wide[0]!.start - 1] === ":" || running.some((gap, index) => gap.before && running[index + 1]?.behind && wide[index + 1]!.start - wide[index]!.end < 6)) return true;
  if (wide.length === before?.wide.length || wide.length === next?.wide.length) return false;
  return wide.length >= mostly * (wide.length + single) || running.some((gap) => gap.behind || gap.before);
}

const wordBefore = /(?<![\p{L}\p{N}])\p{Ll}+$/u;
const wordBehind = /^\p{Ll}+(?![\p{L}\p{N}])/u;

function isFunctionWord(pattern: RegExp, text: string): boolean {
  const word = pattern.exec(text)?.[0];
  return word !== undefined && functionWords.has(fold(word));
}
