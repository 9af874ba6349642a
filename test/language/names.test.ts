import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";

const language = openLanguage();
const found = (text: string, of: string | null, type: string): string[] => language.names(text, of).filter((each) => each.type === type).map((each) => text.slice(each.start, each.end));

describe("persons", () => {
  it("are found behind titles, which are cut", () => {
    expect(found("Wir danken Frau Dr. med. Eva Lang für den Bericht.", "de", "PERSON")).toEqual(["Eva Lang"]);
    expect(found("Mr. Whitcombe met Dr. Priya Raman.", "en", "PERSON")).toEqual(["Whitcombe", "Priya Raman"]);
  });
  it("are found by a listed first name and by an initial", () => {
    expect(found("The letter is from Sofia Lindqvist.", "en", "PERSON")).toEqual(["Sofia Lindqvist"]);
    expect(found("Vu par U. Jouan ce matin", "fr", "PERSON")).toEqual(["U. Jouan"]);
    expect(found("LAMBERT Eva, présente", "fr", "PERSON")).toEqual(["LAMBERT Eva"]);
  });
  it("are found in fields, up to the end of the line", () => {
    expect(found("Nombre: Pedro.\nApellidos: De Miguel Rivera.\nNHC: 2569870.", "es", "PERSON")).toEqual(["Pedro", "De Miguel Rivera"]);
  });
  it("are found again by their surname alone", () => {
    expect(found("Anna Kowalczyk kam um neun. Später ging Kowalczyk heim.", "de", "PERSON")).toEqual(["Anna Kowalczyk", "Kowalczyk"]);
  });
  it("are initials in German court text only", () => {
    expect(found("Der Zeuge K. hat den Angeklagten gesehen.", "de", "PERSON")).toEqual(["K."]);
    expect(found("Nach Anlage A und Vitamin C gilt § 5 Abs. 2 BGB, z. B. bei der P GmbH.", "de", "PERSON")).toEqual([]);
    expect(found("Plan B is better.", "en", "PERSON")).toEqual([]);
  });
  it.each([
    "Das folgt aus dem Urteil des Gerichts ( BVerfGE 132 , 302 , m. w. N. ; oben B IV 1 c ) .",
    "Das Gericht folgt § 5 des Gesetzes ( BGBl I S. 1722 ) und dem Beschluss ( unter C. II. 2. vor a ) .",
    "Der BGH ( Beschluss vom 17. August 2010 , I ZB 59/09 ) hält die Klage für unbegründet .",
    "Die Klage nennt „ Abschnitt II. D ( Beendigung ) “ und das Merkzeichen G nicht .",
    "Auf die Revision des beklagten Freistaats hat der Senat das Urteil des Gerichts aufgehoben .",
    "Die Regelungen der TVÜ-Länder und des TV ERA-APF gelten für den Kläger nicht .",
    "Der Kläger hat sich mit der Planung von Schließanlagen , Türverriegelungsanlagen und der Lieferung von Schlössern befasst .",
  ])("are not the references and nouns of German court text: %j", (text) => {
    expect(found(text, "de", "PERSON")).toEqual([]);
    expect(found(text, null, "PERSON")).toEqual([]);
  });
  it.each([
    ["Das Gericht hat den Angeklagten M1 freigesprochen .", "M1"],
    ["Der Nebenkläger G.-R. hat Revision eingelegt .", "G.-R."],
    ["Das Urteil trifft die Geschädigte St. nicht .", "St."],
    ["Das folgt aus dem Urteil im Verfahren Gäfgen gegen Deutschland .", "Gäfgen"],
    ["Das folgt aus der Rechtssache Yapi Sen v. Türkei .", "Yapi Sen"],
  ])("are found in German court text as courts write them: %j", (text, name) => expect(found(text, "de", "PERSON")).toEqual([name]));
  it("are not the references and numbers beside the words for persons", () => {
    expect(found("Der Vertreter A1/22 gilt im Verfahren Deutschland gegen Frankreich , Zeuge 3 .", "de", "PERSON")).toEqual([]);
  });
  it("are found by an ending that hardly anything else has", () => {
    expect(found("Unlike the Vizirov novel, it is about something.", "en", "PERSON")).toEqual(["Vizirov"]);
    expect(found("The Innova pump and the Terranova valve were tested.", "en", "PERSON")).toEqual([]);
  });
  it("are not companies, streets or plain words", () => {
    expect(found("Thomas Cook Group plc opened at 12 Martin Luther King Drive.", "en", "PERSON")).toEqual([]);
  });
});

