import { Kind, kindAt, kindOf, widthAt } from "./characters.ts";
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
/** A set of the first two and last letters and lengths of the function words: most other words need not be looked up. */
const outlines = new Uint8Array(2 ** 16);
for (const word of functionWords.keys()) {
  const [first, second] = [word.charCodeAt(0), word.charCodeAt(word.length > 1 ? 1 : 0)];
  outlines[outlineOf(first, second, word.charCodeAt(word.length - 1), word.length)] = 1;
}
const longestWord = Math.max(...[...functionWords.keys()].map((word) => word.length));
/** Languages that a letter tells of, small or capital, by its code: all are beyond ASCII. */
const tellers: number[][] = [];
for (let code = 0; code < 0x2200; code++) {
  const letter = String.fromCharCode(code).toLowerCase();
  const holders = Object.entries(tellingLetters).filter(([, letters]) => letters.source.slice(1, -1).includes(letter));
  tellers[code] = holders.map(([language]) => languages.indexOf(language));
}
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
  /** Words of the text. */
  count: number;
}

/**
 * ISO 639-1 code by script, function words and letters; null when the text is too short or hardly language (numbers,
 * code, lists of names). A word that several languages share counts the less for each.
 */
export function identify(text: string): string | null {
  const part = text.length > sample ? text.slice(0, sample / 2) + text.slice(text.length >> 1, (text.length >> 1) + sample / 2) : text;
  const { letters, small, beyondLatin, telling } = readKinds(part);
  if (letters < 12) return scripts.find(([script]) => (part.match(script)?.length ?? 0) >= 4)?.[1] ?? null;
  for (const [script, language] of beyondLatin ? scripts : []) {
    const count = part.match(script)?.length ?? 0;
    if (count > letters * (language === "ja" ? .1 : .4)) return language;
  }
  const { score, different, met, count } = countWords(part, small > letters / 2);
  for (const language of told) {
    const times = telling[language]!;
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

/** Of the text that is read: the kind of each character at its first unit, `secondUnit` at the other, 0 behind its end. */
const kinds = new Uint8Array(sample + 1);
/** Its UTF-16 units, 0 behind its end. */
const codes = new Uint16Array(sample + 1);
const secondUnit = 0x80;

/** Fills `kinds` and `codes`; how many letters, how many of them small, how many that tell of each language, and whether a character of another script may stand in the text. */
function readKinds(text: string): { letters: number; small: number; beyondLatin: boolean; telling: Int32Array } {
  const telling = new Int32Array(languages.length);
  let letters = 0;
  let small = 0;
  let beyondLatin = false;
  kinds[text.length] = 0;
  codes[text.length] = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 0xd800 ? kindOf(code) : kindAt(text, at);
    kinds[at] = kind & ~secondUnit;
    codes[at] = code;
    if (kind & Kind.letter) letters += 1;
    if (kind & Kind.lower) small += 1;
    if (code < 0x80) continue;
    const holders = tellers[code];
    if (holders) for (const language of holders) telling[language]! += 1;
    if (code < 0x370) continue;
    if (code < 0x2000 || code >= 0x2c00) beyondLatin = true;
    if (widthAt(text, at) === 2) {
      kinds[++at] = secondUnit;
      codes[at] = text.charCodeAt(at);
    }
  }
  return { letters, small, beyondLatin, telling };
}

function lettersEnd(from: number, most: number): number {
  let at = from;
  for (let count = 0; count < most && kinds[at]! & Kind.letter; count++) at += kinds[at + 1] === secondUnit ? 2 : 1;
  return at;
}

let texts = 0;

/** Words have at most 40 letters, and 20 behind an apostrophe. `mixed`: capitals mean something. */
function countWords(text: string, mixed: boolean): Tally {
  const tally: Tally = { score: new Float64Array(languages.length), different: new Int32Array(languages.length), met: [], count: 0 };
  const elided = new Set<string>();
  texts += 1;
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = lettersEnd(start, 40);
    if (end === start) {
      end += 1;
      continue;
    }
    tally.count += 1;
    const first = end;
    if (isApostrophe(codes[end]!)) {
      const behind = lettersEnd(end + 1, 20);
      if (behind > end + 1) end = behind;
    }
    const early = end > first && first - start <= 2;
    // No function word is longer; behind an early apostrophe any word is French.
    if (!early && (end - start > longestWord || !mayBeFunctionWord(start, end))) continue;
    const word = end > first ? text.slice(start, end).replace("’", "'") : text.slice(start, end);
    let small = word;
    let known = functionWords.get(word);
    if (!known) {
      small = word.toLowerCase();
      if (small !== word) known = functionWords.get(small);
    }
    if (!known && !early) continue;
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
    if (score[language] === 0) met.push(language);
    score[language]! += share;
    if (counts) different[language]! += 1;
  }
}

function mayBeFunctionWord(start: number, end: number): boolean {
  const first = codes[start]!;
  const second = codes[end - start > 1 ? start + 1 : start]!;
  const last = codes[end - 1]!;
  return (first | second | last) >= 0x100 || outlines[outlineOf(first, second, last, end - start)] === 1;
}

/** The same for the letters in capitals, all below U+0100. */
function outlineOf(first: number, second: number, last: number, length: number): number {
  return ((((first | 0x20) << 10) ^ ((second | 0x20) << 5) ^ (last | 0x20)) * 13 + length) & (2 ** 16 - 1);
}

const isApostrophe = (code: number): boolean => code === 0x27 || code === 0x2019;
