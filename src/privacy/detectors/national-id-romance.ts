import { belgianNumber, frenchNir, modulo, spanishLetter } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const nir = wordList("sécurité sociale, securite sociale, nir, n° de sécu, sécu, secu, numéro de sécu, numéro ss, insee, assuré, assurée, id national, d'id national, rpps, carte vitale, ins, matricule ins, nia, assurance maladie");
const nirLabel = /(?<![\p{L}])(?:s[ée]curit[ée](?: sociale)?|s[ée]cu|nir|n[°ºo] ?ss|num[ée]ro (?:de )?ss|insee|num[ée]ro d['’]assurée?|assuré\(e\)|assurance maladie|id(?:entifiant)? national|nia|immatriculation)(?: (?:du|de) [^\n:\d]{1,40}?)?(?: est(?: le)?)?[ :.°]{0,4}$/iu;
const patient = wordList("patient, patiente, assuré, assurée, hospitalisé, hospitalisée, hospitalisation, né le, née le, consultation, docteur, dr, mme, monsieur, madame, médecin, service de");
const fiscal = wordList("numéro fiscal, fiscal, spi, impôt, impôts, n° fiscal, référence fiscale, avis d'imposition, tax id");
const dni = wordList("dni, nif, nie, documento nacional, identidad, d.n.i, n.i.f, n.i.e, identificación");
const nass = wordList("nass, nss, n.º ss, seguridad social, afiliación, número de afiliación, nuss, aseguramiento, tarjeta sanitaria");
const rows: Identifier[] = [
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])[1-478] ?\d ?\d ?\d ?\d ?(?:\d|2[AaBb]) ?\d?(?: ?\d){6}(?: ?\d){1,2}(?![\dA-Za-z])/, valid: frenchNir, words: nir, alone: 0.9 },
  // Any grouping, key announced or not: the check (97 - number modulo 97) tells it from other long numbers.
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])[1-478](?:[ ./-]{0,3}\d){5}[ ./-]{0,3}[\dAaBb](?:[ ./-]{0,3}\d){6}[ .,/-]{0,3}(?:cl[ée][ .:]{0,3})?\d ?\d(?![\dA-Za-z])/, valid: (plain) => frenchNir(plain.replace(/,|cl[ée]:?/gi, "")), words: nir, alone: 0.85 },
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])[1-478](?:[ ./-]{0,3}\d){5}[ ./-]{0,3}[\dAaBb](?:[ ./-]{0,3}\d){6,8}(?![\dA-Za-z])/, words: nir, sign: /s[ée]cu|nir|nia|\bss\b|insee|vitale|assur|matricule|national/i, alone: 0 },
  // Thirteen to fifteen digits in a row, set one by one, are a form's boxes for this number whatever the check says.
  { kind: "social_security", country: "FR", pattern: /(?<![\d] ?)[12](?=(?:[ \n]\d){0,12}[ \n][3-9])(?: \d){4}(?:[ \n]\d){8,10}/, words: nir, alone: 0.8 },
  { kind: "social_security", country: "FR", pattern: /(?<![\d] ?)[3478](?: [\dAB]){12,14}(?! ?[\dA-Za-z])/, words: nir, alone: 0.6 },
  { kind: "social_security", country: "FR", pattern: /(?<!\d[ |_/]{0,3})[12](?<mark>[|_/]| \| | {2,3})\d(?:\k<mark>\d){11,13}(?![ |_/]{0,3}\d)/, words: nir, alone: 0.7 },
  // Right behind its own words, in whatever groups.
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])\d(?:[ ./-]{0,3}[\dAB]){8,14}(?![\dA-Za-z])/, words: nirLabel, sign: /s[ée]cu|nir|nia|\bss\b|insee|assur|national|immatriculation/i, alone: 0 },
  // Sex, year, month, department, commune and order in their groups: unmistakable, though a digit be mistyped.
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])[1-478][ .\n]?\d{2}[ .\n](?:0[1-9]|1[0-2]|[2-4]\d)[ .\n](?:\d{2}|2[AaBb])[ .\n]\d{3}[ .\n]\d{3}(?:[ .\n]{1,3}\d{2})?(?![\dA-Za-z])/, words: nir, alone: 0.75 },
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z])[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AaBb])\d{6}[ ./-]?\d{2}(?![\dA-Za-z])/, words: nir, alone: 0.6 },
  // In a text about a patient so many digits in a row are no quantity.
  { kind: "social_security", country: "FR", pattern: /(?<![\dA-Za-z.,/-]|\d )(?:[1-478](?:\d{12,14}|(?: \d){11,14})|[12](?:[ ./-]?\d){12,14})(?![\dA-Za-z]|[.,-]\d)/, words: patient, alone: 0 },
  { kind: "tax_id", country: "FR", pattern: /(?<!\d)[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}(?!\d)/, valid: (plain) => plain.length === 13 && modulo(plain.slice(0, 10), 511) === Number(plain.slice(10)), words: fiscal, alone: 0.7 },
  { kind: "national_id", country: "BE", pattern: /(?<!\d)\d{2}[. ]?(?:0\d|1[0-2]|[24]\d|[35][0-2])[. ]?(?:[0-2]\d|3[01])[- ]?\d{3}[. ]?\d{2}(?!\d)/, valid: belgianNumber, words: wordList("registre national, rijksregister*, numéro national, national number, niss, insz, nationalregister*, nn"), alone: 0.75 },
  { kind: "national_id", country: "ES", pattern: /(?<![\dA-Za-z])\d{8}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z](?![\dA-Za-z])/, valid: spanishLetter, words: dni, alone: 0.8 },
  { kind: "national_id", country: "ES", pattern: /(?<![\dA-Za-z])\d{1,2}\.\d{3}\.\d{3}[ -]?[A-HJ-NP-TV-Z]?(?![\dA-Za-z])/, words: dni, alone: 0 },
  { kind: "national_id", country: "ES", pattern: /(?<![\dA-Za-z])[XYZxyz][ -]?\d{7}[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z](?![\dA-Za-z])/, valid: spanishLetter, words: dni, alone: 0.85 },
  { kind: "social_security", country: "ES", pattern: /(?<![\d.,-])\d{2}[ /-]?\d{7,8}[ /-]?\d{2}(?!\d)/, valid: (plain) => plain.length === 12 && spanishSocial(plain), words: nass, alone: 0.6 },
];

/** Key = province and number modulo 97. */
function spanishSocial(plain: string): boolean {
  const number = Number(plain.slice(2, 10)) < 10_000_000 ? plain.slice(0, 2) + plain.slice(3, 10) : plain.slice(0, 10);
  return modulo(number, 97) === Number(plain.slice(10));
}

/** French NIR and numéro fiscal, Belgian national number, Spanish DNI, NIE and NASS. */
export const nationalIdRomance = identifierDetector("national-id-romance", rows);
