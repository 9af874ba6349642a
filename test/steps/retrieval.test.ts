import { describe, expect, it } from "vitest";
import { settleCommonWords } from "../../src/steps/retrieval/common-words.ts";
import type { Links } from "../../src/steps/retrieval/links.ts";
import { partnersOf, scorePairs } from "../../src/steps/retrieval/pairs.ts";
import { fuse, ranked } from "../../src/steps/retrieval/ranking.ts";
import { walk } from "../../src/steps/retrieval/walk.ts";

/** a and b share "bremen"; b is about it. c stands alone. */
const links: Links = {
  names: new Map([["a", new Map([["bremen", false]])], ["b", new Map([["bremen", true]])]]),
  chunks: new Map([["bremen", new Set(["a", "b"])]]),
  idf: new Map([["bremen", 3]]),
};
const scores = new Map([["a", new Map([["pump", 4], ["fails", 2]])], ["b", new Map([["manages", 3]])], ["c", new Map([["pump", 4]])]]);

describe("pairs", () => {
  it("lift a passage by what its partner says, as the formula does", () => {
    const found = scorePairs(["a", "c"], links, scores, ["a", "b", "c"]);
    // J(a, b) = 4 + 2 + 3 + 1.5 · min(8, 3)
    expect(found.get("a")).toBeCloseTo(6 + 4 * 13.5);
    expect(found.get("b")).toBeCloseTo(3 + 4 * 13.5);
    expect(found.get("c")).toBeCloseTo(4 + 4 * 4);
  });

  it("need the scores of those only that share a name with one of the first", () => {
    expect([...partnersOf(["a"], links)]).toEqual(["a", "b"]);
    expect([...partnersOf(["c"], links)]).toEqual([]);
  });
});

describe("the walk", () => {
  it("brings in a passage that only a shared name leads to", () => {
    const found = walk(["a", "c"], links, [], 0.7);
    expect(found.get("b")).toBeGreaterThan(0);
    expect(ranked(found)[0]).toBe("a");
  });

  it("starts from the names of the question too, and prefers what is about them", () => {
    const found = walk(["c"], links, ["bremen"], 0.7);
    expect(found.get("b")!).toBeGreaterThan(found.get("a")!);
  });

  it("gives each passage its share: above 0, the best first, names and passages together 1", () => {
    const found = walk(["a", "c", "b"], links, ["bremen"], 0.7);
    for (const share of found.values()) expect(share).toBeGreaterThan(0);
    expect([...found.values()].reduce((sum, each) => sum + each, 0)).toBeLessThan(1);
  });

  it("stays within its bound of nodes, whatever hangs on a name", () => {
    const many = Array.from({ length: 7_000 }, (_, place) => `p${place}`);
    const wide: Links = { names: new Map(many.map((id) => [id, new Map([["all", false]])])), chunks: new Map([["all", new Set(many)]]), idf: new Map([["all", 1]]) };
    const found = walk(["p0"], wide, [], 0.7);
    expect([...found.values()].every((share) => share > 0 && share <= 1)).toBe(true);
    expect(ranked(found)[0]).toBe("p0");
  });

  it("loses no mass", () => {
    const found = walk(["a", "c"], { names: new Map(), chunks: new Map(), idf: new Map() }, [], 0.7);
    expect([...found.values()].reduce((sum, each) => sum + each, 0)).toBeCloseTo(1);
  });
});

describe("rankings", () => {
  it("join by reciprocal rank, and break ties by id", () => {
    expect(ranked(fuse([["x", "y"], ["y", "x"]]))).toEqual(["x", "y"]);
    expect(ranked(fuse([["x", "y"], ["y"]]))).toEqual(["y", "x"]);
  });

  it("of a small collection do not hang on common words", () => {
    const measured = new Map([["what", 1.8], ["revenue", 2.2]]);
    const settled = settleCommonWords(measured, 30);
    expect(settled.get("what")!).toBeLessThan(0.7);
    expect(settled.get("revenue")).toBe(2.2);
    expect(settleCommonWords(measured, 100_000).get("what")!).toBeCloseTo(1.8, 1);
  });
});
