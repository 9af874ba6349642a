import type { Candidate, PatternRelation } from "../language.ts";
import type { Lists } from "../lists.ts";

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
  lists: Lists;
}

export type Add = (source: number, type: string, target: number, span: { start: number; end: number }, strength: number, confidence: number) => void;

/** Collects each relation of a text once, from where it is said most surely; one with itself, or between two names of one thing, is none. */
export function collector(scene: Scene): { add: Add; relations: PatternRelation[] } {
  const relations: PatternRelation[] = [];
  const seen = new Map<string, number>();
  const add: Add = (source, type, target, { start, end }, strength, confidence) => {
    const [from, to] = [scene.candidates[source]!, scene.candidates[target]!];
    const key = `${from.type}:${from.name}|${type}|${to.type}:${to.name}`;
    const known = seen.get(key);
    if (from.name === to.name || (known !== undefined && relations[known]!.confidence >= confidence)) return;
    const description = scene.text.slice(start, end).replace(/\s+/gu, " ").trim().slice(0, 240);
    relations[known ?? relations.length] = { source, target, type, start, end, description, strength, confidence };
    if (known === undefined) seen.set(key, relations.length - 1);
  };
  return { add, relations };
}
