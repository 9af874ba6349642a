import type { Block } from "../data/block.ts";
import type { Draft } from "./draft.ts";
import { type FontSizes, fontSizes } from "./layout/headings.ts";
import { hyphenatedWords, joinLines } from "./layout/join-lines.ts";
import { type Line, toLines } from "./layout/line.ts";
import { distinctFurniture, takeFurniture } from "./layout/page-furniture.ts";
import { readingOrder } from "./layout/reading-order.ts";
import { boxOf, regionBlocks } from "./layout/region-blocks.ts";
import { type RuledTable, takeRuledTables } from "./layout/ruled-tables.ts";
import type { PdfPage } from "./pdf-page.ts";
import { tableBlocks } from "./table.ts";

interface LaidOut {
  number: number;
  height: number;
  lines: Line[];
  turned: Line[];
  tables: RuledTable[];
}

/** Puts the pages' text among the blocks that are already there (pictures, comments), page by page and in reading order. */
export function addPages(draft: Draft, pages: PdfPage[]): void {
  const laidOut = pages.map(layOut);
  const furniture = distinctFurniture(takeFurniture(laidOut));
  const lines = laidOut.flatMap((page) => page.lines);
  const sizes = fontSizes(lines);
  const words = hyphenatedWords(lines.map((line) => line.text));
  const others = draft.blocks;
  draft.blocks = [];
  for (const [index, page] of laidOut.entries()) {
    const own = others.filter((block) => block.page === page.number);
    const edges = furniture.filter((each) => each.page === index + 1).map(({ line, role }): Block => ({ kind: "paragraph", text: line.text, page: page.number, boxes: [boxOf([line], page.number)], role }));
    addBody(draft.blocks, [...pageBlocks(page, sizes, words), ...edges], words);
    for (const block of own) insertByPlace(draft.blocks, block);
  }
}

function layOut(page: PdfPage): LaidOut {
  const { tables, rest } = takeRuledTables(page.runs, page.rules);
  return { number: page.number, height: page.height, lines: toLines(rest), turned: page.turned, tables };
}

/** Regions and tables from top to bottom, as the regions come. */
function pageBlocks(page: LaidOut, sizes: FontSizes, words: Set<string>): Block[] {
  // A table stands in the reading order as one line, so that columns and titles keep their places around it.
  const stands = new Map<Line, RuledTable>();
  for (const table of page.tables) {
    stands.set({ text: "\u0000".repeat(200), x: table.x, y: table.y, width: table.width, height: table.height, size: sizes.body, bold: false }, table);
  }
  const blocks: Block[] = [];
  for (const region of readingOrder([...page.lines, ...stands.keys()])) {
    let open: Line[] = [];
    for (const line of region) {
      const table = stands.get(line);
      if (!table) {
        open.push(line);
        continue;
      }
      blocks.push(...regionBlocks(open, page.number, sizes, words));
      open = [];
      blocks.push(...tableBlocks(table.rows, { page: page.number, boxes: [boxOf([line], page.number)] }));
    }
    blocks.push(...regionBlocks(open, page.number, sizes, words));
  }
  for (const line of page.turned) blocks.push({ kind: "paragraph", text: line.text, page: page.number, boxes: [boxOf([line], page.number)] });
  return blocks;
}

/** A paragraph that a column or page breaks off goes on in the next one. */
function addBody(blocks: Block[], added: Block[], words: Set<string>): void {
  for (const block of added) {
    const last = blocks.findLast((each) => each.role === undefined && each.kind !== "picture");
    const goesOn = last?.kind === "paragraph" && block.kind === "paragraph" && block.role === undefined && last !== undefined;
    if (goesOn && /[\p{L},-]$/u.test(last.text) && /^\p{Ll}/u.test(block.text) && below(last, block)) {
      last.text = joinLines([last.text, block.text], words);
      last.boxes = [...last.boxes, ...block.boxes];
    } else blocks.push(block);
  }
}

/** Only a jump to another column or page breaks a paragraph off; the next paragraph below is another one. */
function below(last: Block, next: Block): boolean {
  const [before, after] = [last.boxes.at(-1), next.boxes[0]];
  return !before || !after || after.page !== before.page || after.y < before.y || after.x > before.x + before.width;
}

/** A picture comes before the first block of its page that begins below its top. */
function insertByPlace(blocks: Block[], block: Block): void {
  const top = block.boxes[0]?.y;
  const place = top === undefined ? -1 : blocks.findIndex((each) => each.page === block.page && each.role === undefined && (each.boxes[0]?.y ?? -1) > top && sameColumn(each, block));
  if (place === -1) blocks.push(block);
  else blocks.splice(place, 0, block);
}

function sameColumn(a: Block, b: Block): boolean {
  const [one, other] = [a.boxes[0]!, b.boxes[0]!];
  return one.x < other.x + other.width && other.x < one.x + one.width;
}
