import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";

const language = openLanguage();
const read = (type: string, text: string, code: string | null): string[] => language.names(text, code).filter((each) => each.type === type).map((each) => text.slice(each.start, each.end));

describe("names in small letters", () => {
  it.each([
    ["she named him joshua", "joshua"],
    ["sometimes people call me philipp", "philipp"],
    ["it's under my partner's name roberto yamamura", "roberto yamamura"],
    ["??? warren khadzhiyev\n??? state farm", "warren khadzhiyev"],
    ["have you been to a david lange concert before", "david lange"],
  ])("are found in %j", (text, name) => expect(read("PERSON", text, "en")).toContain(name));

  it.each(["please call me later, i am free", "i'm happy to see you", "the name is wrong", "The river rose by two metres", "The stone bridge stands."])("are not seen in %j", (text) => expect(read("PERSON", text, "en")).toEqual([]));
});

describe("initials", () => {
  it("belong to the name behind or before them", () => {
    expect(read("PERSON", "Médecins : Dr X. Krysteik, N. Boissel, L. Hespadon", "fr")).toEqual(["X. Krysteik", "N. Boissel", "L. Hespadon"]);
    expect(read("PERSON", "Vus : Ph. ROCHE et Mme BOYERE A. ce matin", "fr")).toEqual(["Ph. ROCHE", "BOYERE A."]);
  });

  it.each([
    "Die in den Kreiskrankenhäusern M und R Beschäftigten klagen vor dem Landgericht.",
    "Die veräußerten Flurstücke B und C bewertet das Gericht nach § 55 EStG.",
    "A. I. 1. Der Beschwerdeführer wendet sich gegen das Urteil.",
    "Nach dem Urteil ( Fall \" A. \" ) war der Angeklagte freizusprechen.",
  ])("of things and sections are nobody's: %s", (text) => expect(read("PERSON", text, "de")).toEqual([]));

  it("stand for persons behind a conjunction and a role", () => {
    expect(read("PERSON", "Während P bereits Klage erhob, schwieg der Zeuge K. vor Gericht.", "de")).toEqual(["P", "K."]);
  });
});

describe("things called after somebody", () => {
  it.each([["es", "Se colocó un stent por esófago de Barrett."], ["es", "Descompresión en el canal de Guyon."], ["de", "Es besteht ein Morbus Crohn."], ["en", "The Hodgkin lymphoma was excluded."]])("are no persons: %s %s", (code, text) => expect(read("PERSON", text, code)).toEqual([]));

  it("do not hide a person with a title", () => expect(read("PERSON", "Mr. Barrett disease control", "en")).toEqual(["Barrett"]));
});

describe("a word and a number", () => {
  it.each(["The first turbine, a Kittiwake 90, was sold in 2019.", "The Kittiwake 90 has a rotor of 90 metres. In Kittiwake 90 the gear is sealed.", "Die Anlage Kittiwake 90 läuft seit 2019.", "La turbine Kittiwake 90 est fiable.", "La AV normal es igual a 1, con AV de 0,5 en OD."])("are no address in %j", (text) => {
    for (const code of ["en", "de", "fr", "es", null]) expect([code, read("ADDRESS", text, code)]).toEqual([code, []]);
  });

  it.each([
    ["Das Grundstück an der Berliner Straße gehört dem Kläger.", "Berliner Straße"],
    ["Er wohnte in der K.-Straße und zog in die L. Allee.", "K.-Straße"],
    ["Der Unfall geschah in der Dornierstraße.", "Dornierstraße"],
  ])("are not needed for a German street: %s", (text, street) => expect(read("ADDRESS", text, "de")).toContain(street));

  it("is no street of a general kind", () => expect(read("ADDRESS", "Die Seidenstraße und die Wasserstraße sind Handelswege, die Sackgasse eine Nebenstraße.", "de")).toEqual([]));

  it("are one beside a place or a postcode", () => expect(read("ADDRESS", "Unsere neue Adresse: Lindenhof 90, 20095 Hamburg", "de")).toEqual(["Lindenhof 90, 20095 Hamburg"]));
});

describe("names in lists and forms", () => {
  it("are read after a label though written small, and between names", () => {
    expect(read("PERSON", "Infirmiers: theodore roux, marie cécile lefevre", "fr")).toEqual(["theodore roux", "marie cécile lefevre"]);
    expect(read("PERSON", "RHIFDA aziz 12/12/2012", "fr")).toEqual(["RHIFDA aziz"]);
    expect(read("PERSON", "LAMBERT Eva, Dominique LEFEBVRE, Norodom PIMA, E. PENICOT", "fr")).toContain("Norodom PIMA");
    expect(read("PERSON", "Médecins : voir planning. Name: unknown", "fr")).toEqual([]);
  });
});

describe("authors of cited books", () => {
  it("are no persons of the text, whoever shares their name", () => {
    expect(read("PERSON", "Vgl. Palandt/Ellenberger, BGB, 76. Aufl.; Löwe-Rosenberg / Esser , StPO. Frau Ellenberger klagt.", "de").at(-1)).toBe("Ellenberger");
    expect(read("PERSON", "Vgl. Löwe-Rosenberg / Esser , StPO , 26. Aufl.", "de")).toEqual([]);
  });
});
