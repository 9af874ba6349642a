import { fold } from "../fold.ts";
import { Bit, type Lists } from "../lists.ts";
import { recentMap } from "../recent-map.ts";
import type { Token } from "../tokens.ts";

/** What the recogniser knows of one distinct word: hashes of its forms, and what the lists say. */
export interface Word {
  /** Folded, digits as zeros. */
  fold: number;
  exact: number;
  shape: number;
  /** Bits of the lists as one value. */
  mask: number;
  suffix: number;
  /** Prefixes of 2–4 and suffixes of 1–5 letters, with whether it is capitalised. */
  affixes: readonly number[];
  capital: boolean;
  /** All of it in capitals, two letters or more. */
  shouted: boolean;
  letters: boolean;
  break: boolean;
  colon: boolean;
  /** Ends a sentence. */
  stop: boolean;
  /** May begin or hold a name: capitalised, a number, a street word, or a listed name. */
  telling: boolean;
  /** What the model says of each label at the five places around it, summed on first need: `[(offset + 2) * 9 + label]`; `summed` has a bit for each place. */
  sums: Int16Array | null;
  summed: number;
}

/** 32-bit FNV-1a with a final mix. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** Outside the text. */
export const outside: Word = { fold: 1, exact: 1, shape: 1, mask: 0, suffix: 1, affixes: [], capital: false, shouted: false, letters: false, break: true, colon: false, stop: true, telling: false, sums: null, summed: 0 };

export type WordOf = (token: Pick<Token, "text" | "kind">) => Word;

/** Words by their spelling; the last `most` are kept, and what was asked for among those before them. `hidden`: bits of the lists that are not looked at (training hides names at times). */
export function wordReader(lists: Lists, most = 20_000, hidden = 0): WordOf {
  const known = recentMap<Word>(most);
  return ({ text, kind }) => {
    let word = known.get(text);
    if (!word) known.set(text, (word = readWord({ text, kind }, lists, hidden)));
    return word;
  };
}

/** `known`: its folded form and what the lists say of it, when they were looked up before. */
export function readWord({ text, kind, known }: Pick<Token, "text" | "kind"> & Partial<Pick<Token, "known">>, lists: Lists, hidden = 0): Word {
  if (kind === "break") return { ...outside, fold: 2, exact: 2, shape: 2, suffix: 2, sums: null, summed: 0 };
  const letters = kind === "word";
  const folded = letters ? (known?.fold ?? fold(text)) : kind === "number" ? "0".repeat(Math.min(text.length, 6)) : text;
  const mask = letters ? (known?.bits ?? lists(folded)) & ~hidden : 0;
  const first = text.slice(0, text.codePointAt(0)! > 0xffff ? 2 : 1);
  const capital = letters && first.toLowerCase() !== first;
  const flag = capital ? "^" : "_";
  const affixes: number[] = [];
  if (letters) {
    for (let length = 2; length <= 4; length++) if (folded.length > length) affixes.push(hashText(`<${folded.slice(0, length)}${flag}`));
    for (let length = 1; length <= 5; length++) if (folded.length > length) affixes.push(hashText(`>${folded.slice(-length)}${flag}`));
  }
  return {
    fold: hashText(folded),
    exact: hashText(text),
    shape: hashText(shapeOf(text)),
    mask,
    suffix: hashText(`>${folded.slice(-3)}${flag}`),
    affixes,
    capital,
    shouted: capital && text.length > 1 && text.toUpperCase() === text,
    letters,
    break: false,
    colon: text === ":",
    stop: text === "." || text === "!" || text === "?" || text === "…" || text === ":",
    telling: capital || kind === "number" || (mask & Bit.street) !== 0 || ((mask & (Bit.first | Bit.last)) !== 0 && (mask & (Bit.common | Bit.role)) === 0),
    sums: null,
    summed: 0,
  };
}

/** "Xx", "XxX", "00x": runs cut to two. */
function shapeOf(text: string): string {
  let shape = "";
  for (const letter of text) {
    const sign = /\p{Lu}/u.test(letter) ? "X" : /\p{L}|\p{M}/u.test(letter) ? "x" : /\p{N}/u.test(letter) ? "0" : letter;
    if (!(shape.at(-1) === sign && shape.at(-2) === sign)) shape += sign;
    if (shape.length > 12) break;
  }
  return shape;
}
