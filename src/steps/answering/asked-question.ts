import type { Forms } from "./word-forms.ts";
import type { Wanted } from "./wanted.ts";

/** A word, code, date or year of the question that an answer must be about. */
export interface Term {
  forms: Forms;
  /** A code ("HB-220") is found as a sequence of words. */
  phrase: string | null;
  weight: number;
  /** Names, codes, numbers, years and dates: the documents must have them, or they do not answer. */
  must: boolean;
  /** Says only what the answer is: "company" in "which company". */
  typeOnly: boolean;
}

export interface AskedQuestion {
  terms: Term[];
  /** Names, dates and codes: the indexes of their terms, and the words in their order. */
  names: { terms: number[]; phrase: string }[];
  wanted: Wanted | null;
  /** Types of the things it names. */
  kinds: Set<string>;
  /** Index of the term that is counted, -1 without. */
  counted: number;
  /** Index of the term that says what a person did ("manages" in "who manages"), -1 without. */
  deed: number;
  years: string[];
  /** Whether the question itself has this name or number, word for word. */
  says(name: string): boolean;
  /** Whether it has most of its words. */
  knows(name: string): boolean;
}
