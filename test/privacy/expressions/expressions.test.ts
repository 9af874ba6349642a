import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { analyse } from "scslre";
import { describe, expect, it } from "vitest";
import { type Expression, writtenExpressions } from "./written.ts";

/** Source texts of expressions that the check finds fault with, and why they do no harm. */
const harmless: Record<string, string> = {
  [String.raw`\\p\{[^}]*\}|\\P\{[^}]*\}|\\u\{[^}]*\}|\\u[\dA-Fa-f]{4}|\\k<[^>]*>|\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]`]: "sticky, hence tried at one place only, and what it reads are expressions of our own",
};

const { written, builders } = writtenExpressions();
const built = JSON.parse(execFileSync(process.execPath, [fileURLToPath(new URL("built.ts", import.meta.url))], { encoding: "utf8", maxBuffer: 1 << 28 })) as Expression[];
const all = [...new Map([...written, ...built].map((each) => [`/${each.source}/${each.flags}`, each])).values()];

/**
 * How repeating one character takes more than linear time: empty when it cannot. Where a search begins (d, g, y) changes no
 * match. Alternatives that overlap without a repetition of their own (`(?:a|a)+`) are beyond it.
 */
function faults({ source, flags }: { source: string; flags: string }): string[] {
  return analyse({ source, flags: flags.replace(/[dgy]/g, "") }, {}).reports.map((each) => `${each.type} ${each.character.literal.source}${each.exponential ? ", exponential" : ""}`);
}

/** The same expression, repetitions of ten and more without an upper bound: what is exponential then explodes within the bound too. */
const withoutBounds = (source: string): string => source.replace(/(\\.|\[(?:\\.|[^\]\\])*\])|\{(\d+),\d{2,}\}/gsu, (_, kept: string | undefined, least: string) => kept ?? `{${least},}`);

describe("the check", () => {
  it.each(["(a+)+b", "a+a+b", "^(?:a+b?)+$", "a+b", "(?<=x)a*a*b", "\\s+$"])("finds %s", (source) => expect(faults({ source, flags: "u" })).not.toEqual([]));
  it.each(["a{1,40}b", "(?<!a)a+b", "^a+b", "a+", "[^a]a+(?!a)"])("lets %s pass", (source) => expect(faults({ source, flags: "u" })).toEqual([]));
  it("sees every expression: each place that builds one was seen to build", () => {
    const seen = new Set(built.map((each) => each.place));
    expect(builders.filter((place) => !seen.has(place))).toEqual([]);
    expect(written.length).toBeGreaterThan(600);
    expect(built.length).toBeGreaterThan(300);
  });
});

describe("regular expressions over the text of documents", () => {
  const found = all.map((each) => ({ ...each, faults: faults(each) })).filter((each) => each.faults.length > 0);

  it("take a time that grows with the text alone", () => {
    expect(found.filter((each) => !(each.source in harmless)).map(({ place, source, faults: why }) => [place, source, why])).toEqual([]);
  });

  it("do not explode within the bounds of their repetitions", () => {
    const exploding = all.filter((each) => faults({ ...each, source: withoutBounds(each.source) }).some((fault) => fault.endsWith("exponential")));
    expect(exploding.map(({ place, source }) => [place, source])).toEqual([]);
  });

  it("are excused only where there is something to excuse", () => {
    expect(Object.keys(harmless).filter((source) => !found.some((each) => each.source === source))).toEqual([]);
  });
});
