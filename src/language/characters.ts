/** What Unicode says of a character, as bits. */
export const Kind = { letter: 1, lower: 2, upper: 4, mark: 8, number: 16, blank: 32, notLatin: 64 } as const;

const seen = 128;
/** Kinds of UTF-16 units, 0 where none was looked up yet: the rules for `\p{…}` are asked once a character. */
const kinds = new Uint8Array(0x10000);

/** Kind of the character with this code point. */
export function kindOf(code: number): number {
  if (code > 0xffff) return lookUp(code);
  const kind = kinds[code]!;
  return kind === 0 ? (kinds[code] = lookUp(code)) : kind;
}

/** Kind of the character at a place that is not past the end; of one of two units when it stands at its first. */
export function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00 ? kindOf(text.codePointAt(at)!) : kindOf(code);
}

/** Units of the character at a place. */
export const widthAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00 && text.codePointAt(at)! > 0xffff ? 2 : 1;
};

function lookUp(code: number): number {
  const character = String.fromCodePoint(code);
  let kind = seen;
  if (/^\p{L}$/u.test(character)) kind |= Kind.letter;
  if (/^\p{Ll}$/u.test(character)) kind |= Kind.lower;
  if (/^\p{Lu}$/u.test(character)) kind |= Kind.upper;
  if (/^\p{M}$/u.test(character)) kind |= Kind.mark;
  if (/^\p{N}$/u.test(character)) kind |= Kind.number;
  if (/^\s$/u.test(character)) kind |= Kind.blank;
  if (/^[^\P{L}\p{Script=Latin}]$/u.test(character)) kind |= Kind.notLatin;
  return kind;
}
