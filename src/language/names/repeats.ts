import { Bit } from "../lists.ts";
import { has, isCapital, type Token } from "../tokens.ts";
import { type Found, isInitial, isListedName, mayBeName, type Reading } from "./found.ts";

/** Rule 4: the same name elsewhere in the document, from names of two words or listed. */
export function findRepeats({ tokens, languages }: Reading, persons: Found[], taken: Uint8Array): Found[] {
  if (!persons.length) return [];
  const words = new Map<string, number>();
  const surnames = new Set<string>();
  const german = languages.size === 1 && languages.has("de");
  const lower = new Set(tokens.filter((each) => each.kind === "word" && each.shape === "a").map((each) => each.fold));
  for (const { from, to, score } of persons) {
    const name = tokens.slice(from, to).filter((each) => each.kind === "word" && !has(each, Bit.particle) && each.shape !== "A");
    if (score < .6) continue;
    for (const word of name) {
      if (word.text.length < 3 || isInitial(word) || has(word, Bit.role | Bit.organisation)) continue;
      // "Weiss" is a plain word of another language; a surname is taken up again where the text writes it only so.
      if (has(word, Bit.common)) {
        if (word === name.at(-1) && name.length >= 2 && has(word, Bit.last) && !german && !lower.has(word.fold)) surnames.add(word.fold);
        continue;
      }
      if (name.length >= 2 || isListedName(word)) words.set(word.fold, Math.max(words.get(word.fold) ?? 0, name.length >= 2 ? .75 : .6));
    }
  }
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (taken[at] || !isCapital(token) || isWhere(tokens, at)) continue;
    const score = words.get(token.fold);
    if (surnames.has(token.fold)) found.push({ from: at, to: at + 1, type: "PERSON", score: .7 });
    else if (score && mayBeName(token)) found.push({ from: at, to: at + 1, type: "PERSON", score });
  }
  return found;
}

const goes = /^(?:travel(?:s|led|ed|ling|ing)?|move[sd]?|moving|go(?:es|ing)?|went|fl(?:y|ies|ew|ying)|drives?|drove|driving|return(?:s|ed|ing)?|sail(?:s|ed)?|ship(?:s|ped)?|came|comes?|relocate[sd]?|road|train|bus|flight|trip)$/u;

/** "in Chester", "travels to Chester", "nach Kiel": a listed place that a person of the text is called like. */
function isWhere(tokens: Token[], at: number): boolean {
  if (!has(tokens[at], Bit.place) || isCapital(tokens[at + 1])) return false;
  const before = tokens[at - 1]?.text;
  return before === "in" || before === "nach" || (before === "to" && goes.test(tokens[at - 2]?.fold ?? ""));
}

/** Marks the tokens of what was found. */
export function take(taken: Uint8Array, found: Found[]): void {
  for (const { from, to } of found) taken.fill(1, from, to);
}

export const isFree = (taken: Uint8Array, { from, to }: Found): boolean => {
  for (let at = from; at < to; at++) if (taken[at]) return false;
  return true;
};

export const wordsOf = (tokens: Token[], { from, to }: Found): Token[] => tokens.slice(from, to).filter((each) => each.kind === "word");
