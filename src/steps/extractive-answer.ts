import type { Citation, Passage } from "../data/query.ts";
import { words } from "../stores/text/words.ts";
import { type AnswerSentence, citation, sentencesOf, stem } from "./answer-sentences.ts";

/** Words of a question that ask and do not tell, in the four languages. */
const asking = new Set(
  "a about an and are as at be by did do does for from had has have how in is it its many much of on or that the their there this to was were what when where which who whom whose why will with would you tell me give show list der die das den dem des ein eine einer eines und oder ist sind war waren wird werden wer was wann wo wie warum welche welcher welches wieviel viele mit von zu zum zur im in am an auf für bei aus nach über le la les un une des du de et ou est sont était qui que quoi quand où comment pourquoi quel quelle quels quelles combien avec dans pour par sur el los las una unos y o es son era fue quién qué cuándo dónde cómo cuál cuáles cuánto con en por para"
    .split(" "),
);

/** Share of the question's weight that must be found in the chosen sentences; below it the documents do not answer. */
const enough = 0.5;
const mostSentences = 4;

/** An answer without a model: the sentences that together hold most of the question, each cited; null when too little is found. */
export function extractiveAnswer(question: string, passages: Passage[], idf: Map<string, number>): { answer: string; citations: Citation[] } | null {
  const terms = new Map([...new Set(words(question))].filter((term) => !asking.has(term)).map((term) => [stem(term), weightOf(term, idf)]));
  const total = [...terms.values()].reduce((sum, each) => sum + each, 0);
  if (!total || !passages.length) return null;
  const sentences = passages.flatMap((passage, index) => sentencesOf(passage, index));
  const chosen: AnswerSentence[] = [];
  const covered = new Set<string>();
  while (chosen.length < mostSentences) {
    const best = bestNext(sentences, chosen, terms, covered);
    if (!best) break;
    chosen.push(best);
    for (const term of best.terms) if (terms.has(term)) covered.add(term);
  }
  const share = [...covered].reduce((sum, term) => sum + terms.get(term)!, 0) / total;
  if (share < enough) return null;
  const numbers = new Map<number, number>();
  const citations: Citation[] = [];
  const texts = chosen.map((sentence) => {
    let n = numbers.get(sentence.passage);
    if (!n) {
      n = numbers.size + 1;
      numbers.set(sentence.passage, n);
      citations.push(citation(n, passages[sentence.passage]!, sentence.text));
    }
    return `${sentence.text.replace(/\s+/g, " ")} [${n}]`;
  });
  return { answer: texts.join(" "), citations };
}

/** A term the documents do not have at all weighs as much as the rarest that they have: its absence must count. */
const weightOf = (term: string, idf: Map<string, number>): number => idf.get(term) ?? (idf.size ? Math.max(...idf.values()) : 1);

function bestNext(sentences: AnswerSentence[], chosen: AnswerSentence[], terms: Map<string, number>, covered: Set<string>): AnswerSentence | null {
  let best: { sentence: AnswerSentence; gain: number } | null = null;
  for (const sentence of sentences) {
    if (chosen.includes(sentence)) continue;
    let gain = 0;
    for (const [term, weight] of terms) if (sentence.terms.has(term)) gain += covered.has(term) ? weight * 0.05 : weight;
    gain *= 1 / (1 + 0.08 * sentence.passage);
    if (gain > (best?.gain ?? 0)) best = { sentence, gain };
  }
  const needed = chosen.length === 0 ? 0 : 0.12 * [...terms.values()].reduce((sum, each) => sum + each, 0);
  return best && best.gain > needed ? best.sentence : null;
}
