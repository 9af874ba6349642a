import type { Candidate, PatternRelation } from "../language.ts";

/** One sentence with the candidates inside it, in order. */
export interface Sentence {
  text: string;
  start: number;
  end: number;
  /** Its place among the sentences. */
  number: number;
  /** Indexes of the candidates that lie in it. */
  inside: number[];
}

/** What every rule of relations reads. */
export interface Scene {
  text: string;
  candidates: Candidate[];
  sentences: Sentence[];
  language: string | null;
}

export type Add = (source: number, type: string, target: number, span: { start: number; end: number }, strength: number, confidence: number) => void;

/** Collects relations once each; one with itself, or between two names of one thing, is none. */
export function collector(scene: Scene): { add: Add; relations: PatternRelation[] } {
  const relations: PatternRelation[] = [];
  const seen = new Set<string>();
  const add: Add = (source, type, target, { start, end }, strength, confidence) => {
    const [from, to] = [scene.candidates[source]!, scene.candidates[target]!];
    const key = `${from.type}:${from.name}|${type}|${to.type}:${to.name}|${start}`;
    if (from.name === to.name || seen.has(key)) return;
    seen.add(key);
    const description = scene.text.slice(start, end).replace(/\s+/gu, " ").trim().slice(0, 240);
    relations.push({ source, target, type, start, end, description, strength, confidence });
  };
  return { add, relations };
}
