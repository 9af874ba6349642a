import { identifier, pairs, roles, typesOf } from "./form-fields.ts";
import type { Add, Scene } from "./sentence.ts";

interface Field {
  role: string;
  candidate: number;
  start: number;
  end: number;
  line: number;
}

const roleOf = (label: string): string | null => roles.find(([, pattern]) => pattern.test(label.replace(/[*_]/gu, "").trim()))?.[0] ?? null;

/** Label lines ("Employer: X") and rows of Markdown tables (header and row name). */
export function readForms(scene: Scene, add: Add): void {
  const lines = linesOf(scene.text);
  let fields: Field[] = [];
  let header: string[] | null = null;
  for (const [number, line] of lines.entries()) {
    const cells = cellsOf(line);
    if (cells) {
      if (cells.every((each) => /^:?-{2,}:?$/u.test(each.text))) continue;
      const ruled = cellsOf(lines[number + 1] ?? line)?.every((each) => /^:?-{2,}:?$/u.test(each.text));
      if (ruled || !header) header = cells.map((each) => each.text);
      else readRow(scene, header, cells, line, add);
      continue;
    }
    header = null;
    if (fields.length && number - fields.at(-1)!.line > 4) fields = [];
    const field = fieldOf(scene, line, number);
    if (!field) continue;
    for (const other of fields) join(scene, [other, field], { start: other.start, end: field.end }, add);
    fields.push(field);
    if (fields.length > 12) fields.shift();
  }
}

interface Line {
  text: string;
  start: number;
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split("\n").map((each) => {
    const line = { text: each, start };
    start += each.length + 1;
    return line;
  });
}

function cellsOf(line: Line): Line[] | null {
  if (!line.text.includes("|") || line.text.length > 4000) return null;
  const cells: Line[] = [];
  let at = 0;
  for (const part of line.text.split("|")) {
    const lead = part.length - part.trimStart().length;
    if (part.trim() || (at > 0 && at + part.length < line.text.length)) cells.push({ text: part.trim(), start: line.start + at + lead });
    at += part.length + 1;
  }
  return cells.length > 1 ? cells : null;
}

function fieldOf(scene: Scene, line: Line, number: number): Field | null {
  const match = /^[\s*>•-]{0,6}([\p{L}][\p{L} /().-]{1,40}?)\s?[*_]{0,2}:[*_]{0,2}\s*\S/u.exec(line.text.slice(0, 300));
  const role = match ? roleOf(match[1]!) : null;
  if (!role) return null;
  const candidate = firstWithin(scene, line.start + match![1]!.length, line.start + line.text.length, typesOf[role]);
  return candidate < 0 ? null : { role, candidate, start: line.start, end: line.start + line.text.length, line: number };
}

/** Index of the first candidate of one of the types between two offsets, or -1; candidates stand in order. */
function firstWithin({ candidates }: Scene, start: number, end: number, types?: string[]): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (candidates[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < candidates.length && candidates[at]!.end <= end; at++) if (types?.includes(candidates[at]!.type) ?? true) return at;
  return -1;
}

function readRow(scene: Scene, header: string[], cells: Line[], line: Line, add: Add): void {
  const subject = Math.max(0, header.findIndex((each) => !identifier.test(each.replace(/[*_]/gu, "").trim())));
  const fields = cells.flatMap((cell, index): Field[] => {
    const candidate = firstWithin(scene, cell.start, cell.start + cell.text.length);
    if (candidate < 0) return [];
    const { type } = scene.candidates[candidate]!;
    const named = roleOf((header[index] ?? "").replace(/\s?[([][^)\]]{0,200}[)\]]/gu, ""));
    if (index < subject) return [];
    // The row is about what its first cell names, whatever its header says.
    const first = index === subject ? ({ PERSON: "employee", PRODUCT: "product", ORGANIZATION: "employer", CONCEPT: "project" } as Record<string, string>)[type] : undefined;
    const role = index === subject ? (named === "supplier" || named === "maker" || named === "project" || named === "customer" ? named : first ?? named) : named;
    return role && (typesOf[role]?.includes(type) ?? true) ? [{ role, candidate, start: cell.start, end: cell.start + cell.text.length, line: 0 }] : [];
  });
  join(scene, fields, { start: line.start, end: line.start + line.text.length }, add);
}

function join({ candidates }: Scene, fields: Field[], span: { start: number; end: number }, add: Add): void {
  for (const [source, type, target, strength] of pairs) {
    for (const a of fields) {
      for (const b of fields) if (a !== b && a.role === source && b.role === target && candidates[a.candidate] !== candidates[b.candidate]) add(a.candidate, type, b.candidate, span, strength, .8);
    }
  }
  for (const a of fields) for (const b of fields) if (a.role === "product" && b.role === "place") add(a.candidate, "LOCATED_IN", b.candidate, span, 5, .6);
}
