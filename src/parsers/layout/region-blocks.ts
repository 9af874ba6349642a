import type { Block, Box } from "../../data/block.ts";
import { tableBlocks } from "../table.ts";
import { alignedTable } from "./aligned-table.ts";
import { headingLevel, type FontSizes } from "./headings.ts";
import { joinLines } from "./join-lines.ts";
import { bottom, type Line, right, toRows } from "./line.ts";

const bullet = /^(?:[•▪◦‣●○■□\uf0a7\uf0b7]|[–—-](?=\s))\s*/;
const number = /^(?:\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)/;

/** Blocks of one region: tables of aligned cells, lists, headings and paragraphs. */
export function regionBlocks(lines: Line[], page: number, sizes: FontSizes, words: Set<string>): Block[] {
  const rows = toRows(lines);
  const blocks: Block[] = [];
  let open: Line[] = [];
  const close = (): void => {
    blocks.push(...textBlocks(open, page, sizes, words));
    open = [];
  };
  for (let at = 0; at < rows.length; at++) {
    const table = rows[at]!.length > 1 ? alignedTable(rows, at) : null;
    if (!table) {
      open.push(oneLine(rows[at]!));
      continue;
    }
    close();
    blocks.push(...tableBlocks(table.rows, { page, boxes: [boxOf(table.lines, page)] }));
    at += table.taken - 1;
  }
  close();
  return blocks;
}

function oneLine(row: Line[]): Line {
  const [first, ...others] = row;
  if (others.length === 0) return first!;
  const box = boxOf(row, 1);
  return { ...first!, ...box, text: row.map((line) => line.text).join(" "), bold: row.every((line) => line.bold) };
}

export function boxOf(lines: Line[], page: number): Box {
  const x = Math.min(...lines.map((line) => line.x));
  const y = Math.min(...lines.map((line) => line.y));
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { page, x: round(x), y: round(y), width: round(Math.max(...lines.map(right)) - x), height: round(Math.max(...lines.map(bottom)) - y) };
}

function textBlocks(lines: Line[], page: number, sizes: FontSizes, words: Set<string>): Block[] {
  const region = { left: Math.min(...lines.map((line) => line.x)), right: Math.max(...lines.map(right)), gap: usualGap(lines) };
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && goesOn(last, line, region, sizes)) last.push(line);
    else groups.push([line]);
  }
  const blocks: Block[] = [];
  for (const group of groups) addGroup(blocks, group, page, sizes, words);
  return blocks;
}

function addGroup(blocks: Block[], group: Line[], page: number, sizes: FontSizes, words: Set<string>): void {
  const text = joinLines(group.map((line) => line.text), words);
  const boxes = [boxOf(group, page)];
  const level = headingLevel(group, sizes);
  const listed = level === null && isItem(text);
  const item = text.replace(bullet, "- ");
  const last = blocks.at(-1);
  if (listed && last?.kind === "list") {
    last.text += `\n${item}`;
    last.boxes = [...last.boxes, ...boxes];
  } else if (level !== null) blocks.push({ kind: "heading", level, text, page, boxes });
  else blocks.push({ kind: listed ? "list" : "paragraph", text: listed ? item : text, page, boxes });
}

const isItem = (text: string): boolean => bullet.test(text) || number.test(text);

/** The gap between two lines of a paragraph here: the median over the region. */
function usualGap(lines: Line[]): number {
  const gaps = lines.slice(1).map((line, index) => line.y - bottom(lines[index]!)).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 0;
}

function goesOn(group: Line[], line: Line, region: { left: number; right: number; gap: number }, sizes: FontSizes): boolean {
  const before = group.at(-1)!;
  const gap = line.y - bottom(before);
  if (Math.abs(line.size - before.size) > 0.12 * before.size || line.bold !== before.bold) return false;
  if (gap > Math.max(region.gap, 0) + 0.4 * line.size && gap > 0.25 * line.size) return false;
  if (isItem(line.text)) return false;
  if (headingLevel([before], sizes) !== null) return headingLevel([line], sizes) !== null;
  const inItem = isItem(group[0]!.text);
  if (inItem) return Math.abs(line.x - group[0]!.x) > 0.3 * line.size || /^\p{Ll}/u.test(line.text);
  const indented = line.x > before.x + 0.9 * line.size && before.x < region.left + 0.9 * line.size;
  const ended = /[.!?:;]["”)]?$/.test(before.text);
  const short = right(before) < region.right - 0.2 * (region.right - region.left);
  return !(indented && group.length > 1) && !(ended && short);
}
