import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseName } from "../../../src/data/identity.ts";
import { words } from "../../../src/stores/text/words.ts";

describe("words", () => {
  it("are lower case runs of letters and digits, with stop words and without stems", () => {
    expect(words("The pumps of Kiel-Süd, 12.5 % in “2024”!")).toEqual(["the", "pumps", "of", "kiel", "süd", "12", "5", "in", "2024"]);
    expect(words("Temple's and O’Brien’s ﬁle: Ａ１")).toEqual(["temple", "and", "o", "brien", "file", "a1"]);
    expect(words("")).toEqual([]);
  });

  it("pair up Chinese, Japanese and Korean characters and segment Thai by its dictionary", () => {
    expect(words("東京都 ab北 한국어")).toEqual(["東京", "京都", "ab", "北", "한국", "국어"]);
    expect(words("สวัสดีชาวโลก").length).toBeGreaterThan(1);
  });

  it("keep marks with their letters", () => {
    expect(words("नमस्ते")).toEqual(["नमस्ते"]);
  });

  it("are the words of a normalised name, so that names are found as sequences of words", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."abÄßz19 .,-'’&(é\n") });
    fc.assert(fc.property(letters, (text) => void expect(words(text).join(" ")).toBe(normaliseName(text))));
  });

  it("do not stumble over a line of megabytes", () => {
    expect(words("x".repeat(2_000_000))).toHaveLength(1);
    expect(words("ก".repeat(100_000)).length).toBeGreaterThan(0);
  });
});
