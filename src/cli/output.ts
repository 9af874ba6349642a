import { once } from "node:events";
import type { Terminal } from "./cli-app.ts";

export interface Column<T> {
  title: string;
  value: (row: T) => string | number;
  align?: "right";
}

/** The two ways results are written: one JSON value a line, or tables and sentences for a person. */
export interface Output {
  json: boolean;
  /** A result: the value as a line under `--json`, else what `human` writes. */
  result(value: unknown, human: () => string): Promise<void>;
  /** Results as they come, without a line break of their own; nothing under `--json`. */
  stream(text: string): void;
  /** Anything that is not a result, on stderr. */
  note(text: string): void;
}

export function openOutput(terminal: Terminal, json: boolean): Output {
  const write = async (text: string) => {
    if (!terminal.stdout.write(text)) await once(terminal.stdout, "drain");
  };
  return {
    json,
    result: (value, human) => write(json ? `${JSON.stringify(value)}\n` : `${printable(human())}\n`),
    stream: (text) => void (json || terminal.stdout.write(printable(text))),
    note: (text) => void terminal.stderr.write(`${printable(text)}\n`),
  };
}

/** Documents write these texts: a control sequence in one must not steer the reader's terminal. */
export const printable = (text: string): string => text.replace(/[^\P{C}\n\t\u00ad\u200b-\u200d]/gu, "\ufffd");

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns a text takes; wide are CJK and emoji. */
const widthOf = (text: string): number => {
  let width = 0;
  for (const { segment } of segments.segment(text)) width += /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(segment) ? 2 : 1;
  return width;
};

export function shorten(text: string, columns: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (widthOf(line) <= columns) return line;
  let kept = "";
  let width = 0;
  for (const { segment } of segments.segment(line)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A table with a rule under its titles; the widest text column gives way where the screen ends. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], screen = 120): string {
  const cells = rows.map((row) => columns.map(({ value }) => String(value(row)).replace(/\s+/g, " ")));
  const widths = columns.map(({ title }, at) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[at]!))));
  for (let over = total(widths) - screen; over > 0; over = total(widths) - screen) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 12) break;
    widths[widest] = Math.max(12, widths[widest]! - over);
  }
  const line = (row: string[]) =>
    row
      .map((cell, at) => {
        const text = shorten(cell, widths[at]!);
        const fill = " ".repeat(Math.max(0, widths[at]! - widthOf(text)));
        return columns[at]!.align === "right" ? fill + text : text + fill;
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)].join("\n");
}

const total = (widths: number[]): number => widths.reduce((sum, width) => sum + width + 2, -2);

export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
