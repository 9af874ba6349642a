import { OPS, Util } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Box } from "../data/block.ts";
import type { Rule } from "./layout/ruled-tables.ts";

export interface PlacedPicture {
  /** Name among the page's objects, or the picture itself when it is written into the page. */
  source: string | object;
  box: Omit<Box, "page">;
}

export interface Operators {
  rules: Rule[];
  pictures: PlacedPicture[];
  painted: boolean;
}

type Matrix = number[];

const straight = 1.5;
const shortestRule = 6;
const mostRules = 20_000;
const moveTo = 0;
const lineTo = 1;
const curveTo = 2;
const closePath = 3;

/** Walks what a page draws, keeping its matrix, for straight lines and pictures. */
export function readOperators({ fnArray, argsArray }: { fnArray: number[]; argsArray: unknown[] }, viewport: Matrix): Operators {
  const found: Operators = { rules: [], pictures: [], painted: false };
  const stack: Matrix[] = [];
  let matrix = viewport;
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index] as unknown[] | null;
    if (operator === OPS.save) stack.push(matrix);
    else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) matrix = stack.pop() ?? viewport;
    else if (operator === OPS.transform) matrix = Util.transform(matrix, args as Matrix) as Matrix;
    else if (operator === OPS.paintFormXObjectBegin) {
      stack.push(matrix);
      if (args?.[0]) matrix = Util.transform(matrix, [...(args[0] as Matrix)]) as Matrix;
    } else if (operator === OPS.constructPath && args && args[0] !== OPS.endPath) addRules(found, args, matrix);
    else if (operator === OPS.paintImageXObject || operator === OPS.paintInlineImageXObject) found.pictures.push({ source: args![0] as string | object, box: unitBox(matrix) });
    else if (operator === OPS.paintImageMaskXObject || operator === OPS.shadingFill) found.painted = true;
  }
  return found;
}

function addRules(found: Operators, args: unknown[], matrix: Matrix): void {
  found.painted = true;
  const data = (args[1] as (Float32Array | null)[])[0];
  if (!data || found.rules.length > mostRules) return;
  let start: [number, number] = [0, 0];
  let from: [number, number] = [0, 0];
  for (let at = 0; at < data.length; ) {
    const step = data[at]!;
    if (step === closePath) {
      addRule(found, from, start);
      from = start;
      at += 1;
      continue;
    }
    const points = step === curveTo ? 3 : 1;
    const to = place(matrix, data[at + points * 2 - 1]!, data[at + points * 2]!);
    if (step === lineTo) addRule(found, from, to);
    if (step === moveTo) start = to;
    if (step !== moveTo && step !== lineTo && step !== curveTo) return;
    from = to;
    at += 1 + points * 2;
  }
}

const place = ([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: Matrix, x: number, y: number): [number, number] => [a * x + c * y + e, b * x + d * y + f];

function addRule(found: Operators, [x0, y0]: [number, number], [x1, y1]: [number, number]): void {
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (Math.min(width, height) > straight || Math.max(width, height) < shortestRule) return;
  found.rules.push({ x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) });
}

/** A picture is drawn into the unit square of the matrix. */
function unitBox(matrix: Matrix): Omit<Box, "page"> {
  const corners = [place(matrix, 0, 0), place(matrix, 1, 0), place(matrix, 0, 1), place(matrix, 1, 1)];
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { x: round(x), y: round(y), width: round(Math.max(...xs) - x), height: round(Math.max(...ys) - y) };
}
