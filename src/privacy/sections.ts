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
 * Cuts a text into sections of at least 200 letters and asks for the language of each; what is left at the end inherits the
 * language before it. A text with fewer letters has none: the rules of all languages read it.
 */
export function languageSections(text: string, identify: (text: string) => string | null): Section[] {
  const sections: Section[] = [];
  let start = 0;
  let letters = 0;
  for (const [from, to] of paragraphs(text)) {
    letters += countLetters(text.slice(from, to));
    if (letters < enough) continue;
    sections.push(section(text, start, to, identify));
    start = to;
    letters = 0;
  }
  if (start < text.length) {
    const rest = { start, end: text.length, language: sections.at(-1)?.language ?? null, unknown: isForeignScript(text.slice(start)) };
    sections.push(rest);
  }
  return sections;
}

function section(text: string, start: number, end: number, identify: (text: string) => string | null): Section {
  const slice = wordsOnly(text.slice(start, end));
  if (isForeignScript(slice)) return { start, end, language: null, unknown: true };
  const language = identify(slice);
  if (language !== null && knownLanguages.has(language)) return { start, end, language, unknown: false };
  if (countLetters(slice) < fewest) return { start, end, language: null, unknown: false };
  // Numbers, code and lists of words need no language; running text does, and so does what was recognised as another language.
  return { start, end, language: null, unknown: (language !== null || isProse(slice)) && !hasKnownWords(slice) };
}

/** Without web addresses, tags and file names: ".com" is no word of any language. */
const wordsOnly = (text: string): string => text.replace(/[a-z]{2,8}:\/\/[^\s"'<>)]{1,2000}|<[^<>]{1,300}>|\S{0,64}@\S{1,64}|[\w-]{1,40}(?:\.[\w-]{1,40}){1,6}(?:\/\S{0,200})?/gu, " ");

/** Lines, and pieces of at most 2000 characters of longer ones, cut at a blank. */
function* paragraphs(text: string): Generator<[number, number]> {
  for (let from = 0; from < text.length; ) {
    const line = text.indexOf("\n", from);
    let to = line === -1 ? text.length : line + 1;
    if (to - from > longest) {
      const blank = text.lastIndexOf(" ", from + longest);
      to = blank > from + longest / 2 ? blank + 1 : from + longest;
    }
    yield [from, to];
    from = to;
  }
}

function countLetters(text: string): number {
  let count = 0;
  for (const match of text.matchAll(/\p{L}+/gu)) count += match[0].length;
  return count;
}

/** At least a dozen letters, and every fourth, of a script that none of the four languages is written in. */
function isForeignScript(text: string): boolean {
  const foreign = countMatches(text, /[^\P{L}\p{Script=Latin}]+/gu);
  return foreign >= 12 && foreign * 4 >= countLetters(text);
}

function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  for (const match of text.matchAll(pattern)) count += match[0].length;
  return count;
}

/** Running text, not a table of numbers, a list of names or a program: mostly lower-case words, few signs. */
function isProse(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const lower = words.filter((word) => /^\p{Ll}{2,}$/u.test(word)).length;
  const signs = (text.match(/[{}()[\]<>=;:_|/\\#$@*&^~`"+\d]/gu) ?? []).length;
  return words.length >= 20 && lower / words.length > 0.6 && signs / text.length < 0.06;
}

const commonWords = [
  "the of and to in is for that with on are as by it be this from or was not at an we has have",
  "die der und das in ist von zu den mit für auf dem ein eine nicht im des sich auch als es werden wird bei wir sind",
  "le la les et des de du un une est que en pour dans qui sur au par pas plus avec ce sont il nous a",
  "el la los las de que en y a una un por con para del se al lo su como más es no son",
].map((words) => new Set(words.split(" ")));

/** Every fifth word is one of the commonest of one of the four languages: the text is in it, whatever a guess says. */
function hasKnownWords(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return commonWords.some((common) => words.filter((word) => common.has(word)).length * 5 > words.length);
}
