import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import type { Found, Reading } from "./found.ts";
import { thingNoun } from "./german-nouns.ts";

const cases = new Set(["sache", "rechtssache", "verfahren", "beschwerdesache", "case", "affaire", "asunto", "caso"]);
const most = 4;

/** "im Verfahren Gäfgen gegen Deutschland", "in the case Handyside v. United Kingdom": who went to court. */
export function findCaseNames({ tokens }: Reading, taken: Uint8Array): Found[] {
  const found: Found[] = [];
  for (let at = 1; at < tokens.length; at++) {
    if (taken[at] || !cases.has(tokens[at - 1]!.fold) || !isParty(tokens, at) || has(tokens[at], Bit.common) || thingNoun.test(tokens[at]!.text)) continue;
    let to = at + 1;
    while (to < at + most && !taken[to] && isParty(tokens, to)) to += 1;
    if (isAgainst(tokens, to)) found.push({ from: at, to, type: "PERSON", score: .6 });
  }
  return found;
}

const isParty = (tokens: Token[], at: number): boolean =>
  tokens[at] !== undefined && isCapital(tokens[at]) && tokens[at]!.shape !== "A" && sameLine(tokens[at - 1]!, tokens[at]!) && !has(tokens[at], Bit.country | Bit.legalForm | Bit.organisation);

/** "gegen", "v.", "vs.", "c.", "./." before a capital. */
function isAgainst(tokens: Token[], at: number): boolean {
  const sign = tokens[at];
  if (!sign) return false;
  if (sign.text === "gegen" || sign.text === "contre" || sign.text === "contra") return isCapital(tokens[at + 1]);
  if (/^(?:v|vs|c)$/u.test(sign.text)) return isCapital(tokens[isMark(tokens[at + 1], ".") ? at + 2 : at + 1]);
  return sign.text === "." && isMark(tokens[at + 1], "/") && isMark(tokens[at + 2], ".") && isCapital(tokens[at + 3]);
}
