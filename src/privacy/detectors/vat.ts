import { iso7064Mod11Of10, luhn, modulo, weighted } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const words = wordList("vat, vat id, vat number, ust-id, ustid, ust-idnr, ust.-id, umsatzsteuer*, uid, mwst, tva, n° tva, iva, cif, nif, btw, partita iva, tax number");
const rows: Identifier[] = [
  { kind: "vat", country: "DE", pattern: /(?<![A-Za-z0-9])DE ?\d{3} ?\d{3} ?\d{3}(?![A-Za-z0-9])/, valid: (plain) => iso7064Mod11Of10(plain.slice(2)), words, alone: 0.8 },
  { kind: "vat", country: "AT", pattern: /(?<![A-Za-z0-9])ATU ?\d{8}(?![A-Za-z0-9])/, words, alone: 0.8 },
  { kind: "vat", country: "CH", pattern: /(?<![A-Za-z0-9])CHE[- ]?\d{3}\.?\d{3}\.?\d{3}(?![A-Za-z0-9])/, words, alone: 0.8 },
  { kind: "vat", country: "FR", pattern: /(?<![A-Za-z0-9])FR ?[A-Z0-9]{2} ?\d{3} ?\d{3} ?\d{3}(?![A-Za-z0-9])/, valid: (plain) => luhn(plain.slice(4)), words, alone: 0.8 },
  { kind: "vat", country: "ES", pattern: /(?<![A-Za-z0-9])(?:ES ?)?[A-HJNP-SUVW] ?-?\d{7}[0-9A-J](?![A-Za-z0-9])/, words, alone: 0 },
  { kind: "vat", country: "BE", pattern: /(?<![A-Za-z0-9])BE ?[01]\d{3}\.?\d{3}\.?\d{3}(?![A-Za-z0-9])/, valid: (plain) => 97 - modulo(plain.slice(2, 10), 97) === Number(plain.slice(10)), words, alone: 0.8 },
  { kind: "vat", country: "GB", pattern: /(?<![A-Za-z0-9])GB ?\d{3} ?\d{4} ?\d{2}(?:\d{3})?(?![A-Za-z0-9])/, valid: (plain) => [0, 42].includes((weighted(plain.slice(2), [8, 7, 6, 5, 4, 3, 2]) + Number(plain.slice(9, 11))) % 97), words, alone: 0.8 },
  { kind: "vat", country: "IE", pattern: /(?<![A-Za-z0-9])IE ?\d[0-9A-Z]\d{5}[A-W][A-I]?(?![A-Za-z0-9])/, words, alone: 0.6 },
  { kind: "vat", country: "*", pattern: /(?<![A-Za-z0-9])(?:NL\d{9}B\d{2}|IT\d{11}|PL\d{10}|PT\d{9}|LU\d{8}|DK\d{8}|SE\d{12}|FI\d{8}|CZ\d{8,10}|SK\d{10}|HU\d{8})(?![A-Za-z0-9])/, words, alone: 0.6 },
];

/** VAT identification numbers; a sole trader's is a person's. */
export const vat = identifierDetector("vat", rows);
