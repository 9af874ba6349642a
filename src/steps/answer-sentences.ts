import type { Citation, Passage } from "../data/query.ts";
import { words } from "../stores/text/words.ts";

/** A sentence of a passage. `own`: stems of its words; `context`: of the headings or table header around it. */
export interface AnswerSentence {
  passage: number;
  /** As it stands in the passage. */
  text: string;
  /** As it reads alone: a table row with its column names. */
  shown: string;
  own: Set<string>;
  context: Set<string>;
  /** Stems of its capitalised words and numbers: what another sentence may go on from. */
  names: Set<string>;
}

/** A word without its usual endings, for comparing words of a question with words of a sentence. */
export const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ings?|ers?|ed|es|en|em|s|e|n)$/u, "").slice(0, 12) : word.replace(/s$/u, ""));

/** Sentences of a passage; a table gives its rows, each with the names of its columns. */
export function sentencesOf(passage: Passage, index: number): AnswerSentence[] {
  const lines = passage.text.split("\n").map((line) => line.trim()).filter(Boolean);
  const isTable = lines.length > 2 && lines[0]!.startsWith("|") && /^\|[\s:|-]+\|$/.test(lines[1]!);
  const texts = isTable ? lines.slice(2) : passage.text.split(/(?<=[.!?])\s+(?=[\p{Lu}\p{N}"“„(])|\n+/u).map((text) => text.trim());
  const header = isTable ? cells(lines[0]!) : [];
  const context = stems(`${passage.headings.join(" ")} ${header.join(" ")}`);
  return texts
    .filter((text) => /[\p{L}\p{N}]/u.test(text))
    .map((text) => {
      const cut = text.slice(0, 1000);
      const shown = isTable ? cells(cut).map((cell, column) => (cell ? `${header[column] ? `${header[column]}: ` : ""}${cell}` : "")).filter(Boolean).join("; ") : cut.replace(/^[-*•]\s+/u, "");
      const names = stems((shown.match(/\p{Lu}[\p{L}\p{N}-]+|[\p{L}]*\d[\p{L}\d-]*/gu) ?? []).join(" "));
      return { passage: index, text: cut, shown, own: stems(cut), context, names };
    });
}

const stems = (text: string): Set<string> => new Set(words(text).map(stem));
const cells = (row: string): string[] => row.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

/** The sentence of a passage that has most in common with what is claimed. */
export function bestQuote(passage: Passage, claim: string): string {
  const wanted = new Set(words(claim));
  let best = { text: passage.text.slice(0, 200).trim(), share: 0 };
  for (const sentence of sentencesOf(passage, 0)) {
    const own = words(sentence.text);
    const share = own.filter((word) => wanted.has(word)).length / Math.sqrt(own.length + 3);
    if (share > best.share) best = { text: sentence.text, share };
  }
  return best.text;
}

export function citation(n: number, passage: Passage, quote: string): Citation {
  const { chunkId, documentId, document, page, boxes } = passage;
  return { n, chunkId, documentId, document, page, boxes, quote };
}
