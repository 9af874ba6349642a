import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { restorer, streamRestorer } from "../../src/privacy/placeholders.ts";

const restore = restorer([
  { type: "PERSON", number: 1, form: "", value: "Anna Schmidt" },
  { type: "PERSON", number: 1, form: "b", value: "Schmidt" },
  { type: "EMAIL", number: 2, form: "", value: "anna@nordlicht.de" },
]);

describe("restoring", () => {
  it.each([
    ["[PERSON_1] wrote.", "Anna Schmidt wrote."],
    ["[person_1b]'s idea", "Schmidt's idea"],
    ["**[PERSON_1]** and [**PERSON_1**]", "**Anna Schmidt** and Anna Schmidt"],
    ["[ Person 1 ] [PERSON-1] [PERSON\\_1]", "Anna Schmidt Anna Schmidt Anna Schmidt"],
    ["[PERSON_1s] Haus, [PERSON_1's] house", "Anna Schmidts Haus, Anna Schmidt's house"],
    ["PERSON_1 replied to EMAIL_2.", "Anna Schmidt replied to anna@nordlicht.de."],
    ["[PERSON_9] [1] [see PERSON] MY_PERSON_1X", "[PERSON_9] [1] [see PERSON] MY_PERSON_1X"],
  ])("reads %j", (given, expected) => expect(restore(given)).toBe(expected));

  it("of a stream gives the same as of the whole, however it is cut", () => {
    const piece = fc.constantFrom("[PERSON_1]", "[PERSON_1b]", "**[person_1]**", "[EMAIL_2]", "PERSON_1", " ", "x", "[", "]", "[1]", "word ", "[PERSON_7]", "_", "\\");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), (pieces, cuts) => {
        const text = pieces.join("");
        const stream = streamRestorer(restore);
        let out = "";
        let at = 0;
        for (const cut of cuts) {
          out += stream.push(text.slice(at, at + cut));
          at += cut;
        }
        out += stream.push(text.slice(at)) + stream.end();
        expect(out).toBe(restore(text));
      }),
      { numRuns: 500 },
    );
  });

  it("of a stream lets through what can no longer be a placeholder", () => {
    const stream = streamRestorer(restore);
    expect(stream.push("Hello [PER")).toBe("Hello ");
    expect(stream.push("SON_1] and ")).toBe("Anna Schmidt and ");
    expect(stream.end()).toBe("");
  });
});
