import { ean13, germanHealth, germanPension, icaoCheck, iso7064Mod11Of10, weighted } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const tax = wordList("steuer-id, steuerid, steuer id, steueridentifikationsnummer, steuerliche identifikationsnummer, identifikationsnummer, idnr, id-nr, steuernummer, st.-nr, tin, tax id, steueridentnummer, steuer-identifikationsnummer");
const pension = wordList("rentenversicherung*, rentenversicherungsnummer, sozialversicherung*, sv-nummer, sv-nr, svnr, rv-nummer, versicherungsnummer, sozialversicherungsnummer, social security, rvnr, vsnr");
const health = wordList("krankenversicherung*, krankenversichertennummer, versichertennummer, versicherten-nr, kvnr, krankenkasse, versichertennr, health insurance, gesundheitskarte");
const identity = wordList("personalausweis*, ausweis, ausweisnummer, ausweis-nr, ausweisnr, pass, reisepass*, passnummer, reisepassnummer, identity card, id card, passport");
const austrian = wordList("sozialversicherung*, svnr, sv-nummer, sv-nr, versicherungsnummer, sozialversicherungsnummer, e-card");
const swiss = wordList("ahv, ahv-nummer, ahv-nr, ahvn13, avs, navs, navs13, numéro avs, sozialversicherungsnummer, versichertennummer, social security");
const rows: Identifier[] = [
  { kind: "tax_id", country: "DE", pattern: /(?<![\d.,-])[1-9]\d ?\d{3} ?\d{3} ?\d{3}(?!\d|[.,]\d)/, valid: germanTax, words: tax, alone: 0 },
  { kind: "tax_id", country: "DE", pattern: /(?<!\d)\d{2,3} ?\/ ?\d{3,4} ?\/ ?\d{4,5}(?!\d)/, words: tax, alone: 0.4 },
  { kind: "social_security", country: "DE", pattern: /(?<![A-Za-z0-9])\d{2} ?(?:[0-2]\d|3[01]|[5-9]\d)(?:0\d|1[0-2])\d{2} ?[A-Za-z] ?\d{3}(?![A-Za-z0-9])/, valid: germanPension, words: pension, alone: 0.8 },
  { kind: "health_insurance", country: "DE", pattern: /(?<![A-Za-z0-9])[A-Za-z] ?\d{3} ?\d{3} ?\d{3}(?![A-Za-z0-9])/, valid: germanHealth, words: health, alone: 0.6 },
  { kind: "identity_card", country: "DE", pattern: /(?<![A-Za-z0-9])[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d?(?![A-Za-z0-9])/, valid: (plain) => plain.length === 10 && icaoCheck(plain), words: identity, alone: 0.6 },
  { kind: "identity_card", country: "DE", pattern: /(?<![A-Za-z0-9])T\d{8}\d?(?![A-Za-z0-9])/, words: identity, alone: 0 },
  { kind: "social_security", country: "AT", pattern: /(?<![\d.,-])\d{4} ?(?:0[1-9]|[12]\d|3[01])(?:0\d|1[0-5])\d{2}(?!\d)/, valid: austrianCheck, words: austrian, alone: 0 },
  { kind: "social_security", country: "CH", pattern: /(?<!\d)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\d)/, valid: ean13, words: swiss, alone: 0.9 },
  // As it was until 2008.
  { kind: "social_security", country: "CH", pattern: /(?<![\d.,-])\d{3}\.\d{2}\.\d{3}\.\d{3}(?![\d-]|[.,]\d)/, words: swiss, alone: 0 },
];

/** One digit comes twice or three times among the first ten, the eleventh checks (ISO 7064). */
function germanTax(plain: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of plain.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  return counts.size >= 8 && counts.size <= 9 && iso7064Mod11Of10(plain);
}

function austrianCheck(plain: string): boolean {
  const digits = plain.slice(0, 3) + plain.slice(4);
  return weighted(digits, [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11 === Number(plain[3]);
}

/** German tax id, pension and health insurance numbers, identity card; Austrian and Swiss social security numbers. */
export const nationalIdGerman = identifierDetector("national-id-german", rows);
