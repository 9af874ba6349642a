import { acronymOf, coreName } from "../data/core-name.ts";
import { compareQualifiers } from "../data/qualifier.ts";
import { distance } from "./vocabulary.ts";

/** What two entities are compared by. */
export interface Comparable {
  id: string;
  type: string;
  /** Normalised. */
  name: string;
  /** What its own document sets it apart by (`data/qualifier.ts`). */
  qualifier: string;
  aliases: string[];
  description: string;
}

export interface Match {
  method: "alias" | "acronym" | "spelling";
  score: number;
  evidence: string;
}

/** Nothing speaks against that they are one. Of one name, it is computed where they are shown and needs no merge. */
export const mayMerge = (a: Comparable, b: Comparable): boolean => a.type === b.type && a.id !== b.id && a.name !== b.name && compareQualifiers(a.qualifier, b.qualifier) !== "different";

/** The rules that need no model, strictest first; null when none says they are the same. */
export function match(a: Comparable, b: Comparable): Match | null {
  if (!mayMerge(a, b)) return null;
  const first = coreName(a.type, a.name);
  const second = coreName(b.type, b.name);
  if (first === second) return { method: "alias", score: 0.97, evidence: a.type === "PERSON" ? "same name without titles" : "same name without legal form" };
  const alias = a.aliases.some((each) => says(a.type, each, second)) || b.aliases.some((each) => says(b.type, each, first));
  if (alias) return acronymOf(first, second) ? { method: "acronym", score: 0.96, evidence: "the text gives the acronym" } : { method: "alias", score: 0.95, evidence: "the text gives the other name" };
  return spelling(a.type, first, second);
}

/** A surname alone names a person only within its own document. */
const says = (type: string, alias: string, name: string): boolean => coreName(type, alias) === name && (type !== "PERSON" || name.includes(" "));

/** One slip in 8 letters or more, two in 14; never in numbers, never in a short word of the name. */
function spelling(type: string, a: string, b: string): Match | null {
  if (!["PERSON", "ORGANIZATION", "PRODUCT", "TECHNOLOGY"].includes(type)) return null;
  const length = Math.min(a.length, b.length);
  if (length < 8 || Math.abs(a.length - b.length) > 2 || digits(a) !== digits(b)) return null;
  const [first, second] = [a.split(" "), b.split(" ")];
  if (first.length !== second.length) return null;
  const different = first.map((word, index) => [word, second[index]!] as const).filter(([x, y]) => x !== y);
  if (different.length !== 1) return null;
  const [x, y] = different[0]!;
  const slips = distance(x, y);
  if (slips > (length >= 14 ? 2 : 1) || Math.min(x.length, y.length) < 6 || x[0] !== y[0]) return null;
  return { method: "spelling", score: 1 - slips / length, evidence: `${slips} letters apart` };
}

const digits = (text: string): string => text.replace(/\D+/g, "");
