/** A stretch of text on one baseline. Points, origin at the top left; `y` is the top. */
export interface Run {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Font size in points. */
  size: number;
  bold: boolean;
}

/** Runs of one baseline without a wide gap: a line of a column, or a cell. */
export type Line = Run;

export const right = (line: Run): number => line.x + line.width;
export const bottom = (line: Run): number => line.y + line.height;

/** Of the font size; a wider gap parts columns. */
const usualSpace = 1;
const mark = /^(?:[•▪◦‣●○■□–—-]|\d{1,3}[.)]|\(?[a-z]\)|[\uf0a7\uf0b7])$/i;

/** Lines from runs: those of one baseline are put together from left to right, until a gap wider than a letter. */
export function toLines(runs: Run[], widestSpace: number = usualSpace): Line[] {
  const lines: Line[] = [];
  for (const row of toRows(runs)) {
    let open: Line | undefined;
    for (const run of row) {
      const gap = open ? run.x - right(open) : 0;
      const near = open !== undefined && (gap < widestSpace * Math.max(open.size, run.size) || (mark.test(open.text.trim()) && gap < 4 * run.size));
      if (open && near) join(open, run, gap);
      else lines.push((open = { ...run }));
    }
  }
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, " ").trim() })).filter((line) => line.text !== "");
}

/** Items whose heights overlap by half stand in one row, so that raised and lowered letters stay with their line. */
export function toRows<T extends Run>(items: T[]): T[][] {
  const rows: { top: number; bottom: number; items: T[] }[] = [];
  for (const item of [...items].sort((a, b) => a.y - b.y)) {
    const row = rows.findLast((each) => Math.min(each.bottom, bottom(item)) - Math.max(each.top, item.y) > 0.5 * Math.min(item.height, each.bottom - each.top));
    if (row) row.items.push(item);
    else rows.push({ top: item.y, bottom: bottom(item), items: [item] });
  }
  return rows.sort((a, b) => a.top - b.top).map((row) => row.items.sort((a, b) => a.x - b.x));
}

function join(line: Line, run: Run, gap: number): void {
  const space = gap > 0.16 * Math.min(line.size, run.size) && !/\s$/.test(line.text) && !/^\s/.test(run.text);
  const overlaps = run.x < line.x + line.width - 0.5 * run.width && run.text.trim() !== "" && line.text.endsWith(run.text);
  // Some programs print bold letters by printing them twice.
  if (overlaps) return;
  const end = Math.max(right(line), right(run));
  const bigger = run.text.trim().length > line.text.trim().length;
  const top = Math.min(line.y, run.y);
  line.height = Math.max(bottom(line), bottom(run)) - top;
  line.y = top;
  line.text += (space ? " " : "") + run.text;
  line.width = end - line.x;
  line.bold &&= run.bold || run.text.trim() === "";
  if (bigger) line.size = run.size;
}
