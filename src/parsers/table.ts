import type { Block } from "../data/block.ts";

/** Rows a table block holds besides its header, so that one block stays a passage. */
const rowsOfBlock = 100;

const cell = (text: string): string => text.replace(/\s+/g, " ").trim();

const line = (row: string[]): string => `| ${row.map((text) => text.replaceAll("|", String.raw`\|`)).join(" | ")} |`;

/** Header first; a bar in a cell is escaped. */
export function tableMarkdown(rows: string[][]): string {
  const [header = [], ...body] = rows;
  return [line(header), `|${" --- |".repeat(header.length)}`, ...body.map(line)].join("\n");
}

/** Blocks of one table: equal widths, no empty rows or columns, the header repeated over each part. */
export function tableBlocks(rows: string[][], place: Pick<Block, "page" | "boxes" | "role">): Block[] {
  const tidy = tidyRows(rows);
  if (tidy.length === 0) return [];
  const [header = [], ...body] = tidy;
  const blocks: Block[] = [];
  for (let start = 0; start === 0 || start < body.length; start += rowsOfBlock) {
    const part = [header, ...body.slice(start, start + rowsOfBlock)];
    blocks.push({ kind: "table", text: tableMarkdown(part), rows: part, ...place });
  }
  return blocks;
}

function tidyRows(rows: string[][]): string[][] {
  const cleaned = rows.map((row) => row.map(cell)).filter((row) => row.some((text) => text !== ""));
  const used: boolean[] = [];
  for (const row of cleaned) for (const [index, text] of row.entries()) if (text !== "") used[index] = true;
  const columns = Array.from(used, (filled, index) => (filled ? index : -1)).filter((index) => index >= 0);
  return cleaned.map((row) => columns.map((index) => row[index] ?? ""));
}
