import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainLetters } from "../../src/privacy/homoglyphs.ts";
import { rereadDigits } from "../../src/privacy/misread-digits.ts";
import { found, kinds } from "./find.ts";

describe("letters of other scripts that look Latin", () => {
  it.each([
    ["confidential_marking", "S\u0422RICTLY \u0421\u041eNFIDENTIAL"],
    ["confidential_marking", "str\u0456ctly confidential"],
    ["password", "p\u0430ssword: Tr0ub4dor&3"],
    ["email", "\u0430nna@n\u043erdlicht.de"],
    ["iban", "\u0399BAN D\u041589 3704 0044 0532 0130 00"],
    ["social_security", "\u0410HV-Nummer 756.9217.0769.85"],
    ["social_security", "National Insurance number \u0410\u0412 12 34 56 \u0421"],
    ["passport", "p\u0430ssport \u042112345678"],
  ])("do not hide the %s in %j", (kind, text) => expect(kinds(text)).toContain(kind));
  it("leave a Russian and a Greek text as they are", () => {
    for (const text of ["Ветряная станция снабжает тысячи домов, а он тоже.", "Το αιολικό πάρκο δίνει ρεύμα."]) expect(plainLetters(text)).toBe(text);
  });
  it("keep the length of every text", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."аВсАΒοω яa1. "), maxLength: 40 }), (text) => plainLetters(text).length === text.length));
  });
});

describe("letters that were read for digits", () => {
  it.each([
    ["credit card 4111 1111 1111 ll11", "card: 4111 1111 1111 ll11"],
    ["IBAN DE89 37O4 0044 O532 0130 00", "iban: DE89 37O4 0044 O532 0130 00"],
    ["SSN: 3O8-63-0237", "social_security: 3O8-63-0237"],
    ["SSN: 308-63-O237", "social_security: 308-63-O237"],
    ["DNI l2345678Z", "national_id: l2345678Z"],
    ["Steuer-ID: 86 O95 742 719", "tax_id: 86 O95 742 719"],
    ["Sécurité sociale 1 85 O5 78 006 O84 36", "social_security: 1 85 O5 78 006 O84 36"],
    ["Reisepass C0lX00T47", "passport: C0lX00T47"],
    ["NHS number 943 476 59l9", "health_insurance: 943 476 59l9"],
    ["IMEI 49O154203237518", "device_id: 49O154203237518"],
    ["USt-IdNr. DEl36695976", "vat: DEl36695976"],
  ])("do not hide the number in %j", (text, value) => expect(found(text)).toContain(value));
  it.each(["Model 3O8-63-0237 is sold out.", "H2O and CO2 at 10l per minute", "The tank holds 50l, the pump 10Il.", "const o1 = l2 + 0x10;", "Level 1O"])("are no numbers in %j", (text) => expect(kinds(text)).toEqual([]));
  it("are found at their own places, wherever they stand", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (before, between) => {
        const text = `${"word ".repeat(before)}SSN: 3O8-63-0237 ${"word ".repeat(between)}DNI l2345678Z.`;
        const reread = rereadDigits(text);
        for (const value of ["308-63-0237", "12345678Z"]) {
          const start = reread.text.indexOf(value);
          expect(text.slice(reread.at(start), reread.at(start + value.length - 1) + 1)).toMatch(/^(?:3O8-63-0237|l2345678Z)$/);
          expect(reread.changed(start, start + value.length)).toBe(true);
        }
        expect(reread.changed(reread.text.indexOf("SSN"), reread.text.indexOf("SSN") + 3)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
