import { fold } from "../language/fold.ts";
import { functionWords } from "../language/stop-words.ts";
import type { NormalisedText } from "./normalised-text.ts";
import { lastAtOrBefore } from "./sorted.ts";

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
const cut = /-\r?\n[ \t]{0,8}(?=\p{Ll}{2})/gu;
const wordStart = /^\p{L}\p{Ll}$/u;
const blank = (text: string, at: number): boolean => text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9;

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
    const piece = lastAtOrBefore(starts, index);
    return sources[piece]! + index - starts[piece]!;
  };
  return { text: parts.join(""), start: (index) => normalised.start(source(index)), end: (index) => normalised.end(source(index)) };
}

interface Cut {
  start: number;
  end: number;
  instead: "" | " ";
}

function* cutWords(text: string): Generator<Cut> {
  for (const { index, 0: mark } of text.matchAll(cut)) {
    if (wordStart.test(text.slice(Math.max(0, index - 2), index))) yield { start: index, end: index + mark.length, instead: "" };
  }
}

function* closedGaps(text: string): Generator<Cut> {
  const lines = [...gappedLines(text)];
  for (const [index, line] of lines.entries()) {
    const isRow = [lines[index - 1], lines[index + 1]].some((other) => other?.wide.length === line.wide.length && (other.end + 1 === line.start || line.end + 1 === other.start));
    const plain = isSetWide(text, line, isRow);
    for (const { start, end } of line.wide) if (plain || text[start - 1] === ":") yield { start, end, instead: " " };
  }
}

/** The lines with a wide gap in them. */
function* gappedLines(text: string): Generator<Line> {
  let tab = text.indexOf("\t");
  let pair = text.indexOf("  ");
  while (tab >= 0 || pair >= 0) {
    const at = tab < 0 ? pair : pair < 0 ? tab : Math.min(tab, pair);
    const line = lineAt(text, text.lastIndexOf("\n", at) + 1);
    if (line.wide.length > 0) yield line;
    if (tab >= 0 && tab < line.end) tab = text.indexOf("\t", line.end);
    if (pair >= 0 && pair < line.end) pair = text.indexOf("  ", line.end);
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

/**
 * Its gaps say nothing of columns: most are wide, or one is beside a function word or comma. Rows of a table have as many gaps
 * as the one before or after; of such lines only those with a function word alone between two gaps are set wide, or a label first.
 */
function isSetWide(text: string, line: Line, isRow: boolean): boolean {
  const { wide, single } = line;
  if (!/\p{L}/u.test(text.slice(line.start, line.end))) return false;
  if (text[wide[0]!.start - 1] === ":") return true;
  if (isRow) return wide.some((gap, index) => index > 0 && functionWords.has(fold(text.slice(wide[index - 1]!.end, Math.min(gap.start, wide[index - 1]!.end + 12)))));
  if (wide.length >= mostly * (wide.length + single)) return true;
  return wide.some(({ start, end }) => text[start - 1] === "," || isFunctionWord(wordBefore, text.slice(Math.max(line.start, start - 12), start)) || isFunctionWord(wordBehind, text.slice(end, Math.min(line.end, end + 12))));
}

const wordBefore = /(?<![\p{L}\p{N}])\p{Ll}+$/u;
const wordBehind = /^\p{Ll}+(?![\p{L}\p{N}])/u;

function isFunctionWord(pattern: RegExp, text: string): boolean {
  const word = pattern.exec(text)?.[0];
  return word !== undefined && functionWords.has(fold(word));
}
