import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldBack } from "../../src/models/held-back.ts";
import { restorer } from "../../src/privacy/placeholders.ts";

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
    ["[PERSONNE_1] et [Persona 1b], [Name_1], COURRIEL_2", "Anna Schmidt et Schmidt, Anna Schmidt, anna@nordlicht.de"],
    ["[PERSON_1] met [PERSON_1] and [PERSON_1b].", "Anna Schmidt met Anna Schmidt and Schmidt."],
    ["He wrote.", "He wrote."],
    ["[PERSON_9] [1] [see PERSON] MY_PERSON_1X", "[PERSON_9] [1] [see PERSON] MY_PERSON_1X"],
  ])("reads %j", (given, expected) => expect(restore(given)).toBe(expected));

  it.each([
    ["[PERSON_1]", "Anna Schmidt"],
    ["[PERSON_1] [PERSON_1]", "Anna Schmidt"],
    ["[PERSON_1's]", "Anna Schmidt"],
    ["**[person_1b]**", "Schmidt"],
    ["[PERSON_1] [PERSON_1b]", "Anna Schmidt Schmidt"],
    ["[PERSON_1's] idea", "Anna Schmidt's idea"],
    ["[PERSON_9]", "[PERSON_9]"],
    ["", ""],
  ])("reads the field %j", (given, expected) => expect(restore(given, true)).toBe(expected));

  it("of a stream gives the same as of the whole, however it is cut", () => {
    const piece = fc.constantFrom("[PERSON_1]", "[PERSON_1b]", "**[person_1]**", "[EMAIL_2]", "PERSON_1", " ", "x", "[", "]", "[1]", "word ", "[PERSON_7]", "_", "\\");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), (pieces, cuts) => {
        const text = pieces.join("");
        let out = "";
        const stream = heldBack(restore, (each) => (out += each));
        let at = 0;
        for (const cut of cuts) {
          stream.push(text.slice(at, at + cut));
          at += cut;
        }
        stream.push(text.slice(at));
        stream.end();
        expect(out).toBe(restore(text));
      }),
      { numRuns: 500 },
    );
  });

  it("of a stream lets through what can no longer be a placeholder", () => {
    const shown: string[] = [];
    const stream = heldBack(restore, (each) => shown.push(each));
    for (const piece of ["Hello [PER", "SON_1] and "]) stream.push(piece);
    stream.end();
    expect(shown).toEqual(["Hello ", "Anna Schmidt and "]);
  });
});
