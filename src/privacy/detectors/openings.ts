import { beyondAscii, digit, kindCount, kindOf, lastLetter, nothing, pairCount } from "./opening-characters.ts";

const pairKinds = kindCount * kindCount;

/** Pairs of characters that the patterns with a number begin with; see `openingPairs`. */
const openings: { pairs: Uint8Array[][]; behindDigits: boolean }[] = [];

/** Gives a pattern the number by which `Openings` knows it; `behindDigits`: it may begin right behind a digit. */
export const register = (pairs: Uint8Array[][], behindDigits: boolean): number => openings.push({ pairs, behindDigits }) - 1;

interface Table {
  /** Of 32 bits each, enough for a bit for each kind of opening of each pattern. */
  words: number;
  /** Openings that may have a pair of characters: `[(place of the pair * 4096 + pair) * words + word]`. */
  bits: Int32Array;
  /** Whether any opening begins with a pair. */
  begins: Uint8Array;
  /** Openings that may stand right behind a digit, `words` long. */
  behindDigits: Int32Array;
  /** Pattern of each bit. */
  owner: number[];
  patterns: number;
}
let table: Table | null = null;

/** Made for all patterns at once; again when a module with more of them was loaded since. */
function tableOfAll(): Table {
  if (table?.patterns === openings.length) return table;
  const owner = openings.flatMap(({ pairs }, number) => pairs.map(() => number));
  const words = Math.ceil(owner.length / 32);
  const bits = new Int32Array(pairCount * pairKinds * words);
  const begins = new Uint8Array(pairKinds);
  const behindDigits = new Int32Array(words);
  for (const [bit, number] of owner.entries()) if (openings[number]!.behindDigits) behindDigits[bit >> 5]! |= 1 << (bit & 31);
  for (const [bit, tables] of openings.flatMap(({ pairs }) => pairs).entries()) {
    for (const [place, pairs] of tables.entries()) {
      for (let pair = pairs.indexOf(1); pair >= 0; pair = pairs.indexOf(1, pair + 1)) {
        bits[(place * pairKinds + pair) * words + (bit >> 5)]! |= 1 << (bit & 31);
        if (place === 0) begins[pair] = 1;
      }
    }
  }
  return (table = { words, bits, begins, behindDigits, owner, patterns: openings.length });
}

/** Where in a text each pattern may begin: in order, null when in so many places that they are not worth keeping. */
export type Openings = (pattern: number) => readonly number[] | null;

/** One place in so many characters is worth keeping. */
const rarely = 48;

/**
 * One pass over a text finds for all patterns where the first characters are ones that theirs may be. Trying a pattern only
 * there gives what trying it everywhere gives, since no other place can match.
 */
export function openingsOf(text: string): Openings {
  let places: (number[] | null)[] | null = null;
  return (pattern) => (places ??= findOpenings(text))[pattern]!;
}

function findOpenings(text: string): (number[] | null)[] {
  const { words, bits, begins, behindDigits, owner, patterns } = tableOfAll();
  const most = 64 + text.length / rarely;
  const places: (number[] | null)[] = Array.from({ length: patterns }, () => []);
  const second = pairKinds * words;
  const third = 2 * second;
  const fourth = 3 * second;
  const kinds = kindsIn(text);
  for (let at = 0; at < text.length; at++) {
    const pair = (kinds[at]! << 6) | kinds[at + 1]!;
    // Behind a letter no pattern of the table begins with a letter.
    if (begins[pair] === 1 && !(at > 0 && isLetter(kinds[at - 1]!) && isLetter(kinds[at]!))) {
      const pair2 = second + ((kinds[at + 1]! << 6) | kinds[at + 2]!) * words;
      const pair3 = third + ((kinds[at + 2]! << 6) | kinds[at + 3]!) * words;
      const pair4 = fourth + ((kinds[at + 3]! << 6) | kinds[at + 4]!) * words;
      const inNumber = at > 0 && kinds[at - 1] === digit;
      for (let word = 0; word < words; word++) {
        let may = (inNumber ? behindDigits[word]! : -1) & bits[pair * words + word]! & bits[pair2 + word]! & bits[pair3 + word]! & bits[pair4 + word]!;
        for (; may !== 0; may &= may - 1) {
          const number = owner[(word << 5) + 31 - Math.clz32(may & -may)]!;
          const own = places[number];
          // A pattern may have two openings at one place.
          if (own && own.at(-1) !== at && own.push(at) > most) places[number] = null;
        }
      }
    }
  }
  return places;
}

/** Kinds of all characters, and of the nothing behind them. */
function kindsIn(text: string): Uint8Array {
  const kinds = new Uint8Array(text.length + pairCount).fill(nothing, text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    kinds[at] = code < 128 ? kindOf[code]! : beyondAscii;
  }
  return kinds;
}

const isLetter = (kind: number): boolean => kind > 0 && kind <= lastLetter;
