/** Kinds of characters that openings are told apart by: each letter, digits, blanks, some signs, the rest, what is beyond ASCII. */
const signs = ["-_", ".,", ":=", "/\\", "\"'`", "([{<", "@#+&?"];
export const kindBits = 6;
export const kindCount = 2 ** kindBits;
/** Kinds 1 to 52 are the ASCII letters. */
export const lastLetter = 52;
export const digit = 53;
export const beyondAscii = 62;
/** Behind the end of a text. */
export const nothing = 63;

/** Kind of each ASCII character. */
export const kindOf = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return code - 96;
  if (/[A-Z]/.test(character)) return code - 38;
  if (/\d/.test(character)) return 53;
  if (/\s/.test(character)) return 54;
  const sign = signs.findIndex((each) => each.includes(character));
  return sign < 0 ? 0 : 55 + sign;
});

/** Neighbouring characters that are looked at: pairs of the first and second, second and third … of a match. */
export const pairCount = 6;

const longest = pairCount + 1;

/** A part of a pattern: the characters (by number) that it may begin and end with, and whether it may be empty. */
interface Part {
  empty: boolean;
  first: number[];
  last: number[];
}

/**
 * For each of the first `pairCount` pairs of characters of any match, `[kind * 64 + kind]` is 1 where the pattern lets such
 * two stand: more than match may pass, never less. Lookarounds and back references count as anything. Matches that begin
 * with a digit have tables of their own, since what follows tells little of the others; null: there are none. By the construction of Glushkov
 * (1961): the pattern's characters are numbered, and for each it is known which may follow.
 */
export function openingPairs(pattern: RegExp): { digits: Uint8Array[] | null; others: Uint8Array[] | null } {
  const { whole, kinds, follow } = read(pattern);
  const last = new Set(whole.last);
  const pairsOf = (first: number[]): Uint8Array[] | null => (first.length > 0 || whole.empty ? pairsFrom(first, whole.empty) : null);
  return {
    digits: pairsOf(whole.first.filter((character) => kinds[character]!.includes(digit))),
    others: pairsOf(whole.first.filter((character) => kinds[character]!.some((kind) => kind !== digit))),
  };

  function pairsFrom(first: number[], empty: boolean): Uint8Array[] {
    const pairs = Array.from({ length: pairCount }, () => new Uint8Array(kindCount * kindCount));
    let open = empty;
    let here = new Set(first);
    for (const table of pairs) {
      if (open) table.fill(1);
      const next = new Set<number>();
      for (const character of here) {
        for (const each of follow[character]!) {
          next.add(each);
          mark(table, kinds[character]!, kinds[each]!);
        }
        if (!last.has(character)) continue;
        open = true;
        mark(table, kinds[character]!, anything);
      }
      here = next;
    }
    return pairs;
  }
}

const anything: readonly number[] = Array.from({ length: kindCount }, (_, kind) => kind);

function mark(table: Uint8Array, left: readonly number[], right: readonly number[]): void {
  for (const first of left) for (const second of right) table[first * kindCount + second] = 1;
}

