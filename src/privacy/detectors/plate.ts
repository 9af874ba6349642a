import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const words = wordList("kennzeichen, kontrollschild, reg no, reg number, vehicle reg*, kfz-kennzeichen, amtliches kennzeichen, nummernschild, license plate, licence plate, number plate, plate, plates, registration, registration number, vrm, plaque, immatriculation, immatriculé, immatriculée, plaque d'immatriculation, matrícula, vehicle, fahrzeug, véhicule, vehículo, coche, car, auto, wagen, pkw, vin");
const german = wordList("kennzeichen, kfz-kennzeichen, kontrollschild, nummernschild, autonummer, plaque, plaques, plaque d'immatriculation, number plate, license plate, targa");
const germanSign = /kennzeichen|schild|autonummer|plaque|plate|targa/i;
const rows: Identifier[] = [
  { kind: "plate", country: "DE", pattern: /(?<![\p{L}\p{N}-])[A-ZÄÖÜ]{1,3}[- :][A-Z]{1,2}[- ]?\d{1,4}[EH]?(?![\p{L}\p{N}-])/u, words, alone: 0 },
  { kind: "plate", country: "FR", pattern: /(?<![\p{L}\p{N}-])[A-HJ-NP-TV-Z]{2}[- ]\d{3}[- ][A-HJ-NP-TV-Z]{2}(?![\p{L}\p{N}-])/u, words, alone: 0.65 },
  { kind: "plate", country: "ES", pattern: /(?<![\p{L}\p{N}-])\d{4}[- ]?[BCDFGHJKLMNPRSTVWXYZ]{3}(?![\p{L}\p{N}-])/u, words, alone: 0 },
  { kind: "plate", country: "GB", pattern: /(?<![\p{L}\p{N}-])[A-Z]{2}\d{2} ?[A-Z]{3}(?![\p{L}\p{N}-])/u, words, alone: 0.6 },
  { kind: "plate", country: "AT", pattern: /(?<![\p{L}\p{N}-])[A-Z]{1,2}[- ]\d{1,6} ?[A-Z]{1,3}(?![\p{L}\p{N}-])/u, words: german, sign: germanSign, alone: 0 },
  { kind: "plate", country: "CH", pattern: /(?<![\p{L}\p{N}-])(?:A[GIR]|B[ELS]|FR|G[ELR]|JU|LU|N[EW]|OW|S[GHOZ]|T[GI]|UR|V[DS]|Z[GH])[- ·]\d{1,3}[ ']?\d{0,3}(?![\p{L}\p{N}-])/u, words: german, sign: germanSign, alone: 0 },
  { kind: "plate", country: "BE", pattern: /(?<![\p{L}\p{N}-])[1-9]-[A-Z]{3}-\d{3}(?![\p{L}\p{N}-])/u, words, alone: 0.6 },
  { kind: "plate", country: "IE", pattern: /(?<![\p{L}\p{N}-])\d{2,3}-[A-Z]{1,2}-\d{1,6}(?![\p{L}\p{N}-])/u, words, alone: 0 },
  { kind: "plate", country: "FR", pattern: /(?<![\p{L}\p{N}-])\d{1,4} [A-Z]{2,3} (?:\d{2}|2[AB])(?![\p{L}\p{N}-])/u, words: wordList("plaque, plaque d'immatriculation, immatriculation, immatriculé, immatriculée"), sign: /plaque|immatr/i, alone: 0 },
  { kind: "plate", country: "ES", pattern: /(?<![\p{L}\p{N}-])[A-Z]{1,2}-\d{4}-[A-Z]{1,2}(?![\p{L}\p{N}-])/u, words, alone: 0 },
  { kind: "plate", country: "US", pattern: /(?<![\p{L}\p{N}-])(?:\d[A-Z]{3}\d{3}|[A-Z]{3}[- ]?\d{3,4})(?![\p{L}\p{N}-])/u, words: wordList("license plate, licence plate, number plate, plate, plates, plate number, tag number"), alone: 0 },
  { kind: "plate", country: "*", pattern: /(?<![\p{L}\p{N}])(?=[A-HJ-NPR-Z0-9]{0,16}\d)[A-HJ-NPR-Z0-9]{17}(?![\p{L}\p{N}])/u, words: wordList("vin, fahrgestellnummer, fin, chassis, châssis, bastidor, vehicle identification"), alone: 0 },
];

/** Licence plates and vehicle identification numbers. */
export const plate = identifierDetector("plate", rows);
