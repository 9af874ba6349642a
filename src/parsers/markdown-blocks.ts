import type { Block } from "../data/block.ts";
import type { Draft } from "./draft.ts";
import { inlineText } from "./markdown-inline.ts";
import { tableBlocks } from "./table.ts";

const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}(#{1,6})(?:[ \t](.*))?$/;
const rule = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const item = /^(\s*)([-*+]|\d{1,9}[.)])[ \t]+(?![ \t])(.*)$/;
const tableRule = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;

/** Blocks of CommonMark and GitHub tables, line by line; marks of emphasis and links are taken off, their text stays. */
export function addMarkdown(draft: Draft, text: string): void {
  const lines = takeComments(draft, text).split("\n");
  let at = 0;
  while (at < lines.length) at = readBlock(draft, lines, at);
}

function add(draft: Draft, kind: Block["kind"], text: string, level?: number): void {
  if (text.trim() !== "") draft.blocks.push({ kind, text, page: 1, boxes: [], ...(level ? { level } : {}) });
}

/** A comment is nothing a reader sees; privacy sees it. Those inside code stay. */
function takeComments(draft: Draft, text: string): string {
  // Nothing after the last end of a comment can be one; searching it for every opening would take its square.
  const end = text.lastIndexOf("-->") + 3;
  if (end < 3) return text;
  const head = text.slice(0, end);
  const rest = text.slice(end);
  const kept = head.replace(/(^|\n)( {0,3}(?:`{3}|~{3})[^\n]*\n[\s\S]*?\n {0,3}(?:`{3,}|~{3,}))|<!--([\s\S]*?)-->/g, (whole, _, code: string | undefined, comment: string | undefined) => {
    if (code !== undefined) return whole;
    if (comment?.trim()) draft.blocks.push({ kind: "paragraph", text: comment.trim(), page: 1, boxes: [], role: "comment" });
    return "";
  });
  return kept + rest;
}

/** Reads the block that begins at line `at`; returns the line after it. */
function readBlock(draft: Draft, lines: string[], at: number): number {
  const line = lines[at]!;
  if (line.trim() === "" || rule.test(line)) return at + 1;
  const fenced = fence.exec(line)?.[1];
  if (fenced) return readCode(draft, lines, at, fenced);
  const title = heading.exec(line);
  if (title) {
    add(draft, "heading", inlineText(withoutClosing(title[2] ?? "")), title[1]!.length);
    return at + 1;
  }
  if (line.includes("|") && tableRule.test(lines[at + 1] ?? "") && lines[at + 1]!.includes("-")) return readTable(draft, lines, at);
  if (item.test(line)) return readList(draft, lines, at);
  return readParagraph(draft, lines, at);
}

/** "Title ##": the marks behind a heading are none of its text. */
function withoutClosing(text: string): string {
  const title = text.trim();
  let end = title.length;
  while (title[end - 1] === "#") end--;
  return end < title.length && /[ \t]/.test(title[end - 1] ?? "") ? title.slice(0, end) : title;
}

function readCode(draft: Draft, lines: string[], at: number, mark: string): number {
  let end = at + 1;
  while (end < lines.length && !lines[end]!.trim().startsWith(mark)) end += 1;
  add(draft, "code", lines.slice(at + 1, end).join("\n"));
  return end + 1;
}

function readTable(draft: Draft, lines: string[], at: number): number {
  const rows = [cells(lines[at]!)];
  let end = at + 2;
  for (; end < lines.length && lines[end]!.includes("|"); end++) rows.push(cells(lines[end]!));
  draft.blocks.push(...tableBlocks(rows, { page: 1, boxes: [] }));
  return end;
}

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((text) => inlineText(text.replaceAll(String.raw`\|`, "|").trim()));

function readList(draft: Draft, lines: string[], at: number): number {
  const texts: string[] = [];
  let end = at;
  for (; end < lines.length; end++) {
    const line = lines[end]!;
    const found = item.exec(line);
    if (found) texts.push(`${"  ".repeat(Math.floor(found[1]!.replaceAll("\t", "    ").length / 2))}${mark(found[2]!)} ${inlineText(found[3]!)}`);
    else if (line.trim() === "" && (item.test(lines[end + 1] ?? "") || /^\s{2,}\S/.test(lines[end + 1] ?? ""))) continue;
    else if (line.trim() === "" || heading.test(line) || fence.test(line)) break;
    else texts[texts.length - 1] += ` ${inlineText(line.trim())}`;
  }
  add(draft, "list", texts.join("\n"));
  return end;
}

const mark = (text: string): string => (/\d/.test(text) ? `${Number.parseInt(text, 10)}.` : "-");

function readParagraph(draft: Draft, lines: string[], at: number): number {
  let end = at + 1;
  while (end < lines.length && !startsBlock(lines[end]!)) end += 1;
  const text = lines.slice(at, end).map((line) => line.replace(/^ {0,3}(?:> ?)+/, "").trimStart());
  const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(lines[end] ?? "")?.[1];
  if (underline) {
    add(draft, "heading", inlineText(text.join(" ")), underline.startsWith("=") ? 1 : 2);
    return end + 1;
  }
  add(draft, "paragraph", inlineText(joinLines(text)));
  return end;
}

/** Two spaces or a backslash at its end keep a line end; others are spaces. */
const joinLines = (lines: string[]): string => lines.map((line) => line.replace(/(?<! ) {2,}$|\\$/, "\n")).join(" ").replaceAll("\n ", "\n").trim();

const startsBlock = (line: string): boolean =>
  line.trim() === "" || fence.test(line) || heading.test(line) || rule.test(line) || /^ {0,3}=+[ \t]*$/.test(line) || /^ {0,3}([-*+]|1[.)])[ \t]+\S/.test(line);
