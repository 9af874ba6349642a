/** Sentences and lines with their place in the text; a full stop after a single letter or a number does not end one. */
export function sentences(text: string): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  let start = 0;
  const push = (end: number): void => {
    const piece = text.slice(start, end);
    const lead = piece.length - piece.trimStart().length;
    if (piece.trim()) found.push({ text: piece.trim(), start: start + lead });
    start = end;
  };
  for (const match of text.matchAll(/\n{2,}|\n(?=\s*(?:[|#*•-]|\d+\.))|(?<=^\s*[|#*•-][^\n]*)\n|(?<=^[^\n]{1,60}[^\s,;-])\n(?=\p{Lu})|(?<=[.!?:])\n|(?<=[^\s.][\p{Ll}\p{N})\]%"”’]{1,}[.!?])\s+(?=[\p{Lu}\p{N}"„“[(])/gmu)) {
    if (!match[0].includes("\n") && abbreviation.test(text.slice(start, match.index))) continue;
    push(match.index + match[0].length);
  }
  push(text.length);
  return found;
}

const abbreviation = /\b(?:Dr|Prof|Mr|Mrs|Ms|St|No|Nr|Inc|Ltd|Co|Corp|e\.g|i\.e|z\. ?B|approx|ca|Str|\d{1,2})\.$/;

export const clip = (text: string, length: number): string => {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= length ? flat : `${flat.slice(0, length - 1)}…`;
};
