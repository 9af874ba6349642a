import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guarded, inLines, matchesIn, matchesInLines, matchesOf } from "../../src/privacy/detectors/pattern.ts";
import { openingsOf } from "../../src/privacy/detectors/openings.ts";
import { structuredDetectors } from "../../src/privacy/detectors/registry.ts";
import { viewOf } from "../../src/privacy/text-view.ts";
import { harmlessTexts } from "./harmless-texts.ts";
import { hostileTexts } from "./hostile-texts.ts";
import { labelledTexts } from "./labelled-texts.ts";

const values = Object.values(labelledTexts).flat().map((each) => each.text);
const pieces = [...values, ...values.flatMap((text) => text.split(/(?<=[ :,])/u)), ...harmlessTexts, ...hostileTexts(40).map(([, text]) => text)];
const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 }), fc.constantFrom(" ", "\n", ": ", "-", "0", "A", "é", "\u{1f600}")), { maxLength: 12 }).map((parts) => parts.join(""));

describe("the openings of a text", () => {
  it("leave out no place where a detector finds something", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const view = viewOf([{ text }], [], () => null);
        for (const detector of structuredDetectors) expect([...detector.find(view)], detector.id).toEqual([...detector.find({ ...view, openings: () => null })]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([/(?<![A-Za-z])a{1,2}b{0,7}\d{3}/, /(?<!\p{L})(?:ab|\p{Lu}c?)+x/u, /\d(?:-?\d){2,}(?!\d)/, /(?<![\p{L}])(?:k|ss)\w/iu, /(?<![A-Za-z])(a)\1?./u])("leave out no match of %s", (source) => {
    const pattern = guarded(source);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aAbBcxk12- \nßſK😀"), maxLength: 40 }), (text) => {
        const places = (matches: Iterable<RegExpExecArray>): [number, string][] => [...matches].map((match) => [match.index, match[0]]);
        const every = places(text.matchAll(new RegExp(source, `${source.flags}g`)));
        expect(places(matchesOf(text, pattern))).toEqual(every);
        expect(places(matchesIn({ text, openings: openingsOf(text) }, pattern))).toEqual(every);
      }),
      { numRuns: 500 },
    );
  });

  it("of a pattern within lines are those of the lines that hold its anchor", () => {
    const pattern = inLines(/(?<![a-z])[a-z]{1,9}x(?=\n?1)/, /1/, 1);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abx1\n "), maxLength: 40 }), (text) => {
        const found = [...matchesInLines({ text, openings: openingsOf(text) }, pattern)].map((match) => match.index);
        expect(found).toEqual([...matchesOf(text, pattern.pattern)].map((match) => match.index));
      }),
    );
  });
});
