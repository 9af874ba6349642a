import { normaliseName } from "../../data/identity.ts";
import type { Candidate } from "../../language/language.ts";
import { fold } from "../../language/fold.ts";
import { words } from "../../stores/text/words.ts";
import type { AskedQuestion, Term } from "./asked-question.ts";
import { functionWords } from "./function-words.ts";
import { namesOf } from "./names-of.ts";
import type { WordSet } from "./sentences.ts";
import { compoundOf, datesOf, formsOf } from "./word-forms.ts";
import { wantedBy } from "./wanted.ts";

/** Words of a very long question that are looked for: its names, then its rarest. */
const mostTerms = 60;

/** Highest weight of one word: a very rare one must not outweigh all others. */
const highest = 6;

/** Share of a word's weight that stays when it only says the type of the answer ("company" in "which company"). */
const typeWordShare = 0.25;

/** Heads of a description ("the company that makes…"): the sentence that answers has a name in their place. */
const generic = "company firm business organization organisation person man woman people thing name unternehmen firma gesellschaft person mann frau leute name entreprise société personne homme femme nom empresa compañía persona hombre mujer nombre".split(" ");

/** Share of its weight that a word keeps which no document has, when passages are in another language: they would say it otherwise. */
const foreignShare = 0.5;

export interface ToRead {
  question: string;
  /** ISO 639-1, of the question and of the passages; null when not known. */
  languages: { question: string | null; passages: (string | null)[] };
  /** What the question names. */
  names: Candidate[];
  /** By word as indexed; a word that no document has weighs as much as the rarest. */
  idf: Map<string, number>;
  /** Words of names in the passages: they tell names from other nouns in German. */
  knownNames: Set<string>;
}

/** What a question is about, what it asks of that, and what an answer looks like. */
export function readQuestion({ question, languages, names, idf, knownNames }: ToRead): AskedQuestion {
  const { language, words: skipped } = functionWords(question, languages.question);
  const rarest = Math.max(1, ...idf.values());
  const weightOf = (word: string): number => Math.min(highest, idf.get(word) ?? rarest);
  const { terms, rest } = datesAndCodes(question, weightOf);
  const named = namedWords(question, names, language, knownNames);
  const kind = wantedBy(question);
  const typeWords = new Set([...generic, ...(kind?.typeWords ?? [])].map(fold));
  const foreign = languages.passages.some((each) => each && each !== language);
  for (const word of words(rest)) {
    const folded = fold(word);
    const isNumber = /\d/.test(word);
    if (!isNumber && (skipped.has(folded) || folded.length < 2)) continue;
    const forms = formsOf(folded);
    const typeOnly = typeWords.has(folded);
    const share = typeOnly ? typeWordShare : foreign && !isNumber && !idf.has(word) && !named.has(word) ? foreignShare : 1;
    const weight = Math.max(terms.get(forms[0])?.weight ?? 0, weightOf(word) * share);
    terms.set(forms[0], { forms, phrase: null, weight, must: named.has(word) || (isNumber && word.length > 1), typeOnly });
  }
  const list = [...terms.values()].toSorted((a, b) => Number(b.must) - Number(a.must) || b.weight - a.weight).slice(0, mostTerms);
  // "Who is Lynn Chester?" asks what she is, not for another person.
  const wanted = kind?.types.includes("PERSON") && list.every((term) => term.must) ? null : kind;
  const indexOf = (word: string | null | undefined): number => (word ? list.findIndex((term) => !term.must && term.forms[0] === formsOf(fold(word))[0]) : -1);
  const own = ` ${normaliseName(question)} `;
  const stems = new Set(words(question).map((word) => formsOf(fold(word))[0]));
  return {
    terms: list,
    names: namesOf(question, list),
    wanted,
    kinds: new Set(names.flatMap((each) => (each.type === "CONCEPT" ? ["ORGANIZATION", "PERSON", "PRODUCT"] : each.type === "DATE_TIME" ? [] : [each.type]))),
    counted: indexOf(wanted?.counted),
    deed: indexOf(deedOf.exec(question)?.[1]),
    years: question.match(/(?<!\d)(?:1[5-9]|20)\d\d(?!\d)/gu) ?? [],
    says: (name) => own.includes(` ${normaliseName(name)} `),
    knows(name) {
      const all = words(name);
      return all.filter((word) => stems.has(formsOf(fold(word))[0])).length > all.length / 2;
    },
  };
}

const deedOf = /^\P{L}*(?:who|wer|qui|quién)\s+(?:(?:must|may|should|can|muss|soll|darf|kann|doit|peut|debe|puede)\s+)?([\p{L}-]+)/iu;

/** Full dates and codes are looked for whole; what is left of the question is read word by word. */
function datesAndCodes(question: string, weightOf: (word: string) => number): { terms: Map<string, Term>; rest: string } {
  const terms = new Map<string, Term>();
  let rest = question;
  const take = (start: number, end: number, key: string, phrase: string | null) => {
    const weight = Math.max(...words(question.slice(start, end)).map(weightOf));
    terms.set(key, { forms: [key], phrase, weight, must: true, typeOnly: false });
    rest = rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end);
  };
  for (const { start, end, key } of datesOf(question)) take(start, end, key, null);
  for (const match of rest.matchAll(/\p{L}+[-–/.]?\d[\p{L}\d-]*|\d[\d.,]*\d|\d+-\p{L}+/gu)) {
    const code = normaliseName(match[0]);
    if (/[\p{L},.-]/u.test(match[0])) take(match.index, match.index + match[0].length, code, ` ${code} `);
  }
  return { terms, rest };
}

/** Words of names, and words with a capital inside a sentence; in German, where every noun has one, only what a passage names. */
function namedWords(question: string, names: Candidate[], language: string, knownNames: Set<string>): Set<string> {
  const sure = names.filter((each) => !["DATE_TIME", "EVENT", "MATERIAL"].includes(each.type) && (language !== "de" || each.type !== "CONCEPT"));
  const named = new Set(sure.flatMap((each) => words(question.slice(each.start, each.end))));
  for (const capital of question.matchAll(/(?<=[^.!?:"“„»]\s)\p{Lu}[\p{L}\p{N}'’]+/gu)) {
    for (const word of words(capital[0])) if (language !== "de" || knownNames.has(word)) named.add(word);
  }
  return named;
}

/** How much of a term a set of words holds: its stem 1, a word of its family .9, a kindred form .8, inside a compound .6. */
export function shareOf(term: Term, set: WordSet): number {
  if (term.phrase) return set.phrase.includes(term.phrase) ? 1 : 0;
  const [stem, ...kin] = term.forms;
  if (set.stems.has(stem)) return 1;
  if (kin.some((form) => form.startsWith("=") && set.forms.has(form))) return 0.9;
  if (set.forms.has(stem) || kin.some((form) => set.forms.has(form))) return 0.8;
  if (!term.must && stem.length >= 5) for (const word of set.stems) if (compoundOf(word, stem) || compoundOf(stem, word)) return 0.6;
  return 0;
}
