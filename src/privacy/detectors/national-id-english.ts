import { irishPps, modulo, weighted } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const social = wordList("ssn, social security, social security number, socials, social, soc sec, tax id, taxpayer*");
const nhs = wordList("nhs, nhs number, nhs no, patient, health service, patient id");
const rows: Identifier[] = [
  // SSA: no 000, 666 or 9xx area, no 00 group, no 0000 serial; there is no check digit.
  { kind: "social_security", country: "US", pattern: /(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-]|[.,]\d)/, words: social, alone: 0.75 },
  { kind: "social_security", country: "US", pattern: /(?<!\d)\d{3}[- .]?\d{2}[- .]?\d{4}(?!\d)/, words: social, alone: 0 },
  { kind: "tax_id", country: "US", pattern: /(?<![\d-])9\d\d[- ]?(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]?\d{4}(?![\d-])/, words: wordList("itin, taxpayer*, tax id*, tin, irs"), alone: 0 },
  { kind: "social_security", country: "GB", pattern: /(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d](?![A-Za-z0-9])/, words: wordList("national insurance, ni number, nino, ni no, insurance number"), alone: 0.8 },
  // Letters that no number begins with: mistyped, or the form's own example.
  { kind: "social_security", country: "GB", pattern: /(?<![A-Za-z0-9])[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Za-z](?![A-Za-z0-9])/, words: wordList("national insurance, ni number, nino, ni no"), alone: 0 },
  { kind: "health_insurance", country: "GB", pattern: /(?<![\d.,-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-]|[.,]\d)/, valid: nhsCheck, words: nhs, alone: 0 },
  { kind: "tax_id", country: "GB", pattern: /(?<!\d)\d{5} ?\d{5}(?!\d)/, valid: (plain) => utrCheck(plain), words: wordList("utr, unique taxpayer reference, unique tax reference, self assessment, hmrc"), alone: 0 },
  { kind: "national_id", country: "IE", pattern: /(?<![A-Za-z0-9])\d{7}[A-Wa-w][A-IWa-iw]?(?![A-Za-z0-9])/, valid: irishPps, words: wordList("pps, ppsn, pps number, personal public service"), alone: 0.65 },
];

/** NHS number: weights 10..2, modulo 11. */
function nhsCheck(plain: string): boolean {
  return (11 - (weighted(plain, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(plain[9]);
}

/** UTR: the first digit checks the nine that follow. */
function utrCheck(plain: string): boolean {
  return "21987654321"[modulo(String(weighted(plain.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2])), 11)] === plain[0];
}

/** US SSN and ITIN, UK NINO, NHS and UTR, Irish PPS. */
export const nationalIdEnglish = identifierDetector("national-id-english", rows);
