import { getCountrySpecifications, isValidIBAN } from "ibantools";
import { hasContext, wordList, type Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const words = wordList("iban, bank*, account, konto*, kontonummer, bankverbindung, compte, rib, cuenta, bic, swift, überweisung, transfer, virement, transferencia");
const candidate = guarded(/(?<![A-Za-z0-9])[A-Za-z]{2}[ ]?\d{2}(?:[ \n-]?[A-Za-z0-9]){11,30}/g);
const countries = getCountrySpecifications();

/** IBAN: length by country and modulo 97 (ISO 13616); a mistyped one counts when it is well-formed. */
export const iban: Detector = {
  id: "iban",
  kinds: ["iban"],
  joins: true,
  *find(view) {
    for (const match of matchesIn(view, candidate)) {
      const country = match[0].slice(0, 2).toUpperCase();
      const length = countries[country]?.chars;
      if (!length) continue;
      const end = endAfter(match[0], length);
      if (end === -1) {
        if (hasContext(view, match.index, match.index + match[0].length, words)) yield { kind: "iban", start: match.index, end: match.index + digitsEnd(match[0]), score: 0.7 };
        continue;
      }
      const plain = match[0].slice(0, end).replace(/[^A-Za-z0-9]/g, "").toUpperCase();
      const start = match.index;
      if (isValidIBAN(plain)) yield { kind: "iban", start, end: start + end, score: 0.99, checked: true };
      else if (hasContext(view, start, start + end, words)) yield { kind: "iban", start, end: start + end, score: 0.85 };
      else if (/^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2}/.test(match[0]) && (plain.match(/\d/g)?.length ?? 0) >= 10) yield { kind: "iban", start, end: start + end, score: 0.6 };
    }
  },
};

/** Offset after the n-th letter or digit, or -1. */
function endAfter(text: string, count: number): number {
  for (let index = 0, seen = 0; index < text.length; index++) {
    if (/[A-Za-z0-9]/.test(text[index]!) && ++seen === count) return index + 1;
  }
  return -1;
}

/** Words after a too short number are not part of it. */
const digitsEnd = (text: string): number => /\d(?=\D*$)/.exec(text)!.index + 1;
