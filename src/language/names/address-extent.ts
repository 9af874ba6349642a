import { Bit } from "../lists.ts";
import { has, isCapital, isMark, type Token } from "../tokens.ts";

/** The street and its number as tokens, before the rest of the address is added. */
export interface Core {
  from: number;
  to: number;
  score: number;
}

const unit = /^(?:suite|apt|apartment|flat|unit|floor|box|po|piso|puerta|planta|esc|escalera|bajo|portal|bloque|dcha|izda|izq|derecha|izquierda|etage|appt|appartement|bat|batiment|stock|og|eg|p|esquina|local|ba|porte|hall|dpto)$/u;
const ordinal = /^(?:th|st|nd|rd|º|ª|°|o|a|er|eme)$/u;

/**
 * The whole address around its street: unit and stair, postcode, state, listed places and short lines up to a postcode.
 * Bounded: at most 24 tokens to the right, and back to the number that opens its line.
 */
export function extendAddress(tokens: Token[], core: Core): Core {
  let to = core.to;
  for (let guard = 0; guard < 10; guard++) {
    const further = unitBehind(tokens, to);
    if (further === to) break;
    to = further;
  }
  let from = numberedLine(tokens, core.from);
  const left = tokens[from - 1];
  if (tokens[from]!.kind === "number" && left?.kind === "number" && left.text.length < 4 && tokens[from]!.start - left.end === 1) from -= 1;
  return { ...core, from, to: placeBehind(tokens, to) };
}

/** End of ", 3º B", " Apt. 305", "\n Suite 286" behind `at`. */
function unitBehind(tokens: Token[], at: number): number {
  let to = at;
  if (isMark(tokens[to], ",-–.") || (tokens[to]?.kind === "break" && unit.test(tokens[to + 1]?.fold ?? ""))) to += 1;
  if (isMark(tokens[to], "-–")) to += 1;
  const token = tokens[to];
  if (!token || token.kind === "break") return at;
  const dot = (index: number): number => (isMark(tokens[index], ".ºª°") && !tokens[index]!.spaced ? index + 1 : index);
  if (token.kind === "word" && unit.test(token.fold)) {
    const next = dot(to + 1);
    const value = tokens[next];
    if (value?.kind === "number") return dot(next + 1);
    if (value?.kind === "word" && (value.shape === "A" || unit.test(value.fold))) return next + 1;
    return /^(?:bajo|dcha|izda|izq|derecha|izquierda)$/u.test(token.fold) ? next : at;
  }
  if (token.kind === "number" && token.text.length <= 2) {
    let next = to + 1;
    const mark = tokens[next];
    const marked = mark !== undefined && !mark.spaced && (isMark(mark, "ºª°") || ordinal.test(mark.text));
    if (marked) next += 1;
    const letter = tokens[next];
    if (letter?.kind === "word" && (/^[A-H]$/u.test(letter.text) || /^(?:dcha|izda|izq|derecha|izquierda)$/u.test(letter.fold))) return next + 1;
    return marked ? next : at;
  }
  if (token.kind === "word" && token.shape === "A" && to > at && !isMark(tokens[to + 1], ".")) return to + 1;
  return at;
}

/** End of ", 10115 Berlin", " Calgary AB", "\n Lepassaare\n Marshall Islands 56293" behind `at`. */
function placeBehind(tokens: Token[], at: number): number {
  let best = at;
  let breaks = 0;
  let words = 0;
  for (let next = at; next < tokens.length && next < at + 16; next++) {
    const token = tokens[next]!;
    if (token.kind === "break") {
      if (++breaks > 3) break;
      words = 0;
      continue;
    }
    if (isMark(token, ",->?") && token.text.length < 4) {
      if (isMark(tokens[next - 1], ",-")) break;
      continue;
    }
    if (token.kind === "number") {
      if (token.text.length < 4 || token.text.length > 6) break;
      best = next + 1;
      // "10115 Berlin": the town behind the postcode, on the same line.
      let town = next + 1;
      while (town < next + 4 && tokens[town]?.kind === "word" && isCapital(tokens[town]) && !has(tokens[town], Bit.label | Bit.title)) town += 1;
      return town > next + 1 && !isMark(tokens[town], ":") ? town : best;
    }
    if (token.kind !== "word" || !isCapital(token) || (has(token, Bit.label | Bit.title | Bit.saying) && !isState(tokens, next)) || ++words > 4 || isMark(tokens[next + 1], ":")) break;
    if (has(token, Bit.place | Bit.country) && !has(token, Bit.common) && (breaks === 0 || has(token, Bit.country))) best = next + 1;
  }
  return best;
}

/** "PR 87548": two capitals before a postcode. */
const isState = (tokens: Token[], at: number): boolean => /^\p{Lu}{2}$/u.test(tokens[at]!.text) && tokens[at + 1]?.kind === "number" && tokens[at + 1]!.text.length === 5;

/** "78 Camiño Ancho 91\n Suite 286": back from a unit to the number that opens the line before it. */
function numberedLine(tokens: Token[], from: number): number {
  if (!unit.test(tokens[from]?.fold ?? "")) return from;
  let start = from - 1;
  if (tokens[start]?.kind === "break" || isMark(tokens[start], ",")) start -= 1;
  let best = from;
  for (let guard = 0; guard < 9 && start >= 0; guard++, start--) {
    const token = tokens[start]!;
    if (token.kind === "break" || isMark(token, ".:;!?") && token.text !== ".") break;
    if (token.kind === "number" && token.text.length <= 5) best = start;
    else if (token.kind === "word" && !isCapital(token) && has(token, Bit.common) && best < from) break;
  }
  return best;
}
