import type { Block } from "../data/block.ts";
import { SluiceError } from "../errors.ts";
import { decodeText } from "./decode-text.ts";
import { type Draft, finish, newDraft, warn } from "./draft.ts";
import type { ParseFunction } from "./parser.ts";
import { tableBlocks } from "./table.ts";

const charactersOfBlock = 2000;
const deepest = 200;

/** Records become tables, everything else lines of `path: value`, so that every value keeps its key as context. */
export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const text = await decodeText(request, draft);
  const value = request.format.id === "jsonl" ? readLines(text, draft) : readValue(text);
  addValue(draft, "", value, 0);
  return finish(draft, request);
};

function readValue(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
  } catch (cause) {
    const offset = /position (\d+)/.exec((cause as Error).message)?.[1];
    throw new SluiceError("unreadable", `the file is not valid JSON${offset ? ` (at offset ${offset})` : ""}; correct it, or send it as text`, { cause });
  }
}

function readLines(text: string, draft: Draft): unknown[] {
  const values: unknown[] = [];
  let broken = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      broken += 1;
      values.push(line);
    }
  }
  if (broken > 0) warn(draft, "json_lines", `${broken} lines are not valid JSON; they were kept as text`);
  return values;
}

type Record_ = Record<string, unknown>;
const isObject = (value: unknown): value is Record_ => typeof value === "object" && value !== null && !Array.isArray(value);
const isLeaf = (value: unknown): boolean => typeof value !== "object" || value === null;
const leafText = (value: unknown): string => (value === null || value === undefined ? "" : String(value as string | number | boolean));

function addValue(draft: Draft, path: string, value: unknown, depth: number): void {
  if (depth > deepest) throw new SluiceError("too_large", `the JSON is nested deeper than ${deepest} levels; flatten it`);
  if (Array.isArray(value) && isRecords(value)) return addTable(draft, path, value);
  if (isLeaf(value)) return addLine(draft, path, leafText(value));
  if (Array.isArray(value) && value.every(isLeaf)) return addLine(draft, path, value.map(leafText).join(", "));
  for (const [key, inner] of Object.entries(value as object)) addValue(draft, join(path, key, Array.isArray(value)), inner, depth + 1);
}

function join(path: string, key: string, inArray: boolean): string {
  if (inArray) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Two or more flat objects, most of whose keys are shared. */
function isRecords(values: unknown[]): values is Record_[] {
  if (values.length < 2 || !values.every((value) => isObject(value) && Object.values(value).every(isLeaf))) return false;
  const keys = new Set(values.flatMap((value) => Object.keys(value as Record_)));
  const filled = values.reduce<number>((sum, value) => sum + Object.keys(value as Record_).length, 0);
  return keys.size > 0 && keys.size <= 50 && filled >= (keys.size * values.length) / 2;
}

function addTable(draft: Draft, path: string, records: Record_[]): void {
  if (path !== "") draft.blocks.push({ kind: "heading", level: 2, text: path, page: 1, boxes: [] });
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))];
  draft.blocks.push(...tableBlocks([keys, ...records.map((record) => keys.map((key) => leafText(record[key])))], { page: 1, boxes: [] }));
}

function addLine(draft: Draft, path: string, text: string): void {
  const line = path === "" ? text : `${path}: ${text}`;
  const last: Block | undefined = draft.blocks.at(-1);
  const fits = last?.kind === "paragraph" && last.text.length + line.length < charactersOfBlock;
  if (fits) last.text += `\n${line}`;
  else draft.blocks.push({ kind: "paragraph", text: line, page: 1, boxes: [] });
}
