import { Util, type PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Run } from "./layout/line.ts";
import type { Rule } from "./layout/ruled-tables.ts";
import { readOperators, type PlacedPicture } from "./pdf-operators.ts";

export interface PdfPage {
  number: number;
  width: number;
  height: number;
  runs: Run[];
  /** Text that runs up or down the page, such as a stamp at the side. */
  turned: Run[];
  rules: Rule[];
  pictures: PlacedPicture[];
  /** Whether anything but text is drawn. */
  painted: boolean;
}

interface Item {
  str: string;
  width: number;
  height: number;
  transform: number[];
  fontName: string;
}

/** Text with places, drawn lines and pictures of one page, in points from its top left as it is shown. */
export async function readPage(page: PDFPageProxy): Promise<PdfPage> {
  const viewport = page.getViewport({ scale: 1 });
  const operators = await page.getOperatorList();
  const content = await page.getTextContent();
  const { rules, pictures, painted } = readOperators(operators, viewport.transform);
  const result: PdfPage = { number: page.pageNumber, width: viewport.width, height: viewport.height, runs: [], turned: [], rules, pictures, painted };
  const bold = new Map<string, boolean>();
  for (const item of content.items) {
    if (!("str" in item) || item.str.trim() === "") continue;
    const known = bold.get(item.fontName) ?? isBold(page, item.fontName);
    bold.set(item.fontName, known);
    addItem(result, item as Item, viewport.transform, known);
  }
  return result;
}

function addItem(page: PdfPage, item: Item, transform: number[], bold: boolean): void {
  const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = Util.transform(transform, item.transform) as number[];
  const size = Math.hypot(c, d);
  if (!Number.isFinite(size) || size === 0) return;
  const angle = Math.atan2(b, a);
  const text = item.str;
  if (Math.abs(angle) < 0.1) page.runs.push({ text, x, y: y - 0.85 * size, width: item.width, height: 1.05 * size, size, bold });
  else {
    const [dx, dy] = [item.width * Math.cos(angle), item.width * Math.sin(angle)];
    page.turned.push({ text, x: Math.min(x, x + dx), y: Math.min(y, y + dy), width: Math.abs(dx) + size * Math.abs(Math.sin(angle)), height: Math.abs(dy) + size * Math.abs(Math.cos(angle)), size, bold });
  }
}

function isBold(page: PDFPageProxy, fontName: string): boolean {
  if (!page.commonObjs.has(fontName)) return false;
  const font = page.commonObjs.get(fontName) as { name?: string; bold?: boolean; black?: boolean };
  return Boolean(font.bold ?? font.black) || /bold|black|heavy|semibold|demi/i.test(font.name ?? "");
}
