import { bottom, type Line, right } from "./line.ts";

export interface AlignedTable {
  rows: string[][];
  lines: Line[];
  /** How many rows of the region it takes. */
  taken: number;
}

/** Two columns of cells with more characters are two columns of text. */
const proseCell = 32;

/**
 * A table without rules that begins at row `start`: rows of two or more cells that stand in the same columns; a row with one
 * cell close under another goes on with that cell.
 */
export function alignedTable(rows: Line[][], start: number): AlignedTable | null {
  const taken: Line[][] = [];
  for (let at = start; at < rows.length; at++) {
    const row = rows[at]!;
    const before = taken.at(-1);
    const gap = before ? Math.min(...row.map((line) => line.y)) - Math.max(...before.map(bottom)) : 0;
    const size = row[0]!.size;
    const goesOn = row.length === 1 && before !== undefined && gap < 0.7 * size && taken.length > 1 && row[0]!.width < 0.4 * extent(taken.flat());
    if ((row.length < 2 && !goesOn) || gap > 2.5 * size) break;
    taken.push(row);
  }
  while (taken.length > 0 && taken.at(-1)!.length < 2) taken.pop();
  const full = taken.filter((row) => row.length > 1);
  const widest = Math.max(0, ...full.map((row) => row.length));
  if (full.length < 2 || (widest === 2 && full.length < 3)) return null;
  const columns = findColumns(full.flat());
  if (columns.length < 2 || columns.length > widest + 1) return null;
  const cells = full.flat();
  const isProse = widest === 2 && cells.reduce((sum, line) => sum + line.text.length, 0) / cells.length > proseCell;
  return isProse ? null : { rows: toCells(taken, columns), lines: taken.flat(), taken: taken.length };
}

const extent = (lines: Line[]): number => Math.max(...lines.map(right)) - Math.min(...lines.map((line) => line.x));

/** Stretches of x that cells cover together. */
function findColumns(lines: Line[]): { x0: number; x1: number }[] {
  const columns: { x0: number; x1: number }[] = [];
  for (const line of [...lines].sort((a, b) => a.x - b.x)) {
    const last = columns.at(-1);
    if (last && line.x < last.x1) last.x1 = Math.max(last.x1, right(line));
    else columns.push({ x0: line.x, x1: right(line) });
  }
  return columns;
}

function toCells(rows: Line[][], columns: { x0: number; x1: number }[]): string[][] {
  const cells: string[][] = [];
  for (const row of rows) {
    const texts = columns.map((column) => row.filter((line) => line.x < column.x1 && right(line) > column.x0).map((line) => line.text).join(" "));
    const last = cells.at(-1);
    if (row.length === 1 && last) for (const [index, text] of texts.entries()) last[index] = `${last[index]} ${text}`.trim();
    else cells.push(texts);
  }
  return cells;
}
