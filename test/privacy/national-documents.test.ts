import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

/** A French number with its key: 97 less the number modulo 97, Corsica's 2A and 2B as 19 and 18. */
const withKey = (number: string): string => number + String(97 - Number(BigInt(number.replace("2A", "19").replace("2B", "18")) % 97n)).padStart(2, "0");

describe("a French social security number", () => {
  it("is found with its key in any grouping, Corsica too, without a word around", () => {
    const people = fc.record({ sex: fc.constantFrom("1", "2"), year: fc.integer({ min: 10, max: 99 }), month: fc.integer({ min: 1, max: 12 }), place: fc.constantFrom("2A", "2B", "13", "75", "97"), commune: fc.integer({ min: 100, max: 999 }), order: fc.integer({ min: 100, max: 999 }) });
    fc.assert(
      fc.property(people, fc.array(fc.record({ at: fc.nat(13), sign: fc.constantFrom(" ", ".", "-", "/") }), { maxLength: 5 }), (person, signs) => {
        const plain = withKey(`${person.sex}${person.year}${String(person.month).padStart(2, "0")}${person.place}${person.commune}${person.order}`);
        // Never inside the department's letter or the key.
        const value = [...plain].map((each, index) => each + (index === 5 || index === 13 ? "" : (signs.find(({ at }) => at === index)?.sign ?? ""))).join("").replace(/[ ./-]$/, "");
        expect(found(`Dossier de ${value} ouvert.`)).toContain(`social_security: ${value}`);
      }),
      { numRuns: 60 },
    );
  });
  it.each([
    ["NIR 1-85-05-78-006-084-36", "1-85-05-78-006-084-36"],
    ["n° sécu : 1 85 05 78 006 084 clé 36", "1 85 05 78 006 084 clé 36"],
    ["NIR 1 85 05 78006 084 / 36", "1 85 05 78006 084 / 36"],
    ["NIR 185052A006084", "185052A006084"],
    ["sécurité sociale 1-85-05-2B-006-084", "1-85-05-2B-006-084"],
    ["N° d'assurance maladie 2850578006084", "2850578006084"],
    ["Id national : 285057800608", "285057800608"],
    ["Son numéro de sécurité sociale est 285 057 800", "285 057 800"],
    ["numéro de sécurité sociale de Mme Dupont est le 285 0578 0060", "285 0578 0060"],
    ["NIA : 7 85 05 78 006 084 36", "7 85 05 78 006 084 36"],
    ["Dossier 3 85 05 78 006 084 12", "3 85 05 78 006 084 12"],
    ["Dossier 285 05 78 006 084 37", "285 05 78 006 084 37"],
    ["2850578006084/36", "2850578006084/36"],
    ["1|4|2|3|8|5|6|8|3|7|8|3|5", "1|4|2|3|8|5|6|8|3|7|8|3|5"],
    ["7 4 2 3 8 5 6 8 3 7 8 3 5 3 2", "7 4 2 3 8 5 6 8 3 7 8 3 5 3 2"],
  ])("is found in %j", (text, value) => expect(found(text)).toContain(`social_security: ${value}`));
  it.each(["Pièce 185-05-78-006-084-37", "3 4 5 6 7 8 9 10 11 12 13 14 15 16", "1|2|3|4|5|6|7|8", "Le lot 1-85-05-78-006-084", "1.2.3.4.5.6.7.8.1.2.3.4.5"])("is not found in %j", (text) => expect(kinds(text)).not.toContain("social_security"));
});

describe("a number of somebody's in a French hospital", () => {
  it.each([
    ["IPP n° 8012345678", "8012345678"], ["I.P.P. : 8012345678", "8012345678"], ["IPP (AP-HP) : 8012345678", "8012345678"], ["IPP du patient : 8012345678", "8012345678"], ["son IPP est le 8012345678", "8012345678"],
    ["NDA n°: 102948754", "102948754"], ["N.D.A. : 102948754", "102948754"], ["son NDA pour ce séjour est le 102948754", "102948754"], ["IPP : 8012345678 - 102948754", "102948754"],
    ["Identifiant permanent : 8012345678", "8012345678"], ["Dossier médical : 102948754", "102948754"], ["Patient n° 102948754", "102948754"], ["Hospitalisation n° 102948754", "102948754"], ["N° admission : 102948754", "102948754"], ["Séjour : 102948754", "102948754"], ["N° IEP 102948754", "102948754"], ["N° de passage : 102948754", "102948754"],
    ["DUPONT Paul, né le 12/03/1956, 8012345678", "8012345678"], ["DUPONT | Paul | M | 8012345678", "8012345678"], ["Le patient est hospitalisé sous le numéro 102948754.", "102948754"],
  ])("is found in %j", (text, value) => expect(found(text)).toContain(`medical_record: ${value}`));
  it.each(["N° de facture 102948754", "Version 10294875", "Séjour : 12 jours", "The NDA of 12/03/2023", "Commande numéro 102948754"])("is not found in %j", (text) => expect(kinds(text)).not.toContain("medical_record"));
});

describe("documents of other countries", () => {
  it.each([
    ["identity_card", "Carte d'identité n° 880692310285", "880692310285"], ["identity_card", "CNI X4RTBPFW4", "X4RTBPFW4"], ["identity_card", "carte d'identité belge 592-1234567-89", "592-1234567-89"], ["identity_card", "Identitätskarte E1234567", "E1234567"], ["identity_card", "número de soporte AAA000001", "AAA000001"], ["identity_card", "Identity card number 1234567", "1234567"],
    ["passport", "Schweizer Pass X1234567", "X1234567"], ["passport", "passeport 08CK12345", "08CK12345"],
    ["driving_licence", "Führerausweis 123456789012", "123456789012"], ["driving_licence", "permis de conduire 880175100123", "880175100123"],
    ["plate", "Kennzeichen W-12345 A", "W-12345 A"], ["plate", "Kontrollschild ZH 123456", "ZH 123456"], ["plate", "Kennzeichen ZH 123 456", "ZH 123 456"], ["plate", "plaque 1-ABC-123", "1-ABC-123"], ["plate", "registration 191-D-12345", "191-D-12345"], ["plate", "plaque d'immatriculation 1234 AB 75", "1234 AB 75"], ["plate", "matrícula M-1234-BC", "M-1234-BC"],
  ])("%s is found in %j", (kind, text, value) => expect(found(text)).toContain(`${kind}: ${value}`));
  it.each(["Modell E1234567 im Katalog", "Order 592-1234567-88", "Part 191-D-12345", "Figure BE 12"])("nothing is found in %j", (text) => expect(kinds(text).filter((kind) => /identity_card|plate|passport|driving/.test(kind))).toEqual([]));
});
