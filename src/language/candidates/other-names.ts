import type { Piece } from "./piece.ts";

export interface OtherName {
  /** The name it stands for, as written. */
  name: string;
  other: string;
  type: string;
  /** Where the text says so. */
  start: number;
  end: number;
}

const bracket = /^(?:,\s[^()"“”;]{2,60})?\s?\((?:(?:the|hereinafter|hereafter|formerly|also|abbreviated|short|referred\sto\sas|known\sas|kurz|im\sFolgenden|nachfolgend|nachstehend|ci-après|en\sadelante|or|auch|früher|vormals)[,:]?\s){0,4}["“„«']?(?<other>[\p{L}\p{N}][\p{L}\p{N}&.\- ]{1,28}?)["”“»']?(?:\sgenannt)?\)/u;

/**
 * Names that the text itself gives in brackets: "Nordwind Energie AG (NWE)", "(hereinafter “the Supplier”)". An
 * unquoted one must be an acronym whose letters stand in the name in that order.
 */
export function findOtherNames(text: string, pieces: Piece[]): OtherName[] {
  const found: OtherName[] = [];
  for (const piece of pieces) {
    if (["DATE_TIME", "QUANTITY", "METRIC", "PERSON"].includes(piece.type)) continue;
    const match = bracket.exec(text.slice(piece.end, piece.end + 90));
    const other = match?.groups?.["other"]?.replace(/^(?:the|die|der|das)\s/u, "");
    if (!match || !other) continue;
    const name = text.slice(piece.start, piece.end);
    const named = /["“„«]|hereinafter|genannt|formerly|früher|vormals/u.test(match[0]);
    if ((match[0].startsWith(",") && !named) || (piece.type === "LOCATION" && named)) continue;
    if (!(named ? /\p{Lu}/u.test(other) && !/^\d/u.test(other) : isAcronym(name, other))) continue;
    const start = piece.end + match[0].indexOf(other);
    found.push({ name, other, type: piece.type, start, end: start + other.length });
  }
  return found;
}

/** "NEAG" of "Nordlicht Energie AG": capitals that follow each other in the name, the first at its beginning. */
export function isAcronym(name: string, short: string): boolean {
  if (!/^[\p{Lu}\p{N}&][\p{L}\p{N}&]{1,7}$/u.test(short) || (short.match(/\p{Lu}/gu)?.length ?? 0) < 2 || short.length >= name.length) return false;
  const letters = name.toLowerCase();
  let at = 0;
  for (const [index, letter] of [...short.toLowerCase()].entries()) {
    const next = letters.indexOf(letter, at);
    if (next < 0 || (index === 0 && next > 0)) return false;
    at = next + 1;
  }
  return true;
}
