import type { AskedQuestion, Term } from "./asked-question.ts";
import type { Scored } from "./score-sentence.ts";
import type { AnswerSentence, WordSet } from "./sentences.ts";
import { tuning } from "./tuning.ts";

const most = 3;
/** Sets that are made longer: of one sentence, of two. */
const widest = 25;
const narrow = 5;

/** By passage: what it is about, and its document. */
export interface Around {
  subjects: WordSet[];
  documents: string[];
}

/** Sentences that answer together, best set of at most three; empty when there are none. */
export function chooseSentences(scored: Scored[], question: AskedQuestion, around: Around): Scored[] {
  const total = question.terms.reduce((sum, term) => sum + term.weight, 0);
  const value = (set: Scored[]): number => valueOf(set, question, total, around);
  const ranked = (sets: Scored[][]) => sets.map((set) => ({ set, value: value(set) })).toSorted((a, b) => b.value - a.value).slice(0, widest);
  // Bare lines of a few words (a letterhead, a heading) support nothing.
  const all = scored.filter((each) => each.shares.some((share) => share > 0) && (each.holds > 0 || each.sentence.kind !== "line" || each.sentence.shown.split(" ").length > 3));
  let round = ranked(all.map((each) => [each]));
  let best = round[0] ?? { set: [], value: 0 };
  for (let size = 2; size <= most; size++) {
    const longer: Scored[][] = [];
    for (const { set } of round.slice(0, size === 2 ? widest : narrow)) {
      for (const each of all) if (!set.includes(each) && isAnchored(each, set, question, around) && everyOneAdds([...set, each], question, total)) longer.push([...set, each]);
    }
    round = ranked(longer);
    if (round[0] && round[0].value > best.value) best = round[0];
  }
  return best.set;
}

/** Share of the question that the set holds, and of what is wanted, less the price of each further sentence and of loose ends. */
function valueOf(set: Scored[], question: AskedQuestion, total: number, around: Around): number {
  const mean = (of: (each: Scored) => number) => set.reduce((sum, each) => sum + of(each), 0) / set.length;
  const loose = set.length > 1 ? 1 - Math.max(...set.slice(0, -1).map((one) => linked(one.sentence, set.at(-1)!.sentence, question, around))) : 0;
  return (
    coverage(set, question.terms) / total +
    tuning.wanted * Math.max(...set.map((each) => each.holds)) +
    tuning.about * mean((each) => aboutness(each.sentence, question, around)) -
    tuning.further * (set.length - 1) -
    tuning.loose * loose -
    tuning.rank * mean((each) => each.sentence.passage) -
    tuning.otherYear * mean((each) => Number(each.otherYear)) -
    tuning.line * mean((each) => Number(each.sentence.kind === "line" && each.sentence.own.stems.size < 4))
  );
}

/** 1: the sentence's passage, its first name or its row's first cell is what the question names; .2: another cell of its row. */
function aboutness({ passage, entities, cells, shown }: AnswerSentence, question: AskedQuestion, { subjects }: Around): number {
  if (cells[0] && question.says(cells[0])) return 1;
  if (cells.some((cell) => /\p{L}/u.test(cell) && question.says(cell))) return 0.2;
  const subject = subjects[passage]!.phrase.trim();
  if (subject && question.says(subject)) return 1;
  const first = entities[0];
  return first && /^(?:the|der|die|das|le|la|el)? ?$/iu.test(shown.slice(0, first.start)) && question.says(first.name) ? 1 : 0;
}

export const coverage = (set: Scored[], terms: Term[]): number => terms.reduce((sum, term, index) => sum + term.weight * Math.max(...set.map((each) => each.shares[index]!)), 0);

/** Each sentence of a set holds a good part of the question, or what is wanted, that the others do not. */
function everyOneAdds(set: Scored[], question: AskedQuestion, total: number): boolean {
  const all = coverage(set, question.terms);
  const wanted = Math.max(...set.map((each) => each.holds));
  return set.every((each) => {
    const others = set.filter((one) => one !== each);
    if (question.wanted && !bringsEnough(each, others, question)) return false;
    return all - coverage(others, question.terms) >= tuning.least * total || wanted > Math.max(...others.map((one) => one.holds));
  });
}

/**
 * Where the question says what it wants, a sentence brings that, or a name of the question together with some of what is
 * asked, or two of its other words. A name alone would join what is true of one thing to another: "A uses B. B costs 5."
 */
function bringsEnough(each: Scored, others: Scored[], question: AskedQuestion): boolean {
  if (each.holds > Math.max(...others.map((one) => one.holds))) return true;
  const brought = question.terms.filter((term, index) => each.shares[index]! >= 0.5 && others.every((one) => one.shares[index]! < 0.5));
  const words = brought.filter((term) => !term.must).length;
  const asks = question.terms.some((term, index) => !term.must && !term.typeOnly && each.shares[index]! >= 0.5);
  return words >= 2 || (brought.length > words && asks);
}

/** A further sentence goes on from a thing that the others name, or is about another thing that the question names. */
function isAnchored(each: Scored, set: Scored[], question: AskedQuestion, around: Around): boolean {
  const named = (one: Scored) => question.terms.some((term, index) => term.must && one.shares[index]! >= 0.5);
  if (set.every(named) && question.terms.some((term, index) => term.must && each.shares[index]! >= 0.5 && set.every((one) => one.shares[index]! < 0.5))) return true;
  return set.some((one) => linked(one.sentence, each.sentence, question, around) > 0);
}

/** 1: one passage is about what the other sentence names; .7: both name a thing the question does not; .4: neighbours, or a passage about what is asked; .3: a form or table, and one document. */
function linked(a: AnswerSentence, b: AnswerSentence, question: AskedQuestion, { subjects, documents }: Around): number {
  if (a.passage !== b.passage && (mentions(a, subjects[b.passage]!) || mentions(b, subjects[a.passage]!))) return 1;
  for (const name of a.names) if (b.names.has(name) && !question.says(name)) return 0.7;
  if (a.passage === b.passage) {
    const subject = subjects[a.passage]!.phrase;
    return Math.abs(a.place - b.place) === 1 || (subject.trim() && question.says(subject)) ? 0.4 : 0;
  }
  return documents[a.passage] === documents[b.passage] && (a.kind !== "sentence" || b.kind !== "sentence") ? 0.3 : 0;
}

const mentions = (sentence: AnswerSentence, subject: WordSet): boolean => subject.phrase.trim().length > 2 && sentence.own.phrase.includes(subject.phrase);
