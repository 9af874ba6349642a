import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLines, normaliseText } from "../../src/privacy/normalised-text.ts";
import { detectors } from "./find.ts";
import { openLanguage } from "../../src/language/open-language.ts";
import { scanPassages } from "../../src/privacy/scan.ts";

const invisible = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "\u{e0041}"];
const language = openLanguage();

describe("the normalised text", () => {
  it("maps every place back to the characters it came from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const view = normaliseText(text);
        for (let index = 0; index < view.text.length; index++) {
          expect(view.start(index)).toBeLessThan(view.end(index));
          expect(view.end(index)).toBeLessThanOrEqual(text.length);
          if (index > 0) expect(view.start(index)).toBeGreaterThanOrEqual(view.start(index - 1));
        }
      }),
    );
  });

  it("reads full-width, composed and foreign digits as plain ones", () => {
    expect(normaliseText("ＤＥ８９\u00a0٣٤ e\u0301 ﬁ 1–2").text).toBe("DE89 34 é fi 1-2");
  });

  it("joins lines and cells and finds the way back", () => {
    const text = "1b \r\n cd | ef";
    const joined = joinLines(text);
    expect(joined.text).toBe("1bcdef");
    for (const letter of "1bcdef") expect(text[joined.at(joined.text.indexOf(letter))]).toBe(letter);
    expect(joined.crosses(0, 2)).toBe(false);
    expect(joined.crosses(1, 3)).toBe(true);
  });

  it("joins only what stands around a line break", () => {
    const long = "word ".repeat(400);
    const text = `${long}DE89 3704 0\n044 0532 0130 00 ${long}4111 1111\n1111 1111 ${long}`;
    const joined = joinLines(text);
    expect(joined.text.length).toBeLessThan(1000);
    for (const value of ["DE89 3704 0044 0532 0130 00", "4111 11111111 1111"]) {
      const start = joined.text.indexOf(value);
      expect(joined.crosses(start, start + value.length)).toBe(true);
      expect(text.slice(joined.at(start), joined.at(start + value.length - 1) + 1).replace("\n", "")).toBe(value);
    }
    for (const nothing of ["no line break 1", `no digit\nnear the break ${long}1`]) expect(joinLines(nothing)).toMatchObject({ text: "" });
  });
});

describe("a value with invisible characters in it", () => {
  const values = [
    ["email", "anna.schmidt@nordlicht.de"],
    ["iban", "DE89370400440532013000"],
    ["card", "4111111111111111"],
    ["social_security", "308-63-0237"],
    ["secret", "AKIAIOSFODNN7EXAMPLE"],
  ] as const;
  it("is found with exact offsets", () => {
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.array(fc.record({ at: fc.nat(30), sign: fc.constantFrom(...invisible) }), { maxLength: 6 }), fc.constantFrom("", "Überweisung ﬁn ", "Größe ½ – "), ([kind, plain], insertions, before) => {
        const characters = [...plain];
        // Inside the value: what stands before its first or after its last character belongs to neither side.
        for (const { at, sign } of insertions) characters.splice(1 + (at % (plain.length - 1)), 0, sign);
        const value = characters.join("");
        const text = `${before}${value} .`;
        const [scanned] = scanPassages({ passages: [{ text }], terms: [], allow: [], scores: {} }, detectors, language.identify, () => {});
        const hits = scanned!.found.filter((each) => each.kind === kind).map((each) => text.slice(each.start, each.end));
        expect(hits).toContain(value);
      }),
      { numRuns: 150 },
    );
  });
});
