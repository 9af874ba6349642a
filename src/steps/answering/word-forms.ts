import { fold } from "../../language/fold.ts";
import { words } from "../../stores/text/words.ts";
import { families, irregular, months, numberWords } from "./word-families.ts";

/** How a question's word and a sentence's word can be the same: the first form is the inflected word's stem, the rest are weaker kinship. */
export type Forms = [stem: string, ...kin: string[]];

/** Stem of a word in one of the four languages: endings of number, case, person and tense are cut, the same for question and text. */
function inflected(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  let stem = word.replace(/(?:ies|ied)$/u, "y").replace(/['’].*$/u, "");
  if (stem.length > 4) stem = stem.replace(ending, "");
  else stem = stem.replace(/(?<![sui])s$|(?<=[^e]{2})e$/u, "");
  // German has two endings at once: "ausgetretene".
  if (stem.length > 7) stem = stem.replace(ending, "");
  if (stem.length > 4) stem = stem.replace(/e$/u, "");
  return stem.replace(/y$/u, "i").replace(/([b-df-hj-km-np-rtv-z])\1$/u, "$1").slice(0, 14);
}

const ending = /(?:ings?|ers?|ed|es|en|em|e|n|(?<![su])s)$/u;

const derivations = [
  /(?:abil|ibil)it(?:y|i|ies)$/u, /(?:iz|is)?ations?$/u, /(?:it|ut|t|s)?ions?$/u, /ements?$|ments?$/u, /(?:anc|enc)(?:e|es|y|ies)$/u, /(?:ive|ives|able|ible|ity|ness|ly|ous|ure|ures|al|als|ist|ists|ors?|ship|eur|euse)$/u,
  /(?:ungen|ung|heit|heiten|keit|keiten|lich\w{0,2}|isch\w{0,2}|bar\w{0,2}|schaft|innen|erin|ig\w{0,2})$/u, /(?:iert|ieren|tet|tete|ten|te|et|t)$/u, /(?:aciones|acion|cion|ado|ada|ido|ida|ar|ir|er|ant|ent|ons|ez|ee|ees)$/u,
];
const separable = /^(?:ab|an|auf|aus|bei|durch|ein|fest|her|hin|los|mit|nach|um|unter|uber|vor|weg|wieder|zuruck|zusammen|zu)/u;

/** Forms of a folded word. Kin: without derivational endings, German participles ("nachgerüstet", "nachzurüsten"), words of its family. */
export function formsOf(word: string): Forms {
  const known = cache.get(word);
  if (known) return known;
  const base = irregularOf.get(word) ?? word;
  const stem = simple.get(base) ?? inflected(base);
  const kin = new Set<string>();
  for (const each of new Set([base, word])) {
    if (each.length > 5) for (const derivation of derivations) if (derivation.test(each)) addRoot(kin, each.replace(derivation, ""));
    const prefix = separable.exec(each)?.[0] ?? "";
    const participle = /^(?:ge(\p{L}{3,}?)(?:e?t|en)(?:e[nrms]?)?|zu(\p{L}{3,})e?n)$/u.exec(each.slice(prefix.length));
    if (participle) addRoot(kin, prefix + (participle[1] ?? participle[2]!.replace(/e$/u, "")));
    const family = familyOf.get(inflected(each));
    if (family) kin.add(family);
  }
  // Cognates: "Produktion" and "production".
  if (stem.length > 5 && stem.includes("k")) kin.add(stem.replaceAll("k", "c"));
  kin.delete(stem);
  const forms: Forms = [stem, ...kin];
  if (cache.size > 20_000) cache.clear();
  cache.set(word, forms);
  return forms;
}

function addRoot(kin: Set<string>, root: string): void {
  if (root.length >= 4) kin.add(inflected(root).replace(/[ei]$/u, ""));
}

// Most words of a text come again and again.
const cache = new Map<string, Forms>();
const folded = (table: Record<string, string>): Map<string, string> => new Map(Object.entries(table).map(([key, value]) => [fold(key), fold(value)]));
const irregularOf = folded(irregular);
const simple = new Map([...folded(numberWords), ...folded(months)]);
const familyOf = new Map(families.flatMap((line, index) => line.map((word): [string, string] => [inflected(fold(word)), `=${index}`])));

const monthNames = Object.keys(months).toSorted((a, b) => b.length - a.length).join("|");
const dates = [
  { pattern: new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th|er|º|\\.)?\\s{1,2}(?:of\\s|de\\s)?(${monthNames})(?!\\p{L}),?(?:\\s(?:del?\\s)?(\\d{4}))?`, "giu"), day: 1, month: 2, year: 3 },
  { pattern: new RegExp(`(?<!\\p{L})(${monthNames})\\s(\\d{1,2})(?:st|nd|rd|th)?(?!\\d),?(?:\\s(\\d{4}))?`, "giu"), day: 2, month: 1, year: 3 },
  { pattern: /(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)/gu, day: 3, month: 2, year: 1 },
  { pattern: /(?<![\d.])(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)/gu, day: 1, month: 2, year: 3 },
];

/** Words of a text, folded; a full date, however it is written, is one more word ("@2024-5-6"). */
export function wordsOf(text: string): string[] {
  const found = words(text).map(fold);
  if (/\d/.test(text)) found.push(...datesOf(text).map((each) => each.key));
  return found;
}

/** Days in a text: where they stand, and one key for each way of writing them. */
export function datesOf(text: string): { start: number; end: number; key: string }[] {
  return dates.flatMap(({ pattern, day, month, year }) =>
    [...text.matchAll(pattern)].map((match) => {
      const number = simple.get(fold(match[month]!))?.slice("month".length) ?? String(Number(match[month]));
      return { start: match.index, end: match.index + match[0].length, key: `@${match[year] ?? ""}-${number}-${Number(match[day])}` };
    }),
  );
}

/** Whether a longer word ends or begins with the other: "Stückpreis" and "Preis". Both folded stems. */
export const compoundOf = (whole: string, part: string): boolean => part.length >= 5 && whole.length >= part.length + 3 && (whole.endsWith(part) || whole.startsWith(part));
