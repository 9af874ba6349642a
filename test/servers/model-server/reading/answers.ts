import { sentences } from "./sentences.ts";

/** The one sentence for it, in the language of the question. */
export const notInTheDocuments = (question: string): string =>
  /\b(?:wer|wie|wann|wo|welche[rsnm]?|der|die|das|ist|und)\b/i.test(question) ? "Das ist in den Dokumenten nicht enthalten." : "The documents do not say this.";

interface Sentence {
  n: number;
  text: string;
  words: Set<string>;
  /** Of the heading and, where it opens with a pronoun, of the sentence before: known, but not said here. */
  about: Set<string>;
  /** The sentence after it, when that goes on about the same with a pronoun. */
  goesOn: string | null;
}

/**
 * Sentences of the passages that share words with the question, each with the number of its passage. The second is the one
 * that holds what the first leaves open and names something of the first one's passage, which is how two hops are joined.
 */
export function readAnswer(question: string, passages: { n: number; text: string }[]): string {
  const asked = contentWords(question);
  const fits = expected(question);
  const all = passages.flatMap(readPassage);
  if (!asked.size || !all.length) return notInTheDocuments(question);
  const seenIn = new Map<string, number>();
  for (const each of all) for (const word of each.words) seenIn.set(word, (seenIn.get(word) ?? 0) + 1);
  // A word that no passage has weighs most: what is asked about it cannot be answered.
  const weight = (word: string): number => Math.log(1 + all.length / (seenIn.get(word) ?? 0.5)) * (word.startsWith("~") ? 0.4 : 1);
  const sum = (words: Iterable<string>): number => [...words].reduce((total, word) => total + weight(word), 0);
  const score = (each: Sentence, wanted: Set<string>): number => ((sum(both(each.words, wanted)) + 0.4 * sum(both(without(each.about, each.words), wanted))) * (fits.test(each.text) ? 1.5 : 1) * (otherYear(each.text, question) ? 0.5 : 1)) / Math.sqrt(1 + each.words.size / 40);
  const best = first(all, (each) => score(each, asked))!;
  const open = without(asked, best.words);
  const around = without(new Set(all.filter((each) => each.n === best.n).flatMap((each) => [...each.words])), asked);
  const second = first(all.filter((each) => each.n !== best.n), (each) => {
    const left = score(each, open);
    return left > 0 ? left + 0.3 * Math.min(6, sum(without(both(each.words, best.words), asked)) + 0.3 * sum(both(each.words, around))) : 0;
  });
  const chosen = second && score(second, open) > 0.08 * sum(asked) ? [best, second] : [best];
  const covered = sum(both(asked, new Set(chosen.flatMap((each) => [...each.words, ...each.about]))));
  const unheard = [...asked].some((word) => !word.startsWith("~") && !seenIn.has(word) && !seenIn.has(`~${word.slice(0, 4)}`));
  if (covered / sum(asked) < (unheard ? 0.55 : 0.4)) return notInTheDocuments(question);
  const close = all.filter((each) => !chosen.includes(each) && score(each, asked) >= 0.75 * score(best, asked)).toSorted((a, b) => score(b, asked) - score(a, asked)).slice(0, 2);
  return [...chosen, ...close].flatMap((each) => [each.text, ...(each.goesOn ? [each.goesOn] : [])].map((text) => `${oneLine(text)} [${each.n}]`)).join(" ");
}

/** The question is about one year and the sentence about others only. */
function otherYear(text: string, question: string): boolean {
  const years = (from: string): string[] => from.match(/\b20\d\d\b/g) ?? [];
  const [asked, said] = [years(question), years(text)];
  return asked.length > 0 && said.length > 0 && !said.some((year) => asked.includes(year));
}

const both = (a: Set<string>, b: Set<string>): Set<string> => new Set([...a].filter((each) => b.has(each)));
const without = (a: Set<string>, b: Set<string>): Set<string> => new Set([...a].filter((each) => !b.has(each)));

/** What the answer will hold: an amount, a day, a name, a number; anything where the question does not say. */
function expected(question: string): RegExp {
  if (/\b(?:amount|cost|price|revenue|how much|wie viel|Zwangsgeld|kostet)\b/i.test(question)) return /(?:EUR|USD|€|Euro)/;
  if (/\b(?:when|which day|what date|wann)\b/i.test(question)) return /\b\d{1,2}\.? \p{Lu}?\p{L}+ \d{4}\b|\b\d{4}\b/u;
  if (/\b(?:how many|wie viele)\b/i.test(question)) return /\d/;
  if (/\b(?:who|wer)\b/i.test(question)) return /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u;
  return /(?!)/;
}

function first(items: Sentence[], value: (item: Sentence) => number): Sentence | undefined {
  let best = items[0];
  let most = 0;
  for (const item of items) {
    const own = value(item);
    if (own > most) [best, most] = [item, own];
  }
  return best;
}

/** Short first lines without a full stop are headings: they say what the rest is about, and are no answer themselves. */
function readPassage({ n, text }: { n: number; text: string }): Sentence[] {
  const lines = text.split("\n");
  const end = lines.findIndex((line, index) => line.trim() && (index === lines.length - 1 || line.length >= 160 || /[.!?|:,]\s*$/.test(line) || /^\s*[|*-]/.test(line)));
  const heading = contentWords(lines.slice(0, end).join(" "));
  const pieces = sentences(lines.slice(end).join("\n")).filter((each) => !/^\|[\s:|-]+$/.test(each.text));
  return pieces.map((each, index) => ({
    n,
    text: each.text,
    words: contentWords(each.text),
    about: pronoun.test(each.text) && index ? new Set([...heading, ...contentWords(pieces[index - 1]!.text)]) : heading,
    goesOn: pronoun.test(pieces[index + 1]?.text ?? "") ? pieces[index + 1]!.text : null,
  }));
}

const pronoun = /^(?:It|Its|They|Their|He|She|His|Her|Es|Sie|Er|Ihre?)\b/;

const oneLine = (text: string): string =>
  text.replace(/\s*\|\s*/g, ", ").replace(/^, |,\s*$/g, "").replace(/\s+/g, " ").replace(/^[#>*\s-]+/, "").replace(/(?:\s*\[\d+\])+/g, "").trim().replace(/(?<![.!?])$/, ".");

const stops = new Set(
  "a an the of in on at to for from by with and or is are was were be been has have had do does did what which who whom whose when where why how many much it its this that these those there than then as into about not no any again up der die das den dem des ein eine einer und oder ist sind war wer was wann wo wie welche welcher welches hat haben im von zu für mit auf am".split(" "),
);

/** Stems, and for longer words their first four letters too ("liable", "liability"), which weigh less. */
function contentWords(text: string): Set<string> {
  const words = (text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !stops.has(word) && word.length > 1);
  return new Set(words.flatMap((word) => (word.length > 5 && !/\d/.test(word) ? [stem(word), `~${word.slice(0, 4)}`] : [stem(word)])));
}

/** Endings that English and German put on the same word. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ings?|ed|es|s|en|er|e)$/, "") : word);
