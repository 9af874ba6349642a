import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { readPolicyTable } from "../../src/privacy/policy.ts";
import { scanPassages, type Scanned } from "../../src/privacy/scan.ts";
import { detectors } from "./find.ts";
import { harmlessTexts } from "./harmless-texts.ts";
import { type LabelledText, labelledTexts } from "./labelled-texts.ts";

const language = openLanguage();
const table = readPolicyTable();
const scores = Object.fromEntries(Object.entries(table).map(([kind, row]) => [kind, row.score]));
const scan = (text: string): Scanned => scanPassages({ passages: [{ text }], terms: [], allow: [], scores }, detectors, language.identify, () => {})[0]!;
const read = labelledTexts.map((each) => ({ ...each, mask: maskOf(each, scan(each.text)) }));

function maskOf({ text }: LabelledText, { found }: Scanned): Uint8Array {
  const mask = new Uint8Array(text.length);
  for (const each of found) mask.fill(1, each.start, each.end);
  return mask;
}

const share = (mask: Uint8Array, start: number, end: number): number => mask.subarray(start, end).reduce((sum, each) => sum + each, 0) / (end - start);

/** Spans of which nine characters in ten are found. */
function missed(of: string, chosen: (kind: string) => boolean): { missed: string[]; all: number } {
  const spans = read.filter((each) => each.language === of).flatMap(({ text, mask, spans: all }) => all.filter((each) => chosen(each.kind)).map((each) => ({ value: `${each.kind} ${text.slice(each.start, each.end)}`, hit: share(mask, each.start, each.end) >= .9 })));
  return { missed: spans.filter((each) => !each.hit).map((each) => each.value), all: spans.length };
}

describe("texts whose private parts are marked", () => {
  it.each(["en", "de", "fr", "es"])("are found by their structured kinds in %s", (of) => {
    expect(missed(of, (kind) => kind !== "person" && kind !== "address").missed).toEqual([]);
  });

  it.each(["en", "de", "fr", "es"])("have at most one person or address in ten missed in %s", (of) => {
    const names = missed(of, (kind) => kind === "person" || kind === "address");
    expect(names.missed.length, names.missed.join("; ")).toBeLessThanOrEqual(names.all / 10);
  });

  it("are none of them public", () => {
    expect(read.filter(({ mask }) => !mask.includes(1)).map((each) => each.text)).toEqual([]);
  });

  it("are covered with a precision of characters of at least .85", () => {
    const found = read.reduce((sum, { mask }) => sum + mask.reduce((all, each) => all + each, 0), 0);
    const right = read.reduce((sum, { mask, spans }) => sum + spans.reduce((all, each) => all + share(mask, each.start, each.end) * (each.end - each.start), 0), 0);
    expect(right / found).toBeGreaterThan(.85);
  });
});

describe("harmless texts", () => {
  it("stay public under strict, nine in ten at least", () => {
    const kept = harmlessTexts.filter((text) => scan(text).found.some((each) => table[each.kind]?.strict !== "public"));
    expect(kept.length, kept.join("\n---\n")).toBeLessThanOrEqual(harmlessTexts.length / 10);
  });
});
