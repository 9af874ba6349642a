import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { coreName } from "../../src/data/core-name.ts";
import { match } from "../../src/steps/same-entity.ts";
import { readVocabulary, VocabularyFile } from "../../src/steps/vocabulary.ts";
import { locate, occurrences } from "../../src/steps/quotes.ts";

const entity = (type: string, name: string, aliases: string[] = []) => ({ id: `${type}:${name}`, type, name, qualifier: "", aliases, description: "" });

describe("two names are one thing", () => {
  it.each([
    ["ORGANIZATION", "esbrand bearings", "esbrand bearings a s", []],
    ["PERSON", "dr anna reuter", "anna reuter", []],
    ["ORGANIZATION", "northern straits energy plc", "nse", ["nse"]],
    ["PERSON", "margarethe voss", "margarete voss", []],
  ] as const)("%s: %s and %s", (type, a, b, aliases) => {
    expect(match(entity(type, a, [...aliases]), entity(type, b))).not.toBeNull();
    expect(match(entity(type, b), entity(type, a, [...aliases]))).not.toBeNull();
  });

  it.each([
    ["PERSON", "anna reuter", "jonas reuter", ["reuter"]],
    ["PRODUCT", "kittiwake 90", "kittiwake 91", []],
    ["ORGANIZATION", "corvane tidal se", "corvane services ltd", []],
    ["PERSON", "lynn chester", "lynn chestor smith", []],
    ["LOCATION", "hull", "mull", []],
  ] as const)("but not %s: %s and %s", (type, a, b, aliases) => {
    expect(match(entity(type, a, [...aliases]), entity(type, b, [...aliases]))).toBeNull();
  });

  it("never across types", () => {
    expect(match(entity("PERSON", "chester"), entity("LOCATION", "chester"))).toBeNull();
  });

  it("a legal form alone is a name", () => {
    expect(coreName("ORGANIZATION", "AG")).toBe("ag");
  });
});

describe("the vocabulary", () => {
  const vocabulary = readVocabulary(VocabularyFile.parse(parse(readFileSync(new URL("../../config/vocabulary.yaml", import.meta.url), "utf8"))));

  it.each([
    ["EMPLOYS", "EMPLOYS", false, null],
    ["employed by", "EMPLOYS", true, null],
    ["manufactures", "CREATES", false, null],
    ["located-in", "LOCATED_IN", false, null],
    ["dances with", "RELATED_TO", false, "dances with"],
  ])("reads %s as %s", (written, type, turned, original) => {
    expect(vocabulary.relationType(written)).toEqual({ type, turned, original });
  });

  it("refuses a structural name of the knowledge graph", () => {
    const file = { entityTypes: [{ id: "PERSON", description: "" }], relationTypes: [{ id: "SAME_AS", category: "x", description: "" }] };
    expect(() => readVocabulary(VocabularyFile.parse(file))).toThrow(/SAME_AS/);
  });
});

describe("quotes", () => {
  it("are found through other white space", () => {
    const text = "The HB-220 is made\n  by Esbrand Bearings A/S.";
    const place = locate(text, "made by Esbrand")!;
    expect(text.slice(place.start, place.end)).toBe("made\n  by Esbrand");
  });

  it("that are not there are not", () => {
    expect(locate("The cage was cast.", "the cage broke")).toBeNull();
    expect(locate("text", "  ")).toBeNull();
  });

  it("of names are whole words, with whatever signs they hold", () => {
    expect(occurrences("NSE and NSEA, HB-220 (HB-220).", "HB-220").length).toBe(2);
    expect(occurrences("NSE and NSEA", "NSE").length).toBe(1);
    expect(occurrences("a+b (c) [d] $e ^f |g \\h", "a+b (c) [d] $e ^f |g \\h").length).toBe(1);
  });
});
