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

/** Whole-word occurrences of a name, at most `most`. */
export function occurrences(text: string, name: string, most = 50): { start: number; end: number }[] {
  const words = name.trim().split(/\s+/u).filter(Boolean).map(escape);
  if (!words.length || words.length > 30) return [];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words.join("\\s+")}(?![\\p{L}\\p{N}])`, "gu");
  const found: { start: number; end: number }[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    if (found.length >= most) break;
  }
  return found;
}

const escape = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
