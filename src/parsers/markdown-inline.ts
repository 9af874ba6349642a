import { load } from "cheerio";

/** Searching for pairs of marks takes the length times what they may hold; nobody writes marks in longer paragraphs. */
const longestMarked = 10_000;

/** A line's text without the marks: pictures give their alternative text, links their text. */
export function inlineText(text: string): string {
  if (text.length > longestMarked) return text;
  const codes: string[] = [];
  // Code is set aside under a private character, since the marks in it are text.
  let plain = text.replace(/(`{1,20})(.+?)\1/g, (_, __, code: string) => `\ue000${codes.push(code.trim()) - 1}\ue001`);
  plain = plain
    .replace(/!\[([^[\]]{0,1000})\]\([^)]{0,1000}\)/g, "$1")
    .replace(/!\[([^[\]]{0,1000})\]\[[^[\]]{0,1000}\]/g, "$1")
    .replace(/\[([^[\]]{1,1000})\]\(mailto:([^)\s]{1,500})(?:\s[^)]{0,1000})?\)/gi, (_, label: string, address: string) => (label.includes(address) ? label : `${label} (${address})`))
    .replace(/\[([^[\]]{1,1000})\]\([^)]{0,1000}\)/g, "$1")
    .replace(/\[([^[\]]{1,1000})\]\[[^[\]]{0,1000}\]/g, "$1")
    .replace(/<((?:https?|mailto):[^<>\s]+|[^@\s<>]+@[^@\s<>]+)>/g, "$1");
  if (holdsTags(plain)) plain = load(plain.replace(/<br\s*\/?>/gi, "\n"), null, false).text();
  plain = plain
    .replace(/(\*\*|__)(?=\S)([\s\S]{0,1000}?\S)\1/g, "$2")
    .replace(/~~(?=\S)(.{0,1000}?\S)~~/g, "$1")
    .replace(/(?<![\w*])\*(?=\S)([^*]*\S)\*(?!\w)/g, "$1")
    .replace(/(?<![\w_])_(?=\S)([^_]*\S)_(?!\w)/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, "$1");
  return plain.replace(/\ue000(\d+)\ue001/g, (_, index: string) => codes[Number(index)]!).trim();
}

function holdsTags(text: string): boolean {
  const opening = text.search(/<\/?[a-z]/i);
  return (opening !== -1 && opening < text.lastIndexOf(">")) || /&[#a-z0-9]+;/i.test(text);
}
