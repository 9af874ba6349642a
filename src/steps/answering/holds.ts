import type { Candidate } from "../../language/language.ts";
import { count, money, number } from "./patterns.ts";
import type { Wanted } from "./wanted.ts";
import { datesOf } from "./word-forms.ts";

/** How well a text holds what is wanted, beyond what the question itself names: 1, .6 for a name of another type, or 0. */
export function holds(wanted: Wanted, text: string, entities: Candidate[], asked: (name: string) => boolean): number {
  const fresh = entities.filter((each) => !asked(each.name));
  if (fresh.some((each) => wanted.types.includes(each.type))) return 1;
  if (isNumeric(wanted)) return hasNumber(wanted, text, entities, asked) ? 1 : 0;
  if (wanted.pattern) return wanted.pattern.test(text) ? 1 : 0;
  if (wanted.types.includes("DATE_TIME")) return [...text.matchAll(/(?<!\d)(?:1\d|20)\d\d(?!\d)/gu)].some(([year]) => !asked(year)) ? 1 : 0;
  // A name whose type the recogniser does not know, or takes for another.
  return wanted.types.some((type) => naming.has(type)) && fresh.some((each) => unsure.has(each.type)) ? 0.6 : 0;
}

const naming = new Set(["PERSON", "LOCATION", "ORGANIZATION"]);
const unsure = new Set(["CONCEPT", "PERSON", "ORGANIZATION"]);

/** Amounts and counts: the sentence must tell what they are of. */
export const isNumeric = (wanted: Wanted): boolean => wanted.pattern === number || wanted.pattern === count;

/** A number counts when it is not the question's, not a year and not part of a name, a date or a standard. */
function hasNumber({ pattern, counted }: Wanted, text: string, entities: Candidate[], asked: (name: string) => boolean): boolean {
  if (pattern === number && money.test(text)) return true;
  const inNames = new Set(entities.filter((each) => each.type !== "QUANTITY" && each.type !== "METRIC").flatMap((each) => each.name.split(/[\s-]/u)));
  const days = datesOf(text);
  return [...text.matchAll(pattern!)].some(
    (match) =>
      !asked(match[0]) &&
      !/^(?:1[5-9]|20)\d\d$/.test(match[0]) &&
      !inNames.has(match[0]) &&
      !days.some((each) => each.start <= match.index && match.index < each.end) &&
      (pattern === number || isCount(text, match, counted !== null)),
  );
}

/** "24 pieces", not "EUR 24"; where a thing is counted, not "test rig 3 of" either: a noun follows, or nothing. */
function isCount(text: string, match: RegExpMatchArray, thing: boolean): boolean {
  if (/(?:[€$£¥]|(?<!\p{L})(?:EUR|USD|GBP|CHF)\)?:?)\s?$/iu.test(text.slice(0, match.index))) return false;
  return !thing || /^(?:\s*[|;(),]|\P{L}*$|\s+(?!(?:of|in|at|on|and|to|from|by|is|was|were|has|had|von|der|des|im|am|und|an|ist|de|du|et|en|y|del|est|es) )[\p{L}"“-])/u.test(text.slice(match.index! + match[0].length));
}
