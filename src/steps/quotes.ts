/** Where a quote stands in a text, exactly or after folding blanks; null when it does not. Offsets in the text. */
export function locate(text: string, quote: string): { start: number; end: number } | null {
  if (!quote.trim()) return null;
  const start = text.indexOf(quote);
  if (start >= 0) return { start, end: start + quote.length };
  const words = quote.trim().split(/\s+/u).map(escape);
  if (words.length > 200) return null;
  const match = new RegExp(words.join("\\s+"), "u").exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : null;
}

/** Whole-word occurrences of a name, at most `most`; blanks between its words may be of any kind and number. */
export function occurrences(text: string, name: string, most = 50): { start: number; end: number }[] {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const found: { start: number; end: number }[] = [];
  if (!words.length || words.length > 30) return found;
  // Without a pattern for every name: compiling one with `\p{L}` costs more than reading the passage.
  for (let at = text.indexOf(words[0]!); at >= 0 && found.length < most; at = text.indexOf(words[0]!, at + 1)) {
    const end = endOf(text, words, at);
    if (end < 0 || letterLast.test(text.slice(Math.max(0, at - 2), at)) || letterFirst.test(text.slice(end, end + 2))) continue;
    found.push({ start: at, end });
    at = end - 1;
  }
  return found;
}

/** Where the words end that begin at a place, one after the other with blanks between them; -1 when they do not. */
function endOf(text: string, [first, ...others]: string[], start: number): number {
  let at = start + first!.length;
  for (const word of others) {
    const from = at;
    while (blank.test(text.charAt(at))) at++;
    if (at === from || !text.startsWith(word, at)) return -1;
    at += word.length;
  }
  return at;
}

const blank = /\s/u;
const letterLast = /[\p{L}\p{N}]$/u;
const letterFirst = /^[\p{L}\p{N}]/u;

const escape = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
