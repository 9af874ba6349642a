import { beyondAscii, digit, kindBits, kindCount, kindOf, lastLetter, nothing, pairCount } from "./opening-characters.ts";

const pairKinds = kindCount * kindCount;

/** What a pattern with a number may begin with; see `openingPairs`. */
interface Opening {
  pattern: number;
  pairs: Uint8Array[];
  /** Whether it may stand right behind a digit. */
  behindDigits: boolean;
}

/** Those that begin with a digit, and the others: at one place only the ones or the others are looked for. */
const openings: Record<"digits" | "others", Opening[]> = { digits: [], others: [] };
let patterns = 0;

/** Gives a pattern the number by which `Openings` knows it; `behindDigits`: it may begin right behind a digit. */
export function register(pairs: { digits: Uint8Array[] | null; others: Uint8Array[] | null }, behindDigits: boolean): number {
  for (const kind of ["digits", "others"] as const) if (pairs[kind]) openings[kind].push({ pattern: patterns, pairs: pairs[kind], behindDigits });
  return patterns++;
}

interface Table {
  /** Of 32 bits each, enough for a bit for each opening. */
  words: number;
  /** Openings that may have a pair of characters: `[(place of the pair * 4096 + pair) * words + word]`. */
  bits: Int32Array;
  /** Openings that may stand right behind a digit, `words` long. */
  behindDigits: Int32Array;
  /** Pattern of each bit. */
  owner: number[];
}

function tableOf(of: readonly Opening[]): Table {
  const words = Math.ceil(of.length / 32);
  const bits = new Int32Array(pairCount * pairKinds * words);
  const behindDigits = new Int32Array(words);
  for (const [bit, opening] of of.entries()) {
    if (opening.behindDigits) behindDigits[bit >> 5]! |= 1 << (bit & 31);
    for (const [place, pairs] of opening.pairs.entries()) {
      for (let pair = pairs.indexOf(1); pair >= 0; pair = pairs.indexOf(1, pair + 1)) bits[(place * pairKinds + pair) * words + (bit >> 5)]! |= 1 << (bit & 31);
    }
  }
  return { words, bits, behindDigits, owner: of.map((each) => each.pattern) };
}

/** Which words of its table hold openings that may begin with three characters, a bit each: `[first * 4096 + second * 64 + third]`. */
function beginningsOf(digits: Table, others: Table): Int32Array {
  const begins = new Int32Array(kindCount * pairKinds);
  for (let at = 0; at < begins.length; at++) {
    const { words, bits } = at >> (2 * kindBits) === digit ? digits : others;
    const first = (at >> kindBits) * words;
    const second = (pairKinds + (at & (pairKinds - 1))) * words;
    for (let word = 0; word < words; word++) if ((bits[first + word]! & bits[second + word]!) !== 0) begins[at]! |= 1 << word;
  }
  return begins;
}

let made: { digits: Table; others: Table; begins: Int32Array; patterns: number } | null = null;

/** Made for all patterns at once; again when a module with more of them was loaded since. */
function tablesOfAll(): NonNullable<typeof made> {
  if (made?.patterns === patterns) return made;
  const digits = tableOf(openings.digits);
  const others = tableOf(openings.others);
  return (made = { digits, others, begins: beginningsOf(digits, others), patterns });
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
  const { digits, others, begins } = tablesOfAll();
  const most = 64 + text.length / rarely;
  const places: (number[] | null)[] = Array.from({ length: patterns }, () => []);
  const kinds = kindsIn(text);
  let before = nothing;
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[at]!;
    const behind = before;
    before = kind;
    // Behind a letter no pattern of the table begins with a letter.
    if (isLetter(behind) && isLetter(kind)) continue;
    let held = begins[(kind << (2 * kindBits)) | (kinds[at + 1]! << kindBits) | kinds[at + 2]!]!;
    if (held === 0) continue;
    const { words, bits, behindDigits, owner } = kind === digit ? digits : others;
    const third = rowOf(kinds, at, 2) * words;
    const fourth = rowOf(kinds, at, 3) * words;
    for (; held !== 0; held &= held - 1) {
      const word = lowestBit(held);
      let may = bits[third + word]! & bits[fourth + word]!;
      if (may === 0) continue;
      may &= bits[rowOf(kinds, at, 0) * words + word]! & bits[rowOf(kinds, at, 1) * words + word]! & bits[rowOf(kinds, at, 4) * words + word]! & bits[rowOf(kinds, at, 5) * words + word]!;
      if (behind === digit) may &= behindDigits[word]!;
      for (; may !== 0; may &= may - 1) {
        const pattern = owner[(word << 5) + lowestBit(may)]!;
        const own = places[pattern];
        if (own && own.push(at) > most) places[pattern] = null;
      }
    }
  }
  return places;
}

const rowOf = (kinds: Uint8Array, at: number, place: number): number => place * pairKinds + ((kinds[at + place]! << kindBits) | kinds[at + place + 1]!);
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);

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