const piece = /\\p\{[^}]*\}|\\P\{[^}]*\}|\\u\{[^}]*\}|\\u[\dA-Fa-f]{4}|\\k<[^>]*>|\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/uy;
const repeats = /(?:\?|\*|\+|\{(?<least>\d+)(?:(?<to>,)(?<most>\d+)?)?\})\??/uy;
const group = /\((?:\?(?:<?[=!]|:|<[^>]*>))?/uy;

function timesOf({ 0: [sign], groups }: RegExpExecArray): { least: number; most: number } {
  if (sign !== "{") return { least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : Infinity };
  const least = Number(groups!["least"]);
  return { least, most: groups!["most"] ? Number(groups!["most"]) : groups!["to"] ? Infinity : least };
}

function read({ source, flags }: RegExp): { whole: Part; kinds: (readonly number[])[]; follow: Set<number>[] } {
  const kinds: (readonly number[])[] = [];
  const follow: Set<number>[] = [];
  let at = 0;
  const token = (rule: RegExp): RegExpExecArray | null => {
    rule.lastIndex = at;
    const match = rule.exec(source);
    if (match) at += match[0].length;
    return match;
  };
  const add = (which: readonly number[]): number => {
    follow.push(new Set());
    return kinds.push(which) - 1;
  };
  const nothingThere = (): Part => ({ empty: true, first: [], last: [] });
  const either = (left: Part, right: Part): Part => ({ empty: left.empty || right.empty, first: [...left.first, ...right.first], last: [...left.last, ...right.last] });
  const link = (left: Part, right: Part): void => {
    for (const from of left.last) for (const to of right.first) follow[from]!.add(to);
  };
  const then = (left: Part, right: Part): Part => {
    link(left, right);
    return { empty: left.empty && right.empty, first: left.empty ? [...left.first, ...right.first] : left.first, last: right.empty ? [...left.last, ...right.last] : right.last };
  };

  function alternatives(): Part {
    let all = sequence();
    while (source[at] === "|") {
      at++;
      all = either(all, sequence());
    }
    return all;
  }

  function sequence(): Part {
    let all = nothingThere();
    while (at < source.length && source[at] !== "|" && source[at] !== ")") all = then(all, repeated());
    return all;
  }

  /** An atom as often as its quantifier says: up to five in a row one by one, more count as any number. */
  function repeated(): Part {
    const start = at;
    const once = atom();
    const match = token(repeats);
    if (!match) return once;
    const behind = at;
    const { least, most } = timesOf(match);
    const copy = (): Part => {
      at = start;
      return atom();
    };
    let all = nothingThere();
    for (let times = 0; times < Math.min(least, longest); times++) all = then(all, copy());
    if (most > longest) all = then(all, { ...many(copy()), empty: true });
    else for (let times = least; times < most; times++) all = then(all, { ...copy(), empty: true });
    at = behind;
    return all;
  }

  const many = (part: Part): Part => {
    link(part, part);
    return part;
  };

  function atom(): Part {
    const opened = token(group)?.[0];
    if (opened) {
      const inner = alternatives();
      at++;
      return /[=!]$/.test(opened) ? nothingThere() : inner;
    }
    const text = token(piece)![0];
    if (text === "^" || text === "$" || text === "\\b" || text === "\\B") return nothingThere();
    const reference = /^\\[1-9k]/.test(text);
    const number = add(reference ? anything : kindsOf(text, flags));
    if (!flags.includes("u") || !kinds[number]!.includes(beyondAscii)) return { empty: reference, first: [number], last: [number] };
    // One character beyond the first plane is two UTF-16 units.
    const second = add([beyondAscii]);
    follow[number]!.add(second);
    return { empty: reference, first: [number], last: [number, second] };
  }

  return { whole: alternatives(), kinds, follow };
}

const known = new Map<string, readonly number[]>();

/** Kinds of the characters that one character of a pattern stands for. */
function kindsOf(text: string, flags: string): readonly number[] {
  const plain = flags.replace(/[gy]/g, "");
  const key = `${plain} ${text}`;
  let kinds = known.get(key);
  if (!kinds) {
    const pattern = new RegExp(`^${text}$`, plain);
    const found = new Set<number>();
    for (let code = 0; code < 128; code++) if (pattern.test(String.fromCharCode(code))) found.add(kindOf[code]!);
    // Beyond ASCII: everything that is no plain ASCII character, and the two letters whose capitals have doubles there (ſ, K).
    if (!/^\\?[\0-\x7f]$/.test(text) || /^\\[sSwWDpP]|^\.$/.test(text) || /^[ks]$/i.test(text)) found.add(beyondAscii);
    known.set(key, (kinds = [...found]));
  }
  return kinds;
}
