import { coverage } from "./choose.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { shareOf } from "./question.ts";
import type { Scored } from "./score-sentence.ts";
import type { AnswerSentence, WordSet } from "./sentences.ts";
import { tuning } from "./tuning.ts";

type Name = AskedQuestion["names"][number];

/** Whether the chosen sentences answer: most of the question, what it names, something of what it asks, and what it wants. */
export function answers(set: Scored[], question: AskedQuestion, passages: WordSet[], documents: string[]): boolean {
  if (!set.length) return false;
  const { terms, wanted } = question;
  if (coverage(set, terms) / weigh(terms) < tuning.enough) return false;
  if (wanted && !wanted.soft && set.every((each) => each.holds < tuning.held)) return false;
  const rest = terms.map((term, index) => ({ ...term, share: Math.max(...set.map((each) => each.shares[index]!)) })).filter((term) => !term.must && !term.typeOnly);
  if (rest.reduce((sum, term) => sum + term.weight * term.share, 0) < tuning.words * weigh(rest)) return false;
  return namesHeld(set, question, passages, documents) >= tuning.must;
}

const weigh = (terms: { weight: number }[]): number => terms.reduce((sum, term) => sum + term.weight, 0);

/** Share of the question's names, by weight, that one sentence has nearly whole, or that a document of the set speaks of. */
function namesHeld(set: Scored[], question: AskedQuestion, passages: WordSet[], documents: string[]): number {
  const { terms, names } = question;
  const chosen = new Set(set.map((each) => documents[each.sentence.passage]));
  // A document that speaks of a thing need not name it in every passage; a sentence that names another speaks of that one.
  const around = set.some((each) => hasRival(each.sentence, question)) ? [] : passages.filter((_, index) => chosen.has(documents[index]!));
  const weightOf = (name: Name) => weigh(name.terms.map((index) => terms[index]!));
  const inSentence = (name: Name) => set.some((each) => name.terms.reduce((sum, index) => sum + terms[index]!.weight * Math.min(1, each.shares[index]! * 2), 0) / weightOf(name) >= tuning.name);
  const inDocument = (name: Name) => around.some((each) => each.phrase.includes(name.phrase) || (name.terms.length === 1 && shareOf(terms[name.terms[0]!]!, each) > 0));
  const all = names.reduce((sum, name) => sum + weightOf(name), 0);
  return all ? names.reduce((sum, name) => sum + (inSentence(name) || inDocument(name) ? weightOf(name) : 0), 0) / all : 1;
}

const hasRival = (sentence: AnswerSentence, question: AskedQuestion): boolean => sentence.entities.some((each) => question.kinds.has(each.type) && !question.knows(each.name));
