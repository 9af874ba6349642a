const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+/u;
const runs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+|[[\p{L}\p{M}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]]+/gv;
// Scripts written without blanks: only a dictionary knows where their words end.
const unspaced = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const plain = /^[a-z0-9]+$/;
const longest = 1_000;

let segmenter: Intl.Segmenter | undefined;

/**
 * The words that are indexed and searched: NFKC, lower case, every run of letters, marks and digits (no stemming, stop
 * words kept), so that a normalised name is found as a sequence of words. Possessive 's is dropped as in names; Chinese,
 * Japanese and Korean become overlapping pairs of characters. Segments at most 1,000 characters at a time: the segmenter
 * runs out of memory on a whole document.
 */
export function words(text: string): string[] {
  const found: string[] = [];
  for (const paragraph of text.split("\n")) {
    for (const token of paragraph.normalize("NFKC").toLowerCase().split(/\s+/u)) {
      if (plain.test(token)) found.push(token);
      else if (token !== "") wordsOfToken(token, found);
    }
  }
  return found;
}

const mostJoined = 30;

/** The words of a phrase; none when it has more different ones than a name has. */
export function phraseWords(phrase: readonly string[]): string[] {
  const found = phrase.flatMap(words);
  return new Set(found).size > mostJoined ? [] : found;
}

function wordsOfToken(token: string, found: string[]): void {
  for (const run of token.replace(/[\u2018\u2019']s\b/gu, "").match(runs) ?? []) {
    if (cjk.test(run)) pairs(run, found);
    else if (unspaced.test(run)) segments(run, found);
    else found.push(run);
  }
}

function pairs(run: string, found: string[]): void {
  const characters = Array.from(run);
  if (characters.length === 1) found.push(run);
  for (let place = 0; place + 1 < characters.length; place++) found.push(characters[place]! + characters[place + 1]!);
}

function segments(run: string, found: string[]): void {
  segmenter ??= new Intl.Segmenter("th", { granularity: "word" });
  for (let start = 0; start < run.length; start += longest) {
    for (const { segment, isWordLike } of segmenter.segment(run.slice(start, start + longest))) if (isWordLike) found.push(segment);
  }
}
