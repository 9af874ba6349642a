import { luhn } from "./checksums.ts";
import { digitsOf, hasContext, wordList, type Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const words = wordList("card, credit*, debit, visa, mastercard, amex, american express, cc, kreditkarte*, karte, kartennummer, carte, tarjeta, cvv, cvc, pan, expires, expiring, gültig bis, maestro, girocard");
const candidate = guarded(/(?<![\d.,-])\d(?:[ \n.-]?\d){11,18}(?![\d]|[.,]\d)/g);
/** First digits and lengths of the schemes. */
const scheme = /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6\d)\d{10,17})$/;
const grouped = /^\d{4}([ -])\d{4}\1\d{4}\1\d{4}$|^\d{4}([ -])\d{6}\2\d{5}$/;

/** Payment cards: scheme, Luhn, grouping, words around. */
export const card: Detector = {
  id: "card",
  kinds: ["card"],
  joins: true,
  *find(view) {
    for (const match of matchesIn(view, candidate)) {
      const digits = digitsOf(match[0]);
      const start = match.index;
      const end = start + match[0].length;
      if (/^(\d)\1+$/.test(digits)) continue;
      const known = scheme.test(digits);
      const context = hasContext(view, start, end, words);
      if (known && luhn(digits)) yield { kind: "card", start, end, score: context || grouped.test(match[0]) || !/\D/.test(match[0]) ? 0.97 : 0.7, checked: true };
      else if (context && (known || grouped.test(match[0]) || (digits.length >= 15 && digits.length <= 16))) yield { kind: "card", start, end, score: 0.8 };
      else if (known && grouped.test(match[0])) yield { kind: "card", start, end, score: 0.6 };
    }
  },
};
