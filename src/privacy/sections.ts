import { Kind, kindAt, kindOf, widthAt } from "../language/characters.ts";

/** Languages that the detectors know. */
export const knownLanguages: ReadonlySet<string> = new Set(["en", "de", "fr", "es"]);

export interface Section {
  start: number;
  end: number;
  language: string | null;
  /** Written in a language that no detector reads. */
  unknown: boolean;
}

const enough = 200;
const longest = 2000;
/** Of a section whose rest is addresses and tags. */
const fewest = 60;

/**
 * Cuts a text into sections of at least 200 letters and asks for the language of each. What is none (a list of names, a
 * table, code) and what is left at the end inherits the language before it, or else the one after it. A text with fewer
 * letters has none: the rules of all languages read it.
 */
export function languageSections(text: string, identify: (text: string) => string | null): Section[] {
  const sections: Section[] = [];
  let start = 0;
  let letters = 0;
  for (const [from, to] of paragraphs(text)) {
    letters += countLetters(text, from, to);
    if (letters < enough) continue;
    sections.push(section(text, start, to, identify));
    start = to;
    letters = 0;
  }
  if (start < text.length) sections.push({ start, end: text.length, language: null, unknown: isForeignScript(text.slice(start)) });
  inherit(sections);
  inherit(sections.toReversed());
  return sections;
}

function inherit(sections: Section[]): void {
  let last: string | null = null;
  for (const each of sections) {
    if (each.unknown) last = null;
    else if (each.language === null) each.language = last;
    else last = each.language;
  }
}

function section(text: string, start: number, end: number, identify: (text: string) => string | null): Section {
  const slice = wordsOnly(text.slice(start, end));
  if (isForeignScript(slice)) return { start, end, language: null, unknown: true };
  const language = identify(slice);
  if (language !== null && knownLanguages.has(language)) return { start, end, language, unknown: false };
  if (countLetters(slice) < fewest) return { start, end, language: null, unknown: false };
  // Numbers, code and lists of words need no language; running text does, and so does what was recognised as another language.
  return { start, end, language: null, unknown: language !== null || isUnknownProse(slice) };
}

/** What `markup` holds one of; most texts have none. */
const marked = /<|:\/\/|\.(?<=[\w-]\.)[\w-]/;
const tags = /<[^<>]{1,300}>|(?<![\w-])[\w-]{1,40}(?:\.[\w-]{1,40}){1,6}(?:\/\S{0,200})?/gu;
const markup = new RegExp(`[a-z]{2,8}://[^\\s"'<>)]{1,2000}|${tags.source}`, "gu");

/** Without web addresses, tags and file names: ".com" is no word of any language. */
function wordsOnly(text: string): string {
  const plain = text.includes("@") ? withoutMails(text) : text;
  return marked.test(plain) ? plain.replace(plain.includes("://") ? markup : tags, " ") : plain;
}

/** A blank for each "@" with up to 64 characters on either side. */
function withoutMails(text: string): string {
  let plain = "";
  let from = 0;
  for (const { index, 0: domain } of text.matchAll(/@[^\s@]{1,64}/gu)) {
    const local = /[^\s@]{0,64}$/u.exec(text.slice(Math.max(from, index - 128), index))![0];
    plain += `${text.slice(from, index - local.length)} `;
    from = index + domain.length;
  }
  return plain + text.slice(from);
}

/** Lines, and pieces of at most 2000 characters of longer ones, cut at a blank. */
function* paragraphs(text: string): Generator<[number, number]> {
  let line = 0;
  for (let from = 0; from < text.length; ) {
    if (from >= line) line = text.indexOf("\n", from) + 1 || text.length;
    let to = line;
    if (to - from > longest) {
      const blank = text.slice(from, from + longest + 1).lastIndexOf(" ");
      to = blank > longest / 2 ? from + blank + 1 : from + longest;
    }
    yield [from, to];
    from = to;
  }
}

const beyondLatin = /[^\s!-\u024f]/;

function countLetters(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 0xd800) count += kindOf(code) & Kind.letter;
    else {
      const width = widthAt(text, at);
      if (kindAt(text, at) & Kind.letter) count += width;
      at += width - 1;
    }
  }
  return count;
}

/** At least a dozen letters, and every fourth, of a script that none of the four languages is written in. */
function isForeignScript(text: string): boolean {
  if (!beyondLatin.test(text)) return false;
  let foreign = 0;
  for (let at = 0; at < text.length; at += widthAt(text, at)) if (kindAt(text, at) & Kind.notLatin) foreign += widthAt(text, at);
  return foreign >= 12 && foreign * 4 >= countLetters(text);
}

/**
 * Running text, not a table, a list of names or a program, and nothing like the four languages. Only what stands in
 * lines or cells of five words and more is looked at, mostly small words, few signs, few commas.
 */
function isUnknownProse(text: string): boolean {
  const prose: string[] = [];
  for (const each of text.split(/[\n;|\t]/u)) {
    const line = /\p{Ll}/u.test(each) ? each : each.toLowerCase();
    const words = line.match(/\p{L}+/gu) ?? [];
    const small = words.filter((word) => /^\p{Ll}{2,}$/u.test(word)).length;
    const signs = line.match(/[{}()[\]<>=:_/\\#$@*&^~`"+]/gu)?.length ?? 0;
    const commas = line.match(/,/gu)?.length ?? 0;
    if (words.length >= 5 && small > words.length * .5 && signs < line.length * .06 && commas * 3 <= words.length) prose.push(...words);
  }
  return prose.length >= 20 && !hasKnownWords(prose);
}

const commonWords = [
  "the of and to in is for that with on are as by it be this from or was not at an we has have",
  "die der und das in ist von zu den mit für auf dem ein eine nicht im des sich auch als es werden wird bei wir sind",
  "le la les et des de du un une est que en pour dans qui sur au par pas plus avec ce sont il nous a",
  "el la los las de que en y a una un por con para del se al lo su como más es no son",
].map((words) => new Set(words.split(" ")));

/** Every sixth word is one of the commonest of one of the four languages: the text is in it, whatever a guess says. */
const hasKnownWords = (words: string[]): boolean => commonWords.some((common) => words.filter((word) => common.has(word.toLowerCase())).length * 6 > words.length);
