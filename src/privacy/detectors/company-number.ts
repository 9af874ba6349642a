import { luhn, modulo } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const french = wordList("siren, siret, rcs, r.c.s, rne, répertoire des métiers, registre du commerce, n° siren, n° siret, sirene");
const frenchSign = /sire[nt]|\br\.?c\.?s\b|\brne\b|métiers|commerce/i;
const british = wordList("company number, company no, company registration*, registered number, registration number, companies house, crn, registered in england*, registered in scotland, company reg");
const britishSign = /compan|registered|crn/i;
const rows: Identifier[] = [
  { kind: "company_number", country: "FR", pattern: /(?<![\d.,-])\d(?:[ .]?\d){13}(?![\d-]|[.,]\d)/, valid: luhn, words: french, sign: frenchSign, alone: 0 },
  { kind: "company_number", country: "FR", pattern: /(?<![\d.,-])\d{3}[ .]?\d{3}[ .]?\d{3}(?![\d-]|[.,]\d)/, valid: luhn, words: french, sign: frenchSign, alone: 0 },
  { kind: "company_number", country: "DE", pattern: /(?<![\p{L}\p{N}])(?:HR[AB]|GnR|PR|VR)[ -]?(?:Nr\.? ?)?\d{1,6}(?: ?[A-Z]{1,2})?(?![\p{L}\p{N}])/u, words: wordList("handelsregister*, registergericht, amtsgericht, registernummer, registerblatt, genossenschaftsregister, partnerschaftsregister"), alone: 0.6 },
  { kind: "company_number", country: "DE", pattern: /(?<![A-Za-z0-9])DE ?\d{9}-\d{5}(?![A-Za-z0-9-])/, words: wordList("wirtschafts-identifikationsnummer, wirtschafts-id, w-idnr"), alone: 0.8 },
  { kind: "company_number", country: "AT", pattern: /(?<![\p{L}\p{N}])(?:FN ?)?\d{5,6} ?[a-z](?![\p{L}\p{N}])/u, words: wordList("firmenbuch*, fn, firmenbuchnummer"), sign: /firmenbuch|\bfn\b/i, alone: 0 },
  { kind: "company_number", country: "AT", pattern: /(?<![\d.,-])\d{8}(?![\d-]|[.,]\d)/, words: wordList("gisa, gisa-zahl, gewerberegister*"), sign: /gisa|gewerberegister/i, alone: 0 },
  { kind: "company_number", country: "GB", pattern: /(?<![\p{L}\p{N}.,-])(?:\d{8}|(?:SC|NI|OC|SO|NC|LP|FC)\d{6})(?![\p{L}\p{N}-]|[.,]\d)/u, words: british, sign: britishSign, alone: 0 },
  { kind: "company_number", country: "IE", pattern: /(?<![\d.,-])\d{5,6}(?![\d-]|[.,]\d)/, words: wordList("cro, cro number, registered in ireland, business name registration, rbn"), sign: /cro|ireland|rbn|business name/i, alone: 0 },
  { kind: "company_number", country: "BE", pattern: /(?<![\d.,-])[01]\d{3}[. ]?\d{3}[. ]?\d{3}(?![\d-]|[.,]\d)/, valid: (plain) => 97 - modulo(plain.slice(0, 8), 97) === Number(plain.slice(8)), words: wordList("bce, kbo, numéro d'entreprise, ondernemingsnummer, rpm, rpr"), sign: /bce|kbo|entreprise|onderneming|rp[mr]/i, alone: 0 },
  { kind: "company_number", country: "ES", pattern: /(?<![\p{L}\p{N}])[A-Z]{1,2}[- ]\d{4,6}(?![\p{L}\p{N}-])/u, words: wordList("registro mercantil, hoja, inscripción"), sign: /mercantil|hoja/i, alone: 0 },
  { kind: "company_number", country: "US", pattern: /(?<![\d-])\d{2}-\d{7}(?![\d-])/, words: wordList("ein, employer identification*, fein, employer id, federal tax id"), sign: /ein|employer|federal/i, alone: 0 },
];

/** Numbers in trade registers. A company's is public; beside the word for a sole trader it is a person's (`relate.ts`). */
export const companyNumber = identifierDetector("company-number", rows);
