/** Characters: all of a paragraph would be read again at every line. */
const longestWord = 100;

/** Lines of one paragraph as one text. A hyphen at a line's end goes, unless the document writes the word with it elsewhere. */
export function joinLines(lines: string[], words: Set<string>): string {
  let text = "";
  for (const line of lines) {
    const end = text.slice(-longestWord);
    const broken = /(\p{L}{1,100})[-\u2010\u00ad]$/u.exec(end);
    const start = /^\p{Ll}+/u.exec(line)?.[0];
    if (broken && start) text = words.has(`${broken[1]}-${start}`.toLowerCase()) ? text + line : text.slice(0, -1) + line;
    else if (/\p{L}[-\u2010]$/u.test(end) && /^[\p{Lu}\d]/u.test(line)) text += line;
    else text += (text === "" ? "" : " ") + line;
  }
  return text;
}

/** Words with a hyphen inside a line, lower case. */
export function hyphenatedWords(lines: Iterable<string>): Set<string> {
  const words = new Set<string>();
  for (const line of lines) for (const [word] of line.matchAll(/(?<!\p{L})\p{L}+-\p{L}+/gu)) words.add(word.toLowerCase());
  return words;
}
