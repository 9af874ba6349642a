import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { heldOut } from "./held-out.ts";
import { measureExtraction } from "./measure.ts";

const language = openLanguage();
const read = (text: string, of = "en") => {
  const candidates = language.candidates(text, of, { headings: [], title: "" });
  const relations = language.relations(text, candidates, of).map((each) => `${candidates[each.source]!.name} ${each.type} ${candidates[each.target]!.name}`);
  return { candidates, relations };
};

describe("entities", () => {
  it("of one company are joined: without legal form, by acronym, by first word", () => {
    const { candidates } = read("Solvane Marine plc (SMP) builds ferries. Solvane Marine hired staff. Later Solvane sold a yard. SMP grew.");
    const companies = candidates.filter((each) => each.type === "ORGANIZATION");
    expect(companies.map((each) => each.name)).toEqual(Array.from({ length: 5 }, () => "Solvane Marine plc"));
    expect(companies[0]!.aliases).toContain("SMP");
  });
  it("of like name stay apart", () => {
    const { candidates } = read("Anna Weiss called. Peter Weiss answered. Then Weiss left. Talwerk GmbH and Talwerk AG signed it.");
    const names = new Set(candidates.map((each) => each.name));
    for (const name of ["Anna Weiss", "Peter Weiss", "Weiss", "Talwerk GmbH", "Talwerk AG"]) expect(names).toContain(name);
  });
  it("say what they are, in the text's own words", () => {
    const { candidates } = read("Fiona McAllister, chief executive of Solvane Marine plc, resigned.");
    expect(candidates[0]).toMatchObject({ name: "Fiona McAllister", type: "PERSON", description: expect.stringContaining("chief executive") });
  });
  it("take the type that the text gives them", () => {
    const types = (text: string) => read(text).candidates[0]?.type;
    expect(types("The Dallas Cowboys are a professional football team.")).toBe("ORGANIZATION");
    expect(types('"Tere Naam" is a 2003 romantic drama film.')).toBe("CONCEPT");
  });
});

describe("relations", () => {
  it.each([
    ["en", "Dr Anna Weiss, chief executive of Nordwind Energie AG, spoke.", ["Nordwind Energie AG EMPLOYS Anna Weiss", "Anna Weiss MANAGES Nordwind Energie AG"]],
    ["en", "The LensPro 400 is manufactured by Ferrotec Ltd.", ["Ferrotec Ltd CREATES LensPro 400"]],
    ["de", "Im März 2020 übernahm die Alpenstrom AG die Talwerk GmbH.", ["Alpenstrom AG OWNS Talwerk GmbH"]],
    ["de", "Die Alpenstrom AG wurde 1995 von Walter Egger gegründet.", ["Alpenstrom AG FOUNDED_BY Walter Egger"]],
    ["fr", "Mécanor SARL fabrique la vanne VX-12.", ["Mécanor SARL CREATES VX-12"]],
    ["es", "Carmen Vega dirige Cementos Turia SA.", ["Carmen Vega MANAGES Cementos Turia SA"]],
  ])("run the right way in %s: %s", (of, text, wanted) => expect(read(text, of).relations).toEqual(expect.arrayContaining(wanted)));
  it("are read from label lines and table rows", () => {
    expect(read("Employee: Nadia Petrova\nEmployer: Solvane Marine plc").relations).toEqual(["Solvane Marine plc EMPLOYS Nadia Petrova"]);
    const table = "| Product | Price | Manufacturer |\n| --- | --- | --- |\n| Aurora 200 | EUR 2,400 | Solvane Marine plc |\n| CellPack 48 | EUR 1,150 | Kestrel Ltd |";
    const { relations } = read(table);
    expect(relations).toContain("Solvane Marine plc CREATES Aurora 200");
    expect(relations).toContain("Kestrel Ltd CREATES CellPack 48");
    expect(relations).not.toContain("Kestrel Ltd CREATES Aurora 200");
  });
  it("are not read from what is denied", () => expect(read("Ferrotec Ltd never acquired Kestrel Ltd.").relations).toEqual([]));
});

describe("the floor", () => {
  it("holds on sentences written before the rules were tuned", () => {
    const { entities, relations } = measureExtraction(language, heldOut);
    expect(Math.min(entities.precision, entities.recall)).toBeGreaterThanOrEqual(0.85);
    expect(Math.min(relations.precision, relations.recall)).toBeGreaterThanOrEqual(0.75);
  });
});
