import type { CheerioAPI } from "cheerio";

type Node_ = ReturnType<CheerioAPI>[number];

const widest = 200;

/**
 * Rows with spans filled by repeating the cell, so that every value keeps its header; null for a table that only
 * arranges a page (other tables in it, or one cell).
 */
export function htmlRows($: CheerioAPI, table: Node_, text: (cell: Node_) => string): string[][] | null {
  const lines = $(table).find("tr").toArray().filter((row) => $(row).closest("table")[0] === table);
  const nested = $(table).find("table").length > 0;
  const widths = lines.map((row) => $(row).children("td, th").length);
  if (nested || Math.max(0, ...widths) * lines.length <= 1) return null;
  const rows: string[][] = [];
  const open = new Map<number, { text: string; rows: number }>();
  for (const line of lines) rows.push(readRow($, line, open, text));
  return rows;
}

function readRow($: CheerioAPI, line: Node_, open: Map<number, { text: string; rows: number }>, text: (cell: Node_) => string): string[] {
  const row: string[] = [];
  const takeOpen = (): void => {
    for (let spanned = open.get(row.length); spanned; spanned = open.get(row.length)) {
      if (--spanned.rows === 0) open.delete(row.length);
      row.push(spanned.text);
    }
  };
  for (const cell of $(line).children("td, th").toArray()) {
    takeOpen();
    const content = text(cell).replaceAll("\n", " ");
    const columns = span($(cell).attr("colspan"));
    const rows = span($(cell).attr("rowspan"));
    for (let index = 0; index < columns && row.length < widest; index++) {
      if (rows > 1) open.set(row.length, { text: content, rows: rows - 1 });
      row.push(content);
    }
  }
  takeOpen();
  return row;
}

const span = (value: string | undefined): number => Math.min(widest, Math.max(1, Number.parseInt(value ?? "1", 10) || 1));
