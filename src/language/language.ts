/** Offsets are UTF-16 code units in the text given. */
export interface Span {
  start: number;
  end: number;
}

export type NameType = "PERSON" | "ORGANIZATION" | "LOCATION" | "ADDRESS";

export interface NameSpan extends Span {
  type: NameType;
  /** 0..1. */
  score: number;
}

/** An entity proposed without a language model. */
export interface Candidate extends Span {
  name: string;
  /** One of the vocabulary's entity types. */
  type: string;
  /** The sentence or apposition that says what it is, cut by rule; empty when nothing does. */
  description: string;
  /** Other names the text itself gives it: "Nordlicht Energie AG (NEAG)". */
  aliases: string[];
  confidence: number;
}

/** A relation read by patterns; `source` and `target` index the candidates. Strength 1..10. */
export interface PatternRelation extends Span {
  source: number;
  target: number;
  type: string;
  description: string;
  strength: number;
  confidence: number;
}

/** Language processing without a language model: one object a process, opened once (loads name lists). */
export interface Language {
  /** ISO 639-1 code, or null when the text is too short or not language. */
  identify(text: string): string | null;
  sentences(text: string): Span[];
  /** `language` null: the rules of all languages. Reads the whole text as one document. */
  names(text: string, language: string | null): NameSpan[];
  /** Persons, organisations, places, dates, amounts, products…; `headings` and `title` are context. */
  candidates(text: string, language: string | null, context: { headings: string[]; title: string }): Candidate[];
  relations(text: string, candidates: Candidate[], language: string | null): PatternRelation[];
}
