/**
 * A text as the detectors read it: NFKC, invisible characters removed, dashes, quotes and digits of other scripts made
 * plain. `start(i)` and `end(i)` give the UTF-16 offsets in the original of the character at `i` of `text`.
 */
export interface NormalisedText {
  text: string;
  start(index: number): number;
  end(index: number): number;
}

const invisible = /\u034F|[\u00AD\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}]|\p{Variation_Selector}|\u17B4|\u17B5/u;
const unusual = /[^\n\r\t\x20-\x7E\u00A1-\u00AC\u00AE-\u017F]/;
const dashes = /[\u2010-\u2015\u2212\u2E3A\u2E3B\uFE58\uFE63\uFF0D]/;
const singleQuotes = /[\u2018\u2019\u201A\u201B\u2032\u02BC]/;
/** First digit of each run of ten that is not ASCII and that NFKC leaves alone. */
const digitZeros = [0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810];

export function normaliseText(original: string): NormalisedText {
  if (!unusual.test(original) && !/[ªº²³¹¼-¾ĿŀŉſĲĳ]/.test(original)) return { text: original, start: (index) => index, end: (index) => index + 1 };
  const starts: number[] = [];
  const ends: number[] = [];
  const parts: string[] = [];
  for (let at = 0; at < original.length; ) {
    const run = plainRun(original, at);
    if (run > at) {
      parts.push(original.slice(at, run));
      for (; at < run; at++) {
        starts.push(at);
        ends.push(at + 1);
      }
      continue;
    }
    const end = clusterEnd(original, at);
    const plain = plainForm(original.slice(at, end));
    for (let unit = 0; unit < plain.length; unit++) {
      starts.push(at);
      ends.push(end);
    }
    parts.push(plain);
    at = end;
  }
  return { text: parts.join(""), start: (index) => starts[index]!, end: (index) => ends[index]! };
}

/** End of the characters from here on that stay as they are: ASCII, but for the last before a combining mark. */
function plainRun(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) < 0x7f) end++;
  return end < text.length && end > at && text.charCodeAt(end) >= 0x300 ? end - 1 : end;
}

/** A character with the combining marks that follow it: NFKC joins them, so they share one place. */
function clusterEnd(text: string, at: number): number {
  let end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
  const longest = Math.min(text.length, at + 32);
  while (end < longest && text.charCodeAt(end) >= 0x300 && /^\p{M}/u.test(text.slice(end, end + 2)) && !invisible.test(text[end]!)) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return end;
}

function plainForm(cluster: string): string {
  const code = cluster.codePointAt(0)!;
  if (cluster.length === 1 && code < 0x7f) return cluster;
  if (invisible.test(cluster)) return cluster.length > 2 ? plainForm(cluster.slice(code > 0xffff ? 2 : 1)) : "";
  // Ordinals carry meaning in addresses ("3º B") and numbers ("nº"); as letters they would glue words together.
  if (code === 0xba || code === 0xaa) return cluster;
  if (dashes.test(cluster)) return "-";
  if (singleQuotes.test(cluster)) return "'";
  if (code === 0x2028 || code === 0x2029 || code === 0x85) return "\n";
  const zero = digitZeros.findLast((each) => code >= each && code < each + 10);
  if (zero !== undefined) return String(code - zero);
  return cluster.normalize("NFKC");
}

const joint = /[ \t]{0,8}\r?\n[ \t>]{0,8}|[ \t]{0,4}\|[ \t]{0,4}/g;

/** The text with line breaks and cell borders taken out, for values cut in two; `crosses` says whether a span held one. */
export function joinLines(text: string): { text: string; at(index: number): number; crosses(start: number, end: number): boolean } {
  const cuts: { joined: number; removed: number }[] = [];
  const parts: string[] = [];
  let from = 0;
  let removed = 0;
  let length = 0;
  for (const match of text.matchAll(joint)) {
    parts.push(text.slice(from, match.index));
    length += match.index - from;
    removed += match[0].length;
    cuts.push({ joined: length, removed });
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  /** How many cuts lie at or before this offset. */
  const before = (offset: number): number => {
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle]!.joined <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    text: parts.join(""),
    at: (index) => index + (cuts[before(index) - 1]?.removed ?? 0),
    crosses: (start, end) => before(start) !== before(end - 1),
  };
}
