import type { Run } from "./line.ts";

/** A drawn straight line. Points, origin at the top left. */
export interface Rule {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface RuledTable {
  rows: string[][];
  x: number;
  y: number;
  width: number;
  height: number;
}

const near = 3;
const mostRules = 4000;

/** Tables whose cells are drawn; the runs that lie in them are taken out of `runs`. */
export function takeRuledTables(runs: Run[], rules: Rule[]): { tables: RuledTable[]; rest: Run[] } {
  const tables: RuledTable[] = [];
  let rest = runs;
  for (const group of connected(rules.slice(0, mostRules))) {
    const columns = places(group.filter(isVertical).map((rule) => rule.x0), group);
    const rows = places(group.filter((rule) => !isVertical(rule)).map((rule) => rule.y0));
    if (columns.length < 3 || rows.length < 3) continue;
    const inside = rest.filter((run) => within(run, columns, rows));
    const filled = fill(inside, columns, rows);
    const values = filled.flat().filter((text) => text !== "").length;
    if (values < 3 || values < 0.3 * filled.flat().length) continue;
    rest = rest.filter((run) => !inside.includes(run));
    tables.push({ rows: filled, x: columns[0]!, y: rows[0]!, width: columns.at(-1)! - columns[0]!, height: rows.at(-1)! - rows[0]! });
  }
  return { tables, rest };
}

const isVertical = (rule: Rule): boolean => Math.abs(rule.x1 - rule.x0) < Math.abs(rule.y1 - rule.y0);
const centre = (run: Run): [number, number] => [run.x + Math.min(run.width / 2, run.size), run.y + run.height / 2];

function within(run: Run, columns: number[], rows: number[]): boolean {
  const [x, y] = centre(run);
  return x > columns[0]! - near && x < columns.at(-1)! + near && y > rows[0]! - near && y < rows.at(-1)! + near;
}

interface Group extends Rule {
  rules: Rule[];
}

/** Rules that touch belong to one table. A group takes in what touches it: copying it for each rule would take the square of their number. */
function connected(rules: Rule[]): Rule[][] {
  const groups: Group[] = [];
  for (const rule of rules) {
    const touching = groups.filter((group) => rule.x0 <= group.x1 + near && rule.x1 >= group.x0 - near && rule.y0 <= group.y1 + near && rule.y1 >= group.y0 - near);
    const alone: Group = { ...rule, rules: [rule] };
    const all = [alone, ...touching];
    const largest = all.reduce((one, other) => (other.rules.length > one.rules.length ? other : one));
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    for (const each of all) {
      if (each === largest) continue;
      for (const one of each.rules) largest.rules.push(one);
      Object.assign(largest, { x0: Math.min(largest.x0, each.x0), y0: Math.min(largest.y0, each.y0), x1: Math.max(largest.x1, each.x1), y1: Math.max(largest.y1, each.y1) });
    }
    groups.push(largest);
  }
  return groups.map((group) => group.rules).filter((group) => group.length >= 4 && group.length < mostRules);
}

/** The distinct places of parallel rules; a table with horizontal rules only gets its two outer sides. */
function places(values: number[], group?: Rule[]): number[] {
  const sides = group ? [Math.min(...group.map((rule) => rule.x0)), Math.max(...group.map((rule) => rule.x1))] : [];
  const all = values.length >= 1 ? [...values, ...sides] : [];
  const distinct: number[] = [];
  for (const value of all.sort((a, b) => a - b)) if (distinct.length === 0 || value - distinct.at(-1)! > near) distinct.push(value);
  return distinct;
}

function fill(runs: Run[], columns: number[], rows: number[]): string[][] {
  const cells = Array.from({ length: rows.length - 1 }, () => Array.from({ length: columns.length - 1 }, () => [] as Run[]));
  for (const run of runs) {
    const [x, y] = centre(run);
    const row = clamp(rows.findIndex((place) => place > y) - 1, rows.length - 2);
    const column = clamp(columns.findIndex((place) => place > x) - 1, columns.length - 2);
    cells[row]![column]!.push(run);
  }
  return cells.map((row) => row.map(cellText));
}

const clamp = (index: number, last: number): number => (index < 0 ? last : Math.min(index, last));

function cellText(runs: Run[]): string {
  const sorted = [...runs].sort((a, b) => (Math.abs(a.y - b.y) > 0.5 * a.size ? a.y - b.y : a.x - b.x));
  let text = "";
  for (const [index, run] of sorted.entries()) {
    const before = sorted[index - 1];
    const sameLine = before && Math.abs(before.y - run.y) <= 0.5 * run.size;
    const gap = before ? run.x - (before.x + before.width) : 0;
    text += (before && (!sameLine || gap > 0.16 * run.size) ? " " : "") + run.text;
  }
  return text.replace(/\s+/g, " ").trim();
}
