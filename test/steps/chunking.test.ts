import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block } from "../../src/data/block.ts";
import { ChunkOptions } from "../../src/steps/chunk-options.ts";
import { chunkBlocks, tokensOf } from "../../src/steps/chunking.ts";
import { placeBlocks } from "../../src/steps/placed-blocks.ts";

const options = ChunkOptions.parse({});
const block = (kind: Block["kind"], text: string, more: Partial<Block> = {}): Block => ({ kind, text, page: 1, boxes: [], ...more });
const chunks = (blocks: Block[], given = options) => chunkBlocks("document", placeBlocks(blocks), given);
const prose = (sentences: number, word = "turbine") => Array.from({ length: sentences }, (_, n) => `The ${word} number ${n} turns in the tidal current of the firth.`).join(" ");

describe("chunks", () => {
  it("begin anew at each section and know the headings above them", () => {
    const found = chunks([
      block("heading", "Report", { level: 1 }),
      block("heading", "Results", { level: 2 }),
      block("paragraph", prose(40)),
      block("heading", "Outlook", { level: 2 }),
      block("paragraph", prose(40, "rotor")),
    ]);
    expect(found.map((each) => each.headings)).toEqual([["Report", "Results"], ["Report", "Outlook"]]);
  });

  it("join small neighbouring sections, each under its own heading line", () => {
    const found = chunks([block("heading", "A", { level: 1 }), block("paragraph", "First."), block("heading", "B", { level: 1 }), block("paragraph", "Second.")]);
    expect(found.map((each) => each.text)).toEqual(["First.\n\nB\nSecond."]);
  });

  it("of a long table repeat its header", () => {
    const rows = Array.from({ length: 400 }, (_, n) => `| part ${n} | ${n * 3} | EUR |`);
    const found = chunks([block("table", ["| Part | Price | Currency |", "| --- | --- | --- |", ...rows].join("\n"))]);
    expect(found.length).toBeGreaterThan(1);
    for (const each of found) expect(each.text.startsWith("| Part | Price | Currency |\n| --- | --- | --- |\n")).toBe(true);
    expect(rows.every((row) => found.some((each) => each.text.includes(row)))).toBe(true);
  });

  it("keep their ids when a section before them is edited", () => {
    const document = (first: string) => [block("heading", "One", { level: 1 }), block("paragraph", first), block("heading", "Two", { level: 1 }), block("paragraph", prose(60))];
    const before = chunks(document(prose(50)));
    const after = chunks(document(`An inserted sentence. ${prose(50)}`));
    expect(after.at(-1)!.id).toBe(before.at(-1)!.id);
    expect(after[0]!.id).not.toBe(before[0]!.id);
  });

  it("of equal text have different ids, in the order they come", () => {
    const table = "| A |\n| --- |\n| 1 |";
    const found = chunks([block("table", table), block("table", table)]);
    expect(new Set(found.map((each) => each.id)).size).toBe(2);
    expect(chunks([block("table", table)])[0]!.id).toBe(found[0]!.id);
  });

  it("leave page headers and footers out, and a heading without a body in", () => {
    const found = chunks([block("paragraph", "ACME 2024", { role: "header" }), block("heading", "Only a title", { level: 1 })]);
    expect(found.map((each) => each.text)).toEqual(["Only a title"]);
  });

  it("never exceed the hard limit and lose no word, whatever the text", () => {
    const text = fc.array(fc.oneof(fc.lorem({ maxCount: 60, mode: "sentences" }), fc.string({ minLength: 1, maxLength: 4000 })), { minLength: 1, maxLength: 6 });
    const small = ChunkOptions.parse({ target: 60, hard: 100, join: 20 });
    fc.assert(
      fc.property(text, (paragraphs) => {
        const blocks = paragraphs.map((each) => block("paragraph", each));
        const found = chunks(blocks, small);
        for (const each of found) expect(tokensOf(each.text)).toBeLessThanOrEqual(small.hard);
        const words = (all: string[]) => all.join("").replace(/\s+/gu, "");
        expect(words(found.map((each) => each.text))).toBe(words(paragraphs.filter((each) => each.trim() !== "")));
      }),
      { numRuns: 60 },
    );
  });
});
