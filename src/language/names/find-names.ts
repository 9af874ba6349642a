import type { NameSpan } from "../language.ts";
import { Bit, type Lists } from "../lists.ts";
import { has, type Token, tokenise } from "../tokens.ts";
import { findCaseNames } from "./case-names.ts";
import { findCommaOrder } from "./comma-order.ts";
import { findCoordinated } from "./coordinated.ts";
import { findCourtInitials } from "./court-initials.ts";
import { cutName } from "./cut.ts";
import { findFields } from "./fields.ts";
import type { Found, Reading } from "./found.ts";
import { findOrganisations } from "./organisations.ts";
import { findPersons } from "./persons.ts";
import { findCertainPlaces, findPlacePhrases, findPlaces } from "./places.ts";
import { findRepeats, isFree, take } from "./repeats.ts";
import { findSingleNames } from "./single-names.ts";
import { findStreets } from "./streets.ts";
import { isThing } from "./things.ts";
import { united } from "./united.ts";
import { findUnknownNames } from "./unknown-names.ts";
import { withInitials } from "./with-initials.ts";

export const ruledLanguages = ["en", "de", "fr", "es"];

/** A trained recogniser proposes names too; the result is the union. */
export type Recogniser = (tokens: readonly Token[], language: string | null) => Found[];

/** Persons, streets, organisations and places by lists and rules. Linear in the text. */
export function findNames(text: string, language: string | null, lists: Lists, recogniser?: Recogniser): NameSpan[] {
  const tokens = tokenise(text, lists);
  return readNames(text, tokens, language, lists, recogniser).map(({ from, to, type, score }) => ({ start: tokens[from]!.start, end: tokens[to - 1]!.end, type, score }));
}

/** The same, as ranges of tokens, in order; ranges of different types never overlap. */
export function readNames(text: string, tokens: Token[], language: string | null, lists: Lists, recogniser?: Recogniser): Found[] {
  const reading: Reading = { text, tokens, lists, languages: new Set(language && ruledLanguages.includes(language) ? [language] : ruledLanguages), german: language === "de" || (!ruledLanguages.includes(language ?? "") && looksGerman(tokens)), shouted: isShouted(tokens) };
  const taken = new Uint8Array(tokens.length);
  const kept: Found[] = [];
  const add = (found: Found[]): Found[] => {
    const free = found.filter((each) => isFree(taken, each) && each.to > each.from);
    take(taken, free);
    for (const each of free) kept.push(each);
    return free;
  };
  const cut = (found: Found[]): Found[] => found.flatMap((each) => cutName(tokens, each, reading.languages.has("de")) ?? []).filter((each) => !isThing(reading, each));
  add(findStreets(reading));
  const organisations = findOrganisations(reading);
  add(organisations.filter((each) => each.score >= .9));
  const fields = add(cut(findFields(reading)));
  add(findCaseNames(reading, taken));
  add(findCertainPlaces(reading, taken));
  // "University of North Carolina" stays whole.
  add(findPlacePhrases(reading, taken).filter((each) => !organisations.some(({ from, to }) => from <= each.from && to >= each.to)));
  // "Hospital Ramón y Cajal": where the word for the body comes first, the name behind it is the body's.
  const romance = !reading.languages.has("en") && !reading.languages.has("de");
  if (romance) add(organisations.filter((each) => has(tokens[each.from], Bit.organisation)));
  const persons = add(cut(findPersons(reading)));
  const listed = recogniser ? add(findCommaOrder(reading, taken)) : [];
  const learnt = recogniser ? add(united(reading, recogniser(tokens, language), kept, organisations, taken)) : [];
  add(organisations.filter((each) => each.score < .9));
  const certain = [...fields, ...persons, ...listed, ...learnt.filter((each) => each.type === "PERSON")];
  add(findRepeats(reading, certain, taken));
  const singles = add(cut(findSingleNames(reading, taken)));
  add(findCoordinated(reading, [...certain, ...singles], taken));
  withInitials(tokens, kept, taken);
  add(findUnknownNames(reading, taken));
  add(findCourtInitials(reading, taken));
  add(findPlaces(reading, taken));
  return kept.toSorted((a, b) => a.from - b.from);
}

const germanOnly = new Set("der die das und ist nicht mit des dem den eine einer einem eines auf für von zu zur zum bei nach wird werden wurde im durch als oder auch sowie".split(" "));

/** Most of the small words that tell a language are German. */
function looksGerman(tokens: Token[]): boolean {
  let german = 0;
  let small = 0;
  for (const token of tokens) {
    if (token.kind !== "word" || token.shape !== "a" || token.text.length > 6) continue;
    small += 1;
    if (germanOnly.has(token.text)) german += 1;
  }
  return german >= 3 && german * 4 >= small;
}

function isShouted(tokens: Token[]): boolean {
  let capitals = 0;
  let words = 0;
  for (const token of tokens) {
    if (token.kind !== "word" || token.text.length < 3) continue;
    words += 1;
    if (token.shape === "AA") capitals += 1;
  }
  return words >= 6 && capitals > words * .6;
}
