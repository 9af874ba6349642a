export interface Cell {
  start: number;
  end: number;
  /** The header of its column. */
  context: string;
  /** Seen in running text by its form, which code and configuration share. */
  inText?: boolean;
}

const rule = /^\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t:|-]*)?$/;

/** Cells of the Markdown tables in a text, each with its column's header: this is how tables stand in passages and prompts. */
export function* tableCells(text: string): Generator<Cell> {
  let header: string[] | null = null;
  let previous: { start: number; end: number } | null = null;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const first = text.slice(start, Math.min(end, start + 400));
    if (!first.includes("|")) header = null;
    else if (previous && rule.test(first.trim())) header = cellsOf(text, previous.start, previous.end).map((cell) => text.slice(cell.start, cell.end).trim());
    else if (header) yield* withHeaders(cellsOf(text, start, end), header);
    previous = { start, end };
    start = end + 1;
  }
}

function* withHeaders(cells: { start: number; end: number }[], header: string[]): Generator<Cell> {
  for (const [index, cell] of cells.entries()) if (header[index]) yield { ...cell, context: header[index] };
}

/** Cells of one row; a backslash before a bar makes it part of the cell. */
function cellsOf(text: string, start: number, end: number): { start: number; end: number }[] {
  const cells: { start: number; end: number }[] = [];
  let from = start;
  for (let at = start; at < end; at++) {
    if (text[at] !== "|" || text[at - 1] === "\\") continue;
    if (at > start) cells.push({ start: from, end: at });
    from = at + 1;
  }
  if (text.slice(from, end).trim() !== "") cells.push({ start: from, end });
  return text.slice(start, end).trimStart().startsWith("|") && text[start] !== "|" ? cells.slice(1) : cells;
}
