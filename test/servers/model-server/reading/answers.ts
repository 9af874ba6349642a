import { sentences } from "./sentences.ts";

/** The one sentence for it, in the language of the question. */
export const notInTheDocuments = (question: string): string =>
  /\b(?:wer|wie|wann|wo|welche[rsnm]?|der|die|das|ist|und)\b/i.test(question) ? "Das steht nicht in den Dokumenten." : "This is not in the documents.";

/**
 * Sentences of the passages that share words with the question, each with the number of its passage; a second one is
 * taken when it shares a name with the first that the question does not have, which is how two hops are joined.
 */
export function readAnswer(question: string, passages: { n: number; text: string }[]): string {
  const asked = contentWords(question);
  if (!asked.size) return notInTheDocuments(question);
  const all = passages.flatMap(({ n, text }) => sentences(text).map((each) => ({ n, text: each.text, words: contentWords(each.text) })));
  const seenIn = new Map<string, number>();
  for (const each of all) for (const word of each.words) seenIn.set(word, (seenIn.get(word) ?? 0) + 1);
  const weight = (word: string): number => Math.log(1 + all.length / (seenIn.get(word) ?? all.length));
  const score = (words: Set<string>): number => [...words].filter((word) => asked.has(word)).reduce((sum, word) => sum + weight(word), 0);
  const ranked = all.map((each) => ({ ...each, score: score(each.words) })).toSorted((a, b) => b.score - a.score || a.n - b.n);
  const [best] = ranked;
  const covered = best ? [...asked].filter((word) => best.words.has(word)).length : 0;
  const anywhere = [...asked].filter((word) => seenIn.has(word)).length;
  if (!best || covered === 0 || anywhere / asked.size < 0.5 || (covered < 2 && asked.size > 3)) return notInTheDocuments(question);
  const chosen = [best];
  const bridge = [...best.words].filter((word) => !asked.has(word));
  const second = ranked.slice(1).find((each) => each.n !== best.n && each.score > 0 && bridge.some((word) => each.words.has(word) && weight(word) > 1));
  if (second) chosen.push(second);
  for (const each of ranked.slice(1, 6)) if (!chosen.includes(each) && each.score >= best.score * 0.7 && chosen.length < 4) chosen.push(each);
  return chosen.map((each) => `${oneLine(each.text)} [${each.n}]`).join(" ");
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").replace(/^[#>*\s-]+/, "").replace(/(?:\s*\[\d+\])+/g, "").trim();

const stops = new Set(
  "a an the of in on at to for from by with and or is are was were be been has have had do does did what which who whom whose when where why how many much it its this that these those there than then as into about not no any der die das den dem des ein eine einer und oder ist sind war wer was wann wo wie welche welcher welches hat haben im von zu für mit auf am".split(" "),
);

const contentWords = (text: string): Set<string> =>
  new Set((text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !stops.has(word) && word.length > 1).map(stem));

/** Endings that English and German put on the same word. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ings?|ed|es|s|en|er|e)$/, "") : word);
