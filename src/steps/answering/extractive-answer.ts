import { normaliseName } from "../../data/identity.ts";
import type { Citation, Passage } from "../../data/query.ts";
import type { Candidate } from "../../language/language.ts";
import { words } from "../../stores/text/words.ts";
import { chooseSentences } from "./choose.ts";
import { answers } from "./enough.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { readQuestion, shareOf } from "./question.ts";
import { type Scored, scoreSentence } from "./score-sentence.ts";
import { type AnswerSentence, citation, needsBefore, sentencesOf, type WordSet, wordSet } from "./sentences.ts";

/** What is read without a model: the question with its names, and the passages with theirs (offsets in the passage's text). */
export interface ToAnswer {
  question: string;
  /** ISO 639-1, of the question and of each passage; null when not known. */
  languages: { question: string | null; passages: (string | null)[] };
  names: Candidate[];
  passages: Passage[];
  entities: Candidate[][];
  /** By word of the question, of what the asking principal sees. */
  idf: Map<string, number>;
}

export interface ExtractiveAnswer {
  answer: string;
  citations: Citation[];
}

/** An answer without a model: at most three sentences that together hold the question, each cited; null when too little is found. */
export function extractiveAnswer({ question, languages, names, passages, entities, idf }: ToAnswer): ExtractiveAnswer | null {
  const asked = readQuestion({ question, languages, names, idf, knownNames: wordsOfNames(entities) });
  if (!asked.terms.length || !passages.length) return null;
  const sentences = distinct(passages.flatMap((passage, index) => sentencesOf(passage, index, entities[index] ?? [])));
  const whole = passages.map((passage) => wordSet(`${passage.document ?? ""} ${passage.headings.join(" ")} ${passage.text}`));
  const documents = passages.map((each) => each.documentId);
  const inDocument = sharesInDocuments(asked, whole, documents);
  const scored = sentences.map((sentence) => scoreSentence(sentence, asked, passages[sentence.passage]!.text.slice(sentence.start, sentence.end), inDocument[sentence.passage]!));
  const subjects = passages.map(subjectOf);
  const chosen = chooseSentences(scored, asked, { subjects, documents });
  if (!answers(chosen, asked, whole, documents)) return null;
  return cited(inOrder(chosen), sentences, passages, asked);
}

/** By passage: how much of each term the passages of its document hold. */
function sharesInDocuments(asked: AskedQuestion, passages: WordSet[], documents: string[]): number[][] {
  const shares = passages.map((passage) => asked.terms.map((term) => shareOf(term, passage)));
  return documents.map((document) => asked.terms.map((_, term) => Math.max(...shares.filter((__, index) => documents[index] === document).map((each) => each[term]!))));
}

const wordsOfNames = (entities: Candidate[][]): Set<string> =>
  new Set(entities.flat().filter(({ type }) => ["PERSON", "ORGANIZATION", "LOCATION", "PRODUCT"].includes(type)).flatMap(({ name }) => words(name)).filter((word) => word.length > 2));

/** What a passage is about: its last heading, without a trailing parenthesis. */
function subjectOf(passage: Passage): WordSet {
  const heading = (passage.headings.at(-1) ?? "").replace(/\s*\([^)]*\)\s*$/u, "");
  return { stems: new Set(), forms: new Set(), phrase: ` ${normaliseName(heading)} ` };
}

/** The same sentence from several documents counts once, from the first. */
function distinct(sentences: AnswerSentence[]): AnswerSentence[] {
  const seen = new Set<string>();
  return sentences.filter(({ shown }) => {
    const key = normaliseName(shown);
    return !seen.has(key) && seen.add(key);
  });
}

/** What holds the answer comes first; sentences of one passage stay in its order. */
function inOrder(chosen: Scored[]): AnswerSentence[] {
  const first = chosen.toSorted((a, b) => b.holds - a.holds);
  const passages = [...new Set(first.map((each) => each.sentence.passage))];
  return passages.flatMap((passage) => first.filter((each) => each.sentence.passage === passage).map((each) => each.sentence).toSorted((a, b) => a.start - b.start));
}

/** A sentence that opens with a pronoun is shown with the one before; neighbours are one quote. */
function cited(chosen: AnswerSentence[], all: AnswerSentence[], passages: Passage[], asked: AskedQuestion): ExtractiveAnswer {
  const quotes: { passage: number; start: number; end: number; shown: string }[] = [];
  for (const sentence of chosen) {
    const before = needsBefore(sentence) ? all.findLast((each) => each.passage === sentence.passage && each.end <= sentence.start) : undefined;
    const last = quotes.at(-1);
    const neighbour = before ?? sentence;
    if (last && last.passage === sentence.passage && (last.end >= neighbour.start || isGap(passages[sentence.passage]!.text.slice(last.end, neighbour.start)))) {
      const text = last.end >= sentence.start ? "" : ` ${before && last.end < before.start ? `${before.shown} ` : ""}${sentence.shown}`;
      quotes[quotes.length - 1] = { ...last, end: Math.max(last.end, sentence.end), shown: last.shown + text };
    } else quotes.push({ passage: sentence.passage, start: neighbour.start, end: sentence.end, shown: before ? `${before.shown} ${sentence.shown}` : withHeading(sentence, asked) });
  }
  const citations = quotes.map(({ passage, start, end }, index) => citation(index + 1, passages[passage]!, passages[passage]!.text.slice(start, end)));
  return { answer: quotes.map(({ shown }, index) => `${shown} [${index + 1}]`).join(" "), citations };
}

/** A row or line is shown under the heading that says what the question asks and the line does not. */
function withHeading({ shown, under }: AnswerSentence, asked: AskedQuestion): string {
  const own = wordSet(shown);
  const heading = under.find((each) => {
    const set = wordSet(each);
    return asked.terms.some((term) => shareOf(term, set) > shareOf(term, own));
  });
  return heading ? `${heading.replace(/:$/u, "")}${heading.includes(": ") ? ";" : ":"} ${shown}` : shown;
}

const isGap = (text: string): boolean => /^\s*$/u.test(text);
