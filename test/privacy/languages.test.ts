import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { identify } from "../../src/language/identify.ts";
import { knownLanguages, languageSections } from "../../src/privacy/sections.ts";
import { loadGold } from "../documents/load-gold.ts";
import { foreignTexts, listsOfNames, unlistedTexts } from "../language/foreign-texts.ts";

const english = "The company was founded in 2009 and is based in Port Selwick, where about eighty people work in the plant beside the harbour. The turbines are built there and are then taken to the north by ship. Last year the revenue rose, but the board has not yet decided whether the profit is paid out or kept for new machines.";
const german = "Das Unternehmen wurde 2009 gegründet und hat seinen Sitz in Cuxhaven, wo etwa achtzig Menschen im Werk am Hafen arbeiten. Die Anlagen werden dort gebaut und dann mit dem Schiff nach Norden gebracht. Im letzten Jahr stieg der Umsatz, aber der Vorstand hat noch nicht entschieden, ob der Gewinn ausgeschüttet wird.";

const unknownIn = (text: string): string[] => languageSections(text, identify).filter((each) => each.unknown).map((each) => text.slice(each.start, each.end));
const foreign = Object.entries({ ...foreignTexts, ...unlistedTexts });
const lists = Object.entries(listsOfNames);

describe("running text in a language that no detector reads", () => {
  it.each(foreign)("is unknown: %s", (_language, text) => expect(unknownIn(text)).toEqual([text]));
  it.each(foreign)("is unknown between English and German: %s", (_language, text) => expect(unknownIn(`${english}\n${text}\n${german}`)).toEqual([`${text}\n`]));
  it.each(foreign)("is unknown in capitals and as six words a line: %s", (_language, text) => {
    expect(unknownIn(text.toUpperCase())).not.toEqual([]);
    expect(unknownIn(text.replace(/(?:\S+ ){6}/gu, "$&\n"))).not.toEqual([]);
  });
  it("is unknown after a list of names", () => {
    for (const [, list] of lists) for (const [language, text] of foreign) expect([language, unknownIn(`${list}\n\n${text}`).length > 0]).toEqual([language, true]);
  });
});

describe("lists of names, tables and code", () => {
  it.each(lists)("are no language: %s", (_name, text) => expect(knownLanguages.has(identify(text) ?? "en")).toBe(true));
  it.each(lists)("take the language of their neighbours: %s", (_name, text) => {
    expect(unknownIn(text)).toEqual([]);
    for (const [language, prose] of [["en", english], ["de", german]] as const) {
      for (const whole of [`${prose}\n${text}`, `${text}\n${prose}`]) {
        const sections = languageSections(whole, identify);
        expect(sections.filter((each) => each.unknown)).toEqual([]);
        expect(sections.map((each) => each.language).every((each) => each === language || each === "en")).toBe(true);
      }
    }
  });
  it("are no language whatever names of the sample documents they hold, in any order", () => {
    const names = loadGold().documents.flatMap((each) => each.entities.map((entity) => entity.name));
    assert(
      property(array(constantFrom(...names), { minLength: 8, maxLength: 60 }), constantFrom("; ", "\n", " | ", ", ", "\n\n"), (some, joint) => unknownIn(`Candidates:\nORGANIZATION: ${some.join(joint)}`).length === 0),
      { numRuns: 300 },
    );
  });
});
