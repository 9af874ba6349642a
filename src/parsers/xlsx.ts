import { readFile } from "node:fs/promises";
import { read, utils, type CellObject, type WorkBook, type WorkSheet } from "@e965/xlsx";
import type { Block } from "../data/block.ts";
import { SluiceError } from "../errors.ts";
import { type Draft, finish, newDraft, tooManyCharacters } from "./draft.ts";
import { addDrawn, drawnParts } from "./office-drawn.ts";
import { addEmbedded, addOfficeProperties, unpackOffice } from "./office-zip.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";
import { addPicture } from "./save-picture.ts";
import { tableBlocks } from "./table.ts";
import { addEdges, sheetParts } from "./xlsx-edges.ts";

const wanted = /^(docProps\/(core|app|custom)\.xml|docMetadata\/LabelInfo\.xml|xl\/(media|embeddings)\/)/;

/** A sheet is a page: its name as heading, a table for each stretch of rows, and its comments; then what is drawn or printed around them. */
export const parse: ParseFunction = async (request) => {
  const bytes = await readFile(request.input);
  const parts = unpackOffice(bytes, request, (name) => wanted.test(name) || drawnParts.test(name) || sheetParts.test(name));
  const draft = newDraft();
  addOfficeProperties(draft, parts);
  const workbook = openWorkbook(bytes);
  draft.pages = workbook.SheetNames.length;
  draft.metadata["sheets"] = workbook.SheetNames.join(", ");
  for (const [index, name] of workbook.SheetNames.entries()) {
    const hidden = Boolean(workbook.Workbook?.Sheets?.[index]?.Hidden);
    addSheet(draft, request, workbook.Sheets[name]!, name, { page: index + 1, boxes: [], ...(hidden ? { role: "hidden" } : {}) });
  }
  for (const { Comment } of workbook.Workbook?.Names ?? []) if (Comment) draft.blocks.push({ kind: "paragraph", text: Comment, page: 1, boxes: [], role: "comment" });
  addEdges(draft, parts);
  addDrawn(draft, parts);
  for (const [name, picture] of Object.entries(parts)) {
    if (name.startsWith("xl/media/")) await addPicture(draft, request, { bytes: picture, page: 1, box: null, altText: "" });
  }
  await addEmbedded(draft, request, parts);
  return finish(draft, request);
};

function openWorkbook(bytes: Buffer): WorkBook {
  try {
    return read(bytes, { type: "buffer", dense: true, cellFormula: false, cellHTML: false, cellStyles: false, bookVBA: false });
  } catch (cause) {
    throw new SluiceError("unreadable", "the Excel file is damaged or encrypted and could not be read; save it again without a password and send it anew", { cause });
  }
}

type Place = Pick<Block, "page" | "boxes" | "role">;

function addSheet(draft: Draft, request: ParseRequest, sheet: WorkSheet, name: string, place: Place): void {
  const comments: Block[] = [];
  const stretches = rowStretches(sheet, request, (cell, text) => comments.push({ ...place, kind: "paragraph", text: `${cell}: ${text}`, role: "comment" }));
  if (stretches.length > 0) draft.blocks.push({ ...place, kind: "heading", level: 2, text: name });
  for (const rows of stretches) addStretch(draft, rows, place);
  draft.blocks.push(...comments);
}

/** Stretches of rows without an empty one between; only cells that exist are visited, whatever range the sheet claims. */
function rowStretches(sheet: WorkSheet, request: ParseRequest, comment: (cell: string, text: string) => void): string[][][] {
  const stretches: string[][][] = [];
  let characters = 0;
  let last = -2;
  const data = (sheet["!data"] ?? []) as (CellObject | undefined)[][];
  // forEach passes over holes, which a for loop would count one by one.
  data.forEach((cells, rowIndex) => {
    const row: string[] = [];
    cells?.forEach((cell, columnIndex) => {
      if (!cell) return;
      const text = cellText(cell);
      if (text !== "") row[columnIndex] = text;
      characters += text.length;
      for (const note of cell.c ?? []) comment(utils.encode_cell({ r: rowIndex, c: columnIndex }), [note.a, note.t].filter(Boolean).join(": "));
    });
    if (characters > request.limits.characters) throw tooManyCharacters(characters, request.limits.characters);
    if (row.length === 0) return;
    if (rowIndex === last + 1) stretches.at(-1)!.push(Array.from(row, (text) => text ?? ""));
    else stretches.push([Array.from(row, (text) => text ?? "")]);
    last = rowIndex;
  });
  return stretches;
}

function cellText(cell: CellObject): string {
  if (cell.t === "z" || cell.v === undefined) return "";
  return (cell.w ?? utils.format_cell(cell)).trim();
}

/** Tables that stand side by side are parted by an empty column; a title over one is a paragraph, so that its header row is its first. */
function addStretch(draft: Draft, rows: string[][], place: Place): void {
  for (const part of sideBySide(rows)) {
    const isTable = part.some((row) => filled(row) > 1);
    const header = isTable ? part.findIndex((row) => filled(row) > 1) : part.length;
    for (const row of part.slice(0, header)) if (filled(row) > 0) draft.blocks.push({ ...place, kind: "paragraph", text: row.filter((text) => text !== "").join(" ") });
    draft.blocks.push(...tableBlocks(part.slice(header), place));
  }
}

const filled = (row: string[]): number => row.filter((text) => text !== "").length;

function sideBySide(rows: string[][]): string[][][] {
  const used: boolean[] = [];
  for (const row of rows) for (const [index, text] of row.entries()) if (text !== "") used[index] = true;
  const parts: string[][][] = [];
  for (let start = 0; start < used.length; start++) {
    if (!used[start]) continue;
    let end = start;
    while (used[end]) end += 1;
    parts.push(rows.map((row) => row.slice(start, end)));
    start = end;
  }
  return parts;
}