describe("streets", () => {
  it.each([
    ["de", "Wohnhaft in der Hauptstraße 12a, 10115 Berlin.", "Hauptstraße 12a, 10115 Berlin"],
    ["en", "Send it to 221b Baker Street, London.", "221b Baker Street, London"],
    ["fr", "au 12 bis, rue de la Paix, 75002 Paris", "12 bis, rue de la Paix, 75002 Paris"],
    ["es", "Vive en C/ Manuel Silvela nº 2, 6º A", "C/ Manuel Silvela nº 2, 6º A"],
  ])("are found whole in %s", (of, text, whole) => {
    const streets = found(text, of, "ADDRESS");
    expect(streets).toHaveLength(1);
    expect(whole.startsWith(streets[0]!.slice(0, 12))).toBe(true);
    expect(streets[0]!.length).toBeGreaterThan(whole.length - 10);
  });
});

describe("organisations and places", () => {
  it.each([
    ["Mrs Petra Quandel of Hafenkran GmbH wrote to us.", "en", "Petra Quandel", "Hafenkran GmbH"],
    ["Dr. Anna Weiss of Acme Ltd. called.", "en", "Anna Weiss", "Acme Ltd."],
    ["Petra Quandel of Norvik AG wrote.", "en", "Petra Quandel", "Norvik AG"],
    ["Mme Claire Dubois de Norvik SA a écrit.", "fr", "Claire Dubois", "Norvik SA"],
  ])("a person of a company is no part of its name: %j", (text, code, person, company) => {
    expect(found(text, code, "PERSON")).toEqual([person]);
    expect(found(text, code, "ORGANIZATION").map((each) => each.replace(/\.$/, ""))).toEqual([company.replace(/\.$/, "")]);
  });

  it("are found by legal form, by their word and in the gazetteer", () => {
    expect(found("Die Brückner Pumpen GmbH & Co. KG liefert an die Alpenstrom AG.", "de", "ORGANIZATION")).toEqual(["Brückner Pumpen GmbH & Co. KG", "Alpenstrom AG"]);
    expect(found("Verrerie du Rhône S.A. travaille avec l'Institut Pasteur.", "fr", "ORGANIZATION")).toEqual(["Verrerie du Rhône S.A.", "Institut Pasteur"]);
    expect(found("She moved from Ecuador to Toronto.", "en", "LOCATION")).toEqual(["Ecuador", "Toronto"]);
  });
});

describe("any text", () => {
  it("gives spans in order, inside the text, that do not overlap", () => {
    const words = fc.constantFrom("Anna", "Weiss", "GmbH", "AG", "Straße", "12", "Dr.", "(", ")", "\n", "de", "K.", "|", ":", "Name", "“", "İ", "😀", "rue", "C/", "HX-90", "2023", "is a", "1.", "ß");
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), fc.constantFrom(null, "en", "de", "fr", "es", "it"), (parts, of) => {
        const text = parts.join(" ");
        let last = 0;
        for (const { start, end } of language.names(text, of)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        const candidates = language.candidates(text, of, { headings: [], title: "" });
        for (const [index, each] of candidates.entries()) {
          expect(each.end).toBeLessThanOrEqual(text.length);
          expect(each.start).toBeGreaterThanOrEqual(candidates[index - 1]?.end ?? 0);
          expect(each.name.trim()).not.toBe("");
        }
        for (const each of language.relations(text, candidates, of)) {
          expect(candidates[each.source]!.name).not.toBe(candidates[each.target]!.name);
          expect(each.strength).toBeGreaterThanOrEqual(1);
          expect(each.strength).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 300 },
    );
  });
  it("names every source in the notices", () => {
    const notice = readFileSync(new URL("../../NOTICE", import.meta.url), "utf8");
    for (const source of ["faker", "wikigold", "Broad Twitter", "WNUT17", "GermEval", "MEDDOCAN", "Leitner"]) expect(notice).toContain(source);
  });
});
