import type { Citation, Passage } from "../data/query.ts";
import { words } from "../stores/text/words.ts";
import { type AnswerSentence, citation, sentencesOf, stem } from "./answer-sentences.ts";
import { asking, expected } from "./question-words.ts";

/** Share of the question's weight that must be found in the chosen sentences; below it the documents do not answer. */
const enough = 0.55;
/** Share that a further sentence must add. */
const worthAdding = 0.18;
const mostSentences = 3;
/** A term that stands only in the heading or the table's header counts this much. */
const contextShare = 0.4;

interface Chosen {
  sentences: AnswerSentence[];
  /** Share of each term found so far, 0..1. */
  covered: Map<string, number>;
}

/** An answer without a model: the sentences that together hold most of the question, each cited; null when too little is found. */
export function extractiveAnswer(question: string, passages: Passage[], idf: Map<string, number>): { answer: string; citations: Citation[] } | null {
  const terms = new Map([...new Set(words(question))].filter((term) => !asking.has(term)).map((term) => [stem(term), weightOf(term, idf)]));
  const total = [...terms.values()].reduce((sum, each) => sum + each, 0);
  if (!total || !passages.length) return null;
  const sentences = passages.flatMap((passage, index) => sentencesOf(passage, index));
  const chosen: Chosen = { sentences: [], covered: new Map() };
  const wanted = expected(question);
  const years = yearsOf(question);
  while (chosen.sentences.length < mostSentences) {
    const next = bestNext(sentences, chosen, terms, total, wanted, years);
    if (!next) break;
    chosen.sentences.push(next);
    for (const term of terms.keys()) chosen.covered.set(term, Math.max(chosen.covered.get(term) ?? 0, shareOf(term, next)));
  }
  const found = [...terms].reduce((sum, [term, weight]) => sum + weight * Math.min(1, (chosen.covered.get(term) ?? 0) / contextShare), 0);
  return found / total < enough ? null : cited(chosen.sentences, passages);
}

/** A term the documents do not have at all weighs as much as the rarest that they have: its absence must count. */
const weightOf = (term: string, idf: Map<string, number>): number => idf.get(term) ?? (idf.size ? Math.max(...idf.values()) : 1);

const shareOf = (term: string, sentence: AnswerSentence): number => (sentence.own.has(term) ? 1 : sentence.context.has(term) ? contextShare : 0);

function bestNext(sentences: AnswerSentence[], chosen: Chosen, terms: Map<string, number>, total: number, wanted: RegExp | null, years: string[]): AnswerSentence | null {
  const bridges = new Set(chosen.sentences.flatMap((each) => [...each.names]).filter((name) => !terms.has(name)));
  let best: { sentence: AnswerSentence; gain: number } | null = null;
  for (const sentence of sentences) {
    if (chosen.sentences.some((each) => each.text === sentence.text)) continue;
    let fresh = 0;
    for (const [term, weight] of terms) fresh += weight * Math.max(0, shareOf(term, sentence) - (chosen.covered.get(term) ?? 0));
    if (fresh === 0) continue;
    // The second hop: a sentence about something the first one named.
    const bridged = [...sentence.names].some((name) => bridges.has(name)) ? 0.12 * total : 0;
    const kind = wanted?.test(sentence.text) ? 1.6 : 1;
    const otherYear = disagree(years, sentence.text) ? 0.4 : 1;
    const fragment = sentence.own.size < 4 && !/\d/.test(sentence.text) ? 0.5 : 1;
    const gain = ((fresh + bridged) * kind * otherYear * fragment) / (1 + 0.05 * sentence.passage);
    if (gain > (best?.gain ?? 0)) best = { sentence, gain };
  }
  const needed = chosen.sentences.length === 0 ? 0 : worthAdding * total;
  return best && best.gain > needed ? best.sentence : null;
}

const yearsOf = (text: string): string[] => text.match(/\b(?:1[89]|20)\d\d\b/g) ?? [];

/** A sentence about other years than the question's. */
function disagree(years: string[], sentence: string): boolean {
  const own = yearsOf(sentence);
  return years.length > 0 && own.length > 0 && !own.some((year) => years.includes(year));
}

function cited(sentences: AnswerSentence[], passages: Passage[]): { answer: string; citations: Citation[] } {
  const numbers = new Map<number, number>();
  const citations: Citation[] = [];
  const texts = sentences.map((sentence) => {
    let n = numbers.get(sentence.passage);
    if (!n) {
      n = numbers.size + 1;
      numbers.set(sentence.passage, n);
      citations.push(citation(n, passages[sentence.passage]!, sentence.text));
    }
    return `${sentence.shown.replace(/\s+/g, " ")} [${n}]`;
  });
  return { answer: texts.join(" "), citations };
}
