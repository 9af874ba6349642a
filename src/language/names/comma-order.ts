import { Bit } from "../lists.ts";
import { has, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, isInitial, isListedName, mayBeName, type Reading } from "./found.ts";

/** "Ekström, Å.", "Oberdisse , E.", "Winslow, Harriet": the surname first, as lists, indexes and citations write it. */
export function findCommaOrder({ tokens }: Reading, taken: Uint8Array): Found[] {
  const found: Found[] = [];
  for (let at = 0; at + 2 < tokens.length; at++) {
    const [surname, comma, first] = [tokens[at]!, tokens[at + 1]!, tokens[at + 2]!];
    if (taken[at] || taken[at + 2] || comma.text !== "," || surname.text.length < 3 || !mayBeName(surname) || !sameLine(comma, first) || !sameLine(surname, comma)) continue;
    if (has(surname, Bit.country | Bit.calendar | Bit.place) || (at > 0 && comma.text === tokens[at - 1]!.text)) continue;
    const to = isInitial(first) ? initials(tokens, at + 2) : isListedName(first) && has(first, Bit.first) && has(surname, Bit.last) && !has(first, Bit.place) ? at + 3 : at;
    if (to === at) continue;
    found.push({ from: at, to, type: "PERSON", score: .6 });
    at = to - 1;
  }
  return found;
}

/** End of "E.", "J. R."; the capital needs its full stop. */
function initials(tokens: Token[], from: number): number {
  let to = from;
  while (to < from + 6 && isInitial(tokens[to]) && isMark(tokens[to + 1], ".") && !tokens[to + 1]!.spaced) to += 2;
  return to === from ? from - 2 : to;
}
