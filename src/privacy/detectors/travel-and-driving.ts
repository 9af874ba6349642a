import { wordList } from "./detector.ts";
import { identifierDetector, type Identifier } from "./identifier.ts";

const passport = wordList("passport, passport no, passport number, reisepass, reisepassnummer, passnummer, pass-nr, passeport, pasaporte, schweizer pass, schweizerpass, österreichischer pass, deutscher pass, n° de passeport, número de pasaporte, travel document");
const licence = wordList("driver's license, drivers license, driving licence, driving license, driver license, driver's licence, licence number, license number, führerschein, führerscheinnummer, führerschein-nr, führerausweis*, fahrausweis*, fahrerlaubnis*, lenkberechtigung, permis de conduire, permis, permiso de conducir, carnet de conducir, dl number");
const passportSign = /pass|pasaporte|travel/i;
const licenceSign = /licen[cs]e|führer|fahr|lenkb|permis|carnet|dl number/i;
const rows: Identifier[] = [
  { kind: "passport", country: "*", pattern: /(?<![\p{L}\p{N}])(?=[A-Za-z]{0,3}\d)(?:[A-Za-z]{1,2} ?\d{6,8}|\d{8,9}|\d{2}[A-Za-z]{2}\d{5}|[A-Za-z]{3}\d{6})(?![\p{L}\p{N}])/u, words: passport, sign: passportSign, alone: 0 },
  { kind: "passport", country: "DE", pattern: /(?<![\p{L}\p{N}])[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}(?![\p{L}\p{N}])/u, words: passport, sign: passportSign, alone: 0 },
  // The machine-readable lines of a passport or card (ICAO 9303).
  { kind: "passport", country: "*", pattern: /(?<![A-Z0-9<])[PIACV][A-Z<][A-Z]{3}[A-Z0-9<]{25,39}/, words: passport, alone: 0.95 },
  // DVLA: five letters of the surname, six digits of the birth date, initials.
  { kind: "driving_licence", country: "GB", pattern: /(?<![A-Za-z0-9])[A-Z9]{5} ?\d{6} ?[A-Z9]{2} ?\d[A-Z]{2}(?![A-Za-z0-9])/, words: licence, alone: 0.85 },
  { kind: "driving_licence", country: "*", pattern: /(?<![\p{L}\p{N}])(?=[A-Za-z\d -]{0,12}\d{3})[A-Za-z]{0,2}\d[A-Za-z0-9]{4,14}(?:-\d{2,4}){0,3}(?![\p{L}\p{N}])/u, words: licence, sign: licenceSign, alone: 0 },
  { kind: "driving_licence", country: "US", pattern: /(?<![A-Za-z0-9])[A-Z]\d{3}[- ]\d{3,4}[- ]\d{2,4}(?:[- ]\d{3})?(?![A-Za-z0-9])/, words: licence, sign: licenceSign, alone: 0 },
];

/** Passports and driving licences: no shared checksum, so words must announce most of them. */
export const travelAndDriving = identifierDetector("travel-and-driving", rows);
