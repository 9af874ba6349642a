import type { Level } from "../data/decision.ts";

export interface TextAnalysis {
  complexity: Level;
  content: "text" | "code" | "references";
  /** Words. */
  meanSentence: number;
  /** Share of the words. */
  terms: number;
  /** To other places, a word. */
  references: number;
}

const levels: Level[] = ["low", "medium", "high"];
/** `[12]`, `(Smith et al., 2020)`, `§ 4 (2)`, `Section 3.1`, `Table 2`. */
const reference = /\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]|\([^()]{2,60},\s(?:19|20)\d\d[a-z]?\)|§+\s?\d+|\b(?:section|chapter|figure|fig\.|table|annex|article|clause|abschnitt|kapitel|abbildung|tabelle|anhang|artikel)\s\d+/giu;
/** Lines that end as statements do, or open with a keyword or mark of a programming language. */
const codeLine = /[;{}]\s*$|=>|^\s*(?:(?:import|from|def|class|function|const|let|var|return|public|private|SELECT|INSERT)\b|#include|<\?|<\/?[a-z]+>|\$\s)/u;

/**
 * How hard a text is to read (`routing.md`): mean sentence under 15 words and under a tenth technical terms is low; over 25
 * words or over three tenths is high; else medium. A text dense with references to other places (a twentieth of its words)
 * is one step harder. Code is a content type of its own.
 */
export function analyseText(text: string): TextAnalysis {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{Pd}_./]*/gu) ?? [];
  const sentences = Math.max(1, text.match(/[.!?](?=\s|$)/gu)?.length ?? 1);
  const terms = words.filter((word) => /\p{N}|_|\p{Ll}\p{Lu}|^\p{Lu}{2,}$/u.test(word)).length / Math.max(1, words.length);
  const meanSentence = words.length / sentences;
  const references = (text.match(reference)?.length ?? 0) / Math.max(1, words.length);
  const lines = text.split("\n").filter((line) => line.trim());
  const isCode = lines.length >= 3 && lines.filter((line) => codeLine.test(line)).length > lines.length / 2;
  const plain: Level = meanSentence > 25 || terms > 0.3 ? "high" : meanSentence < 15 && terms < 0.1 ? "low" : "medium";
  const isDense = references > 0.05;
  return {
    complexity: isDense ? (levels[levels.indexOf(plain) + 1] ?? "high") : plain,
    content: isCode ? "code" : isDense ? "references" : "text",
    meanSentence,
    terms,
    references,
  };
}
