import { clip } from "./sentences.ts";

/** Order matters little: a place may show twice under two kinds. */
const signs: [kind: string, pattern: RegExp][] = [
  ["person", /\b(?:Dr\.|Prof\.|Mr\.?|Mrs\.?|Ms\.?|Herr|Frau) \p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?/gu],
  ["contact", /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}|\+\d[\d ()/-]{7,}\d/gu],
  ["identifier", /\b(?:born on|date of birth|geboren am)\b[^.\n]{0,30}/gi],
  ["finance", /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b/g],
  ["health", /\b(?:diagnos|sick leave|medical certificate|therapy|krankgeschrieben|Erkrankung)[\p{L} ]{0,40}/gu],
  ["secret", /\b(?:password|passwort|api[ _-]?key)\s*[:=]\s*\S+/gi],
  ["confidential", /\b(?:strictly confidential|streng vertraulich|trade secret)\b/gi],
];

/** What a careful local model would point at: kinds and exact quotes. */
export const readPrivate = (text: string): { kind: string; quote: string }[] =>
  signs.flatMap(([kind, pattern]) => [...text.matchAll(pattern)].slice(0, 20).map((match) => ({ kind, quote: clip(match[0], 80) })));
