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

/** Whether any opening begins with three characters: `[first * 4096 + second * 64 + third]`. */
function beginningsOf(tables: readonly Table[]): Uint8Array {
  const begins = new Uint8Array(kindCount * pairKinds);
  for (const { words, bits } of tables) {
    for (let at = 0; at < begins.length; at++) {
      const first = (at >> kindBits) * words;
      const second = (pairKinds + (at & (pairKinds - 1))) * words;
      for (let word = 0; word < words; word++) if ((bits[first + word]! & bits[second + word]!) !== 0) begins[at] = 1;
    }
  }
  return begins;
}

let made: { digits: Table; others: Table; begins: Uint8Array; patterns: number } | null = null;

/** Made for all patterns at once; again when a module with more of them was loaded since. */
function tablesOfAll(): NonNullable<typeof made> {
  if (made?.patterns === patterns) return made;
  const digits = tableOf(openings.digits);
  const others = tableOf(openings.others);
  return (made = { digits, others, begins: beginningsOf([digits, others]), patterns });
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
    if (begins[(kind << (2 * kindBits)) | (kinds[at + 1]! << kindBits) | kinds[at + 2]!] === 0 || (isLetter(behind) && isLetter(kind))) continue;
    const { words, bits, behindDigits, owner } = kind === digit ? digits : others;
    for (let word = 0; word < words; word++) {
      let may = behind === digit ? behindDigits[word]! : -1;
      for (let place = 0; place < pairCount && may !== 0; place++) {
        may &= bits[(place * pairKinds + ((kinds[at + place]! << kindBits) | kinds[at + place + 1]!)) * words + word]!;
      }
      for (; may !== 0; may &= may - 1) {
        const pattern = owner[(word << 5) + 31 - Math.clz32(may & -may)]!;
        const own = places[pattern];
        if (own && own.push(at) > most) places[pattern] = null;
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
