import { Kind, kindAt, widthAt } from "./characters.ts";
import { scripts, stopWords, tellingLetters } from "./stop-words.ts";

const languages = [...new Set([...Object.keys(stopWords), ...Object.keys(tellingLetters)])];
const french = languages.indexOf("fr");

/** A function word, the languages that have it, and the number of the text it was last counted in. */
interface FunctionWord {
  languages: number[];
  text: number;
}
const functionWords = new Map<string, FunctionWord>();
for (const [language, words] of Object.entries(stopWords)) {
  for (const word of new Set(words.split(" "))) {
    const known = functionWords.get(word) ?? { languages: [], text: 0 };
    known.languages.push(languages.indexOf(language));
    functionWords.set(word, known);
  }
}
const longestWord = Math.max(...[...functionWords.keys()].map((word) => word.length));
/** Languages that a letter tells of, each letter lower case and beyond ASCII. */
const tellers = new Map<string, number[]>();
for (const [language, letters] of Object.entries(tellingLetters)) for (const letter of letters.source.slice(1, -1)) tellers.set(letter, [...(tellers.get(letter) ?? []), languages.indexOf(language)]);
const told = Object.keys(tellingLetters).map((language) => languages.indexOf(language));

/** Characters looked at: a document's language shows early, and the cost stays bounded. */
const sample = 20_000;
/** Up to here one or two function words say enough; a longer text needs several different ones. */
const short = 12;

/** By language, and the languages in the order in which they were met. */
interface Tally {
  score: Float64Array;
  /** Different function words of more than one letter, written small: "De", "La" and "Van" begin names, "m" and "s" are units. */
  different: Int32Array;
  met: number[];
}

/**
 * ISO 639-1 code by script, function words and letters; null when the text is too short or hardly language (numbers,
 * code, lists of names). A word that several languages share counts the less for each.
 */
export function identify(text: string): string | null {
  const part = text.length > sample ? text.slice(0, sample / 2) + text.slice(text.length >> 1, (text.length >> 1) + sample / 2) : text;
  const { letters, small, words } = readWords(part);
  if (letters < 12) return scripts.find(([script]) => (part.match(script)?.length ?? 0) >= 4)?.[1] ?? null;
  for (const [script, language] of /[\u0370-\u1fff\u2c00-\uffff]/.test(part) ? scripts : []) {
    const count = part.match(script)?.length ?? 0;
    if (count > letters * (language === "ja" ? .1 : .4)) return language;
  }
  const count = words.length / 2;
  const { score, different, met } = countWords(part, words, small > letters / 2);
  const telling = tellingIn(part);
  for (const language of telling ? told : []) {
    const times = telling![language]!;
    if (met.includes(language)) score[language]! += Math.min(times, count * .3) * .5;
    else if (times > letters * .02) {
      score[language] = Math.min(times, count * .3) * .5;
      met.push(language);
    }
  }
  const ranked = met.filter((language) => count <= short || different[language]! > 2).sort((a, b) => score[b]! - score[a]!);
  const best = ranked[0];
  if (best === undefined || score[best]! < Math.max(1.2, count * .07)) return null;
  const second = ranked[1] === undefined ? 0 : score[ranked[1]]!;
  return score[best]! - second < .35 && count < 30 ? null : languages[best]!;
}

/** How many letters, how many of them small, and start and end of each word: at most 40 letters, and 20 behind an apostrophe. */
function readWords(text: string): { letters: number; small: number; words: number[] } {
  const words: number[] = [];
  let letters = 0;
  let small = 0;
  const run = (from: number, most: number): number => {
    let at = from;
    for (let count = 0; count < most && at < text.length; count++) {
      const kind = kindAt(text, at);
      if (!(kind & Kind.letter)) break;
      letters += 1;
      if (kind & Kind.lower) small += 1;
      at += widthAt(text, at);
    }
    return at;
  };
  for (let at = 0; at < text.length; ) {
    let end = run(at, 40);
    if (end === at) {
      at += 1;
      continue;
    }
    const sign = text[end];
    if (sign === "'" || sign === "’") {
      const behind = run(end + 1, 20);
      if (behind > end + 1) end = behind;
    }
    words.push(at, end);
    at = end;
  }
  return { letters, small, words };
}

/** How often the telling letters of each language stand in a text; null: the text is ASCII. */
function tellingIn(text: string): Int32Array | null {
  if (!/[^\0-\x7f]/.test(text)) return null;
  const counts = new Int32Array(languages.length);
  const lower = text.toLowerCase();
  for (let at = 0; at < lower.length; at++) {
    if (lower.charCodeAt(at) < 128) continue;
    for (const language of tellers.get(lower[at]!) ?? []) counts[language]! += 1;
  }
  return counts;
}

let texts = 0;

/** `words`: start and end of each; `mixed`: capitals mean something. */
function countWords(text: string, words: readonly number[], mixed: boolean): Tally {
  const tally: Tally = { score: new Float64Array(languages.length), different: new Int32Array(languages.length), met: [] };
  const elided = new Set<string>();
  texts += 1;
  for (let index = 0; index < words.length; index += 2) {
    const start = words[index]!;
    const end = words[index + 1]!;
    const early = isApostrophe(text, start + 1) || isApostrophe(text, start + 2);
    // No function word is longer; behind an early apostrophe any word is French.
    if (end - start > longestWord && !early) continue;
    const word = text.slice(start, end).replace("’", "'");
    const small = word.toLowerCase();
    const known = functionWords.get(small);
    if (!known && !(early && isElided(small))) continue;
    const capital = mixed && small !== word;
    const counts = small.length > 1 && !capital && (known ? known.text !== texts : !elided.has(small));
    if (counts && known) known.text = texts;
    else if (counts) elided.add(small);
    add(tally, known?.languages ?? [french], small.length === 1 ? .4 : capital ? .6 : 1, counts);
  }
  return tally;
}

function add({ score, different, met }: Tally, holders: readonly number[], weight: number, counts: boolean): void {
  const share = weight / Math.sqrt(holders.length);
  for (const language of holders) {
    if (!met.includes(language)) met.push(language);
    score[language]! += share;
    if (counts) different[language]! += 1;
  }
}

const isApostrophe = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === 0x27 || code === 0x2019;
};
const isElided = (word: string): boolean => {
  const apostrophe = word.indexOf("'");
  return apostrophe > 0 && apostrophe < 3;
};
