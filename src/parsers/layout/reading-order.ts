import { bottom, type Line, right, toRows } from "./line.ts";

/** Mean characters of a line of prose; a column of shorter ones is a column of a table. */
const proseLine = 18;
const mostCandidates = 80;
const fewestLines = 3;

/**
 * Regions in reading order. A page is split where a gutter has prose on both sides; lines that cross it (titles, wide
 * figures) part the columns into bands that are read one after the other.
 */
export function readingOrder(lines: Line[], depth = 0): Line[][] {
  const gutter = depth < 3 ? findGutter(lines) : null;
  if (gutter === null) return lines.length === 0 ? [] : [toRows(lines).flat()];
  const body = median(lines.map((line) => line.size));
  const regions: Line[][] = [];
  let band: Line[] = [];
  const closeBand = (): void => {
    const left = band.filter((line) => right(line) <= gutter + 1);
    const other = band.filter((line) => right(line) > gutter + 1);
    regions.push(...readingOrder(left, depth + 1), ...readingOrder(other, depth + 1));
    band = [];
  };
  let crossing: Line[] = [];
  for (const line of toRows(lines).flat()) {
    if (crosses(line, gutter) || endsTitle(crossing.at(-1), line, body)) {
      if (band.length > 0) closeBand();
      crossing.push(line);
    } else {
      if (crossing.length > 0) regions.push(...readingOrder(crossing, depth + 1));
      crossing = [];
      band.push(line);
    }
  }
  closeBand();
  if (crossing.length > 0) regions.push(...readingOrder(crossing, depth + 1));
  return regions;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The last line of a large title over the columns may be too short to cross the gutter. */
function endsTitle(above: Line | undefined, line: Line, body: number): boolean {
  if (!above || line.size < 1.12 * body) return false;
  return Math.abs(line.size - above.size) < 0.05 * line.size && line.y - bottom(above) < 0.8 * line.size;
}

const crosses = (line: Line, x: number): boolean => line.x < x - 1 && right(line) > x + 1;

function findGutter(lines: Line[]): number | null {
  if (lines.length < 2 * fewestLines) return null;
  let best: { x: number; crossing: number } | null = null;
  for (const x of leftEdges(lines)) {
    const crossing = countCrossing(lines, x, best?.crossing ?? lines.length * 0.35);
    if (crossing !== null && (best === null || crossing < best.crossing) && isGutter(lines, x)) best = { x, crossing };
  }
  return best?.x ?? null;
}

/** Where many lines begin a column may begin; just left of it may be its gutter. */
function leftEdges(lines: Line[]): number[] {
  const counts = new Map<number, number>();
  for (const line of lines) counts.set(Math.floor(line.x) - 1, (counts.get(Math.floor(line.x) - 1) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostCandidates)
    .map(([x]) => x);
}

function countCrossing(lines: Line[], x: number, limit: number): number | null {
  let count = 0;
  for (const line of lines) if (crosses(line, x) && ++count > limit) return null;
  return count;
}

function isGutter(lines: Line[], x: number): boolean {
  const left = lines.filter((line) => right(line) <= x + 1);
  const other = lines.filter((line) => line.x >= x - 1);
  if (left.length < fewestLines || other.length < fewestLines || !isProse(left) || !isProse(other)) return false;
  const size = Math.max(...left.map((line) => line.size).slice(0, 50));
  const gap = Math.min(...other.map((line) => line.x)) - Math.max(...left.map(right));
  const [top, end] = [Math.max(top_(left), top_(other)), Math.min(end_(left), end_(other))];
  const shorter = Math.min(end_(left) - top_(left), end_(other) - top_(other));
  return gap > Math.min(6, 0.5 * size) && end - top > 0.4 * shorter;
}

const isProse = (lines: Line[]): boolean => lines.reduce((sum, line) => sum + line.text.length, 0) / lines.length >= proseLine;
const top_ = (lines: Line[]): number => Math.min(...lines.map((line) => line.y));
const end_ = (lines: Line[]): number => Math.max(...lines.map(bottom));
