/** A row of a table: where it stands in the text, its cells, and the names of their columns (empty without a header). */
export interface Row {
  start: number;
  end: number;
  cells: string[];
  header: string[];
}

interface Line {
  start: number;
  end: number;
  text: string;
}

/** Splits a text into rows of tables and the stretches between them. Tables: Markdown's, and lines of aligned cells as a scan or plain text has them. */
export function splitTables(text: string): { rows: Row[]; rest: { start: number; end: number }[] } {
  const lines = linesOf(text);
  const rows: Row[] = [];
  const rest: { start: number; end: number }[] = [];
  for (let at = 0; at < lines.length; ) {
    const cellsAt = kindAt(lines, at);
    let last = at;
    if (cellsAt) {
      while (last < lines.length && cellsAt(lines[last]!.text)) last++;
      rows.push(...rowsOf(lines.slice(at, last), cellsAt));
    } else {
      while (last < lines.length && !kindAt(lines, last)) last++;
      rest.push({ start: lines[at]!.start, end: lines[last - 1]!.end });
    }
    at = last;
  }
  return { rows, rest };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ start, end: start + line.length, text: line });
    start += line.length + 1;
  }
  return lines;
}

type Cells = (line: string) => string[] | null;

const piped: Cells = (line) => (/^\s*\|.*\|\s*$/u.test(line) ? line.trim().slice(1, -1).split(/(?<!\\)\|/u).map((cell) => cell.trim()) : null);
const aligned: Cells = (line) => {
  const cells = line.trim().split(/\t+| {2,}/u);
  return cells.length > 1 && line.length < 300 ? cells : null;
};

/** How the table that starts on this line separates its cells; null outside tables. Aligned: at least two lines with as many cells. */
function kindAt(lines: Line[], at: number): Cells | null {
  if (piped(lines[at]!.text)) return piped;
  const own = aligned(lines[at]!.text);
  const next = lines[at + 1] ? aligned(lines[at + 1]!.text) : null;
  return own && next && own.length === next.length && own.every((cell) => cell.length < 80 && !/\p{L}{5,}[.!?]$/u.test(cell)) ? (line) => (aligned(line)?.length === own.length ? aligned(line) : null) : null;
}

const isRule = (cells: string[]): boolean => cells.every((cell) => /^[\s:=-]*$/u.test(cell)) && cells.some((cell) => cell.includes("-") || cell.includes("="));

function rowsOf(lines: Line[], cellsOf: Cells): Row[] {
  const all = lines.map((line) => ({ start: line.start + line.text.search(/\S/u), end: line.start + line.text.trimEnd().length, cells: cellsOf(line.text)! }));
  const ruled = all.length > 1 && isRule(all[1]!.cells);
  // Without a rule the first line is a header when it holds no number and a later one does.
  const headed = ruled || (all.length > 1 && !/\d/u.test(all[0]!.cells.join("")) && all.slice(1).some((row) => /\d/u.test(row.cells.join(""))));
  const header = headed ? all[0]!.cells : [];
  return all.slice(headed ? 1 : 0).filter((row) => !isRule(row.cells)).map((row) => ({ ...row, header }));
}

const sayNothing = /^(?:property|value|name|item|key|field|eigenschaft|wert|merkmal|angabe|feld|propriété|valeur|propiedad|valor)?$/iu;

/** A row as it reads alone: "Part: Seal kit; Price (EUR): 890". A column called "value" or not at all says nothing more than its cell. */
export function readRow({ cells, header }: Row): string {
  const pairs = cells.map((cell, column) => ({ cell, name: sayNothing.test(header[column] ?? "") ? "" : header[column]! })).filter(({ cell }) => cell);
  const [first, second] = pairs;
  if (pairs.length === 2 && first && second && !first.name && !second.name) return `${first.cell.replace(/:$/u, "")}: ${second.cell}`;
  const numbers = pairs.slice(1);
  // A column of labels before columns of numbers: its own name is the unit or nothing.
  if (numbers.length > 1 && first && !/\d/u.test(first.cell) && numbers.every(({ cell }) => /\d/u.test(cell) && !/\p{L}{4}/u.test(cell)))
    return `${first.cell}: ${numbers.map(({ cell, name }) => (name ? `${cell} (${name})` : cell)).join(", ")}${first.name ? `, ${first.name}` : ""}`;
  return pairs.map(({ cell, name }) => (name ? `${name}: ${cell}` : cell)).join("; ");
}
