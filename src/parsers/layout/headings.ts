import type { Line } from "./line.ts";

/** The size most letters have, and the larger sizes from the largest down: their places are heading levels. */
export interface FontSizes {
  body: number;
  larger: number[];
  /** Whether bold lines stand out, since most text is not bold. */
  boldStandsOut: boolean;
}

const larger = 1.12;
const longestHeading = 200;

export function fontSizes(lines: Iterable<Line>): FontSizes {
  const letters = new Map<number, number>();
  let bold = 0;
  let all = 0;
  for (const line of lines) {
    const size = Math.round(line.size * 2) / 2;
    letters.set(size, (letters.get(size) ?? 0) + line.text.length);
    all += line.text.length;
    if (line.bold) bold += line.text.length;
  }
  const body = [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
  const sizes = [...letters.keys()].filter((size) => size > body * larger).sort((a, b) => b - a);
  return { body, larger: mergeClose(sizes).slice(0, 5), boldStandsOut: bold < 0.4 * all };
}

function mergeClose(sizes: number[]): number[] {
  return sizes.filter((size, index) => index === 0 || sizes[index - 1]! > size * 1.05);
}

/** 1..6, or null for text: headings are larger than the body, or short bold lines of their own. */
export function headingLevel(lines: Line[], sizes: FontSizes): number | null {
  const length = lines.reduce((sum, line) => sum + line.text.length, 0);
  const { size } = lines[0]!;
  const letters = lines.some((line) => /\p{L}{2}/u.test(line.text));
  if (length > longestHeading || !letters || lines.length > 4) return null;
  if (size > sizes.body * larger) {
    const level = sizes.larger.findIndex((each) => size >= each * 0.97);
    return level === -1 ? sizes.larger.length + 1 : level + 1;
  }
  const short = length < 90 && lines.length <= 2 && !/[.,;:]$/.test(lines.at(-1)!.text);
  if (lines.every((line) => line.bold) && sizes.boldStandsOut && short && size > sizes.body * 0.9) return Math.min(6, sizes.larger.length + 1);
  return null;
}
