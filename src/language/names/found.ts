import type { NameType } from "../language.ts";
import { Bit, type Lists } from "../lists.ts";
import { has, isCapital, nameBits, type Token } from "../tokens.ts";

/** A name as a range of tokens: `from` inclusive, `to` exclusive. */
export interface Found {
  from: number;
  to: number;
  type: NameType;
  score: number;
}

/** What every rule of this folder reads. */
export interface Reading {
  text: string;
  tokens: Token[];
  lists: Lists;
  /** Languages whose rules apply. */
  languages: Set<string>;
  /** Read as German: nouns have capitals, so that one says little. */
  german: boolean;
  /** Most words are in capitals: capitals say nothing. */
  shouted: boolean;
}

export const isInitial = (token: Token | undefined): boolean =>
  token !== undefined && token.kind === "word" && (token.shape === "A" || (token.shape === "AA" && /^\p{Lu}-\p{Lu}$/u.test(token.text)));

/** A first name written short: "Ph.", "Chr." */
export const isShortened = (tokens: readonly Token[], at: number): boolean =>
  /^(?:Al|Ch|Chr|Cl|Gh|Jos|Ph|Th|Wm)$/u.test(tokens[at]?.text ?? "") && tokens[at + 1]?.text === "." && !tokens[at + 1]!.spaced;

/** Listed as a first name or surname, and not a word that is rarely one. */
export const isListedName = (token: Token | undefined): boolean => has(token, nameBits) && !has(token, Bit.common | Bit.role);

const notInNames = Bit.organisation | Bit.legalForm | Bit.street | Bit.calendar | Bit.label | Bit.role;

/** A capitalised word that may belong to a person's name. */
export function mayBeName(token: Token | undefined): boolean {
  if (!isCapital(token) || token === undefined || token.shape === "A") return false;
  if (token.text.length > 40 || token.fold.startsWith("i'") || token.fold === "richters") return false;
  if (has(token, nameBits) && !has(token, Bit.common | Bit.role | Bit.organisation | Bit.legalForm)) return true;
  return !has(token, notInNames | Bit.common);
}

export const isParticle = (token: Token | undefined): boolean => has(token, Bit.particle) && token?.kind === "word" && token.fold !== "und";
