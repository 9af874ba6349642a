import { holds, isNumeric } from "./holds.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { shareOf } from "./question.ts";
import type { AnswerSentence } from "./sentences.ts";
import { tuning } from "./tuning.ts";

/** A sentence with what it has of the question. */
export interface Scored {
  sentence: AnswerSentence;
  /** Share of each term, in the order of the question's terms: in its own words, or through what it refers back to or stands under. */
  shares: number[];
  /** 0..1: holds a person where one is asked for, an amount, a date… */
  holds: number;
  /** Speaks of other years than the question. */
  otherYear: boolean;
}

/** `text`: the sentence as it stands in its passage; `inDocument`: what its document's passages hold of each term. */
export function scoreSentence(sentence: AnswerSentence, question: AskedQuestion, text: string, inDocument: number[]): Scored {
  const context = sentence.kind === "sentence" ? tuning.context : tuning.headed;
  const shares = question.terms.map((term, index) =>
    Math.max(
      shareOf(term, sentence.own),
      sentence.carried ? tuning.carried * shareOf(term, sentence.carried) : 0,
      context * shareOf(term, sentence.context),
      tuning.document * inDocument[index]!,
    ),
  );
  const years = sentence.own.phrase.match(/\b(?:1[5-9]|20)\d\d\b/gu) ?? [];
  const otherYear = question.years.length > 0 && years.length > 0 && !years.some((year) => question.years.includes(year));
  return { sentence, shares, otherYear, holds: holdsOf(sentence, question, text, shares, otherYear) };
}

/** What is wanted, less where the sentence says little of what the question asks, or speaks of another year. */
function holdsOf(sentence: AnswerSentence, question: AskedQuestion, text: string, shares: number[], otherYear: boolean): number {
  const { wanted, terms, counted, deed } = question;
  if (!wanted || !terms.some((term, index) => !term.typeOnly && shares[index]! >= 0.5)) return 0;
  const isRow = sentence.kind === "row";
  const asked = terms.map((term, index) => ({ ...term, share: shares[index]! })).filter((term) => !term.must && !term.typeOnly);
  if (isNumeric(wanted)) {
    // An amount of another year, or of something else, is another amount.
    if (otherYear || (counted >= 0 && shares[counted]! < 0.5) || (asked.length > 0 && asked.every((term) => term.share < 0.5))) return 0;
  } else if (!isRow && sentence.shown.split(" ").length < 5 && !/:\s/u.test(text)) {
    // A salutation or a name alone on its line tells nothing of who did what.
    return 0;
  }
  if (deed >= 0 && shares[deed]! < 0.5 && !isRow) return 0;
  const tells = asked.length ? asked.reduce((sum, term) => sum + term.weight * term.share, 0) / asked.reduce((sum, term) => sum + term.weight, 0) : 1;
  return holds(wanted, isRow ? sentence.shown : text, sentence.entities, question.knows) * (tuning.silent + (1 - tuning.silent) * tells) * (otherYear ? 0.5 : 1);
}
