import { Bit } from "../lists.ts";
import { has, nameBits, type Token } from "../tokens.ts";
import { type Found, isListedName } from "./found.ts";
import { personNoun, thingNoun } from "./german-nouns.ts";

/** Rule 5: titles and office words at the front, brackets; null when nothing that may name a person is left. */
export function cutName(tokens: Token[], found: Found, german = false): Found | null {
  let { from, to } = found;
  while (from < to && (tokens[from]!.kind === "mark" || (has(tokens[from], Bit.role | Bit.title) && to - from > 1 && !has(tokens[from], Bit.first | Bit.last)))) from += 1;
  if (german && isOffice(tokens, from, to)) from += 1;
  // "Augustin ZTR", "Bundespolizei FBI"
  if (german && to - from > 1 && tokens[to - 1]!.shape === "AA" && tokens[to - 1]!.text.length < 5 && tokens[to - 1]!.bits === 0 && tokens[from]!.shape === "Aa") to -= 1;
  while (to > from && tokens[to - 1]!.kind === "mark" && !(/^(?:\.|…|\.\.\.)$/u.test(tokens[to - 1]!.text) && tokens[to - 2]?.shape === "A")) to -= 1;
  const words = tokens.slice(from, to).filter((each) => each.kind === "word");
  if (!words.length) return null;
  if (words.every((each) => has(each, Bit.role | Bit.calendar) || (has(each, Bit.common) && !has(each, Bit.first | Bit.last)))) return null;
  if (words.length >= 3 && words.every((each) => each.shape === "A") && found.score < .5) return null;
  if (words.length === 1 && words[0]!.bits === 0 && /(?:ung|heit|keit|tion|schaft)$/u.test(words[0]!.fold)) return null;
  return { ...found, from, to };
}

/** "SVP-Nationalrat Toni Brunner", "Olympiadritten Tatjana Kotowa": an unlisted German noun before a listed first name. */
function isOffice(tokens: Token[], from: number, to: number): boolean {
  const [noun, first] = [tokens[from]!, tokens[from + 1]];
  if (to - from < 2 || noun.shape === "A" || noun.text.length < 6 || has(noun, nameBits | Bit.particle | Bit.title) || !first || !isListedName(first) || !has(first, Bit.first)) return false;
  return has(noun, Bit.common) || noun.text.includes("-") || personNoun(noun.fold) || thingNoun.test(noun.text);
}
