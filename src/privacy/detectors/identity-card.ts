import { modulo } from "./checksums.ts";
import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const french = wordList("carte d'identité, carte nationale d'identité, cni, cnie, n° de carte d'identité, pièce d'identité");
const belgian = wordList("carte d'identité, identiteitskaart, eid, personalausweis, identity card, id card, identitätskarte");
const swiss = wordList("identitätskarte, carte d'identité, identity card, id-karte, idk");
const rows: Identifier[] = [
  { kind: "identity_card", country: "FR", pattern: /(?<![\d.,-])\d{4}[ ]?\d{4}[ ]?\d{4}(?![\d-]|[.,]\d)/, words: french, sign: /identit|cnie?/i, alone: 0 },
  { kind: "identity_card", country: "FR", pattern: /(?<![\p{L}\p{N}])(?=[A-Z]{0,8}\d)[A-Z0-9]{9}(?![\p{L}\p{N}])/u, words: french, sign: /identit|cnie?/i, alone: 0 },
  // The last two digits are the ten before them modulo 97.
  { kind: "identity_card", country: "BE", pattern: /(?<![\d.,-])\d{3}-\d{7}-\d{2}(?![\d-])/, valid: (plain) => (modulo(plain.slice(0, 10), 97) || 97) === Number(plain.slice(10)), words: belgian, alone: 0.7 },
  { kind: "identity_card", country: "CH", pattern: /(?<![\p{L}\p{N}])[ACES]\d{7}(?![\p{L}\p{N}])/u, words: swiss, sign: /identit|id/i, alone: 0 },
  { kind: "identity_card", country: "AT", pattern: /(?<![\p{L}\p{N}])(?:[A-Z]{2}\d{7}|\d{7,8})(?![\p{L}\p{N}])/u, words: wordList("personalausweis*, ausweisnummer, ausweis-nr, ausweisnr"), sign: /ausweis/i, alone: 0 },
  { kind: "identity_card", country: "ES", pattern: /(?<![\p{L}\p{N}])[A-Z]{3}\d{6}(?![\p{L}\p{N}])/u, words: wordList("soporte, número de soporte, idesp, num soport"), sign: /soport|idesp/i, alone: 0 },
  { kind: "identity_card", country: "US", pattern: /(?<![\p{L}\p{N}.,-])[A-Z]?\d{7,9}(?![\p{L}\p{N}-])/u, words: wordList("state id, state identification, identity card no, identity card number, id card number, identification card"), sign: /state id|identi|id card/i, alone: 0 },
];

/** Identity cards of France, Belgium, Switzerland, Austria, Spain and the United States; Germany's stand with its other numbers. */
export const identityCard = identifierDetector("identity-card", rows);
