import { guarded, inLines, matchesIn, matchesInLines, type Sought } from "./pattern.ts";
import type { Cell } from "./table-cells.ts";

/** `"lastName": "Wurst"`: a key of JSON or of a program's dictionary; numbers stand without quotes. */
const jsonPair = inLines(/["'](?<key>[\p{L}_][\p{L}\p{N}_ .-]{0,59})["'][ \t]{0,3}[:=][ \t]{0,3}(?:"(?<text>[^"\n]{1,200})"|'(?<single>[^'\n]{1,200})'|(?<number>-?\d[\d.]{0,30}))/u, /["'][ \t]{0,3}[:=]/);
/** `<lastName>Wurst</lastName>`: the opening tag's name, without its prefix. */
const xmlElement = guarded(/<(?:[A-Za-z][\w-]{0,30}:)?(?<key>[\p{L}_][\p{L}\p{N}_.-]{0,59})(?:[ \t][^<>\n]{0,200})?>(?<text>[^<>]{1,200})<\//u);
/** `surname="Wurst"`: an attribute. */
const attribute = inLines(/(?<!\S)(?:[A-Za-z][\w-]{0,30}:)?(?<key>[\p{L}_][\p{L}\p{N}_.-]{0,59})=(?:"(?<text>[^"<>\n]{1,200})"|'(?<single>[^'<>\n]{1,200})')/u, /=["']/);
/** `patient.lastName: Wurst`, `X-Employee-Name: Wurst`: a line whose key no sentence begins with. */
const keyLine = inLines(/^(?<key>(?:[a-z_][\p{L}\p{N}_]{0,39}(?:[.[\]-]{1,3}[\p{L}\p{N}_]{1,40}){0,6}|X-[A-Za-z0-9-]{1,60})\]?)[ \t]{0,2}[:=][ \t]{1,3}(?<text>[^\n]{1,200})$/mu, /[:=][ \t]/);

/** What stands for a value in a schema or template. */
const noValue = /^(?:string|str|number|int|integer|float|bool|boolean|date|text|any|object|array|null|none|nil|true|false|undefined|required|optional|varchar.*|[${<%].*)$/iu;

/** Values under a key, wherever a text holds them: each with its key as context. */
export function* labelledValues(view: Sought): Generator<Cell> {
  for (const match of matchesIn(view, xmlElement)) yield* valueOf(match);
  for (const pattern of [jsonPair, attribute, keyLine]) for (const match of matchesInLines(view, pattern)) yield* valueOf(match);
}

function* valueOf(match: RegExpExecArray): Generator<Cell> {
  const { key, text, single, number } = match.groups!;
  const value = text ?? single ?? number!;
  if (noValue.test(value)) return;
  const start = match.index + match[0].lastIndexOf(value);
  yield { start, end: start + value.length, context: key!.split(/[.[\]]/).findLast(Boolean) ?? key!, inText: true };
}

const separators = [",", ";", "\t"];
const mostColumns = 60;
const longestLine = 4000;

/** Cells of lines whose values a comma, semicolon or tab parts: the first of at least two lines with as many parts is their header. */
export function* delimitedCells(text: string): Generator<Cell> {
  let header: { names: string[]; separator: string } | null = null;
  let previous = "";
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = end - start > longestLine ? "" : text.slice(start, end);
    if (header && line.split(header.separator).length !== header.names.length) header = null;
    header ??= headerOf(previous, line);
    if (header) yield* cellsOf(line, start, header);
    previous = line;
    start = end + 1;
  }
}

/** "N° IPP", "E-Mail (privat)", "AHVN13". */
const columnName = /^[\p{L}_](?:[\p{L}_ /()'’°º#-]|(?<=\p{L})[\d]|(?<=(?<!\p{L})\p{L}{1,8})\.){0,39}\d?$/u;

/** Names of columns: short, without numbers or the marks of a sentence, none empty. */
function headerOf(line: string, next: string): { names: string[]; separator: string } | null {
  for (const separator of separators) {
    if (!line.includes(separator)) continue;
    const parts = line.split(separator);
    if (parts.length > mostColumns || parts.length !== next.split(separator).length) continue;
    const names = parts.map((name) => name.replace(/^[\s"']{1,3}|[\s"']{1,3}$/g, ""));
    if (names.every((name) => columnName.test(name))) return { names, separator };
  }
  return null;
}

function* cellsOf(line: string, start: number, header: { names: string[]; separator: string }): Generator<Cell> {
  let at = start;
  for (const [index, value] of line.split(header.separator).entries()) {
    const trimmed = value.trim().replace(/^["']|["']$/g, "");
    const from = at + value.indexOf(trimmed);
    if (trimmed) yield { start: from, end: from + trimmed.length, context: header.names[index]!, inText: true };
    at += value.length + 1;
  }
}
