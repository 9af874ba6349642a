import type { Answer } from "../src/data/query.ts";

/** A question with its gold answer and sentences (`document#index`), and what was answered with and without their documents. */
export interface Row {
  question: string;
  answer: string;
  gold: string[];
  found: Pick<Answer, "answer" | "citations">;
  without: Pick<Answer, "answer" | "citations">;
}

/** Percent, but `sentences`: a mean number of cited quotes. `string`: the gold answer stands in the answer (questions whose answer is yes or no apart). */
export interface Score {
  questions: number;
  answered: number;
  string: number;
  support: { precision: number; recall: number; f1: number };
  sentences: number;
  refused: number;
}

/** Lines counted from 1. */
export const half = <T>(rows: T[], which: "even" | "odd"): T[] => rows.filter((_, index) => index % 2 === (which === "odd" ? 0 : 1));

export function score(rows: Row[], sentencesOf: Map<string, string[]>): Score {
  const support = rows.map((row) => supportOf(row, sentencesOf));
  const open = rows.filter((row) => !/^(?:yes|no)$/iu.test(row.answer));
  const answered = rows.filter((row) => row.found.citations.length > 0);
  return {
    questions: rows.length,
    answered: percent(answered.length, rows.length),
    string: percent(open.filter((row) => plain(row.found.answer ?? "").includes(plain(row.answer))).length, open.length),
    support: { precision: mean(support.map((each) => each.precision)), recall: mean(support.map((each) => each.recall)), f1: mean(support.map((each) => each.f1)) },
    sentences: Math.round((10 * answered.reduce((sum, row) => sum + row.found.citations.length, 0)) / Math.max(1, answered.length)) / 10,
    refused: percent(rows.filter((row) => row.without.citations.length === 0).length, rows.length),
  };
}

/** Sentences of the corpus that the answer's quotes hold or are part of, against the gold ones; no answer has none. */
function supportOf({ gold, found }: Row, sentencesOf: Map<string, string[]>): { precision: number; recall: number; f1: number } {
  const given = new Set<string>();
  const text = ` ${plain(found.answer ?? "")} `;
  for (const { document, quote } of found.citations) {
    (sentencesOf.get(document ?? "") ?? []).forEach((sentence, index) => {
      const [whole, part] = [plain(sentence), plain(quote)];
      if (whole && (text.includes(` ${whole} `) || (part.length > 20 && ` ${whole} `.includes(` ${part} `)))) given.add(`${document}#${index}`);
    });
  }
  const right = gold.filter((each) => given.has(each)).length;
  const precision = given.size ? right / given.size : 0;
  const recall = right / gold.length;
  return { precision, recall, f1: precision + recall ? (2 * precision * recall) / (precision + recall) : 0 };
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const percent = (part: number, whole: number): number => Math.round((1000 * part) / Math.max(1, whole)) / 10;
const mean = (values: number[]): number => percent(values.reduce((a, b) => a + b, 0), values.length);
