import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, isListedName, mayBeName, type Reading } from "./found.ts";
import { thingNoun } from "./german-nouns.ts";
import { isSentenceStart } from "./persons.ts";

const greetings = new Set(["dear", "hi", "hello", "hey", "lieber", "liebe", "hallo", "cher", "chere", "bonjour", "querido", "querida", "estimado", "estimada", "hola", "thanks"]);
const callings = new Set(["named", "called", "namens", "heisst", "nomme", "nommee", "llamado", "llamada", "me", "is", "am", "i'm", "it's", "was", "heisse", "suis", "soy"]);

/** One word that is a name by the lists or by what stands beside it; the weakest rule, so the most careful. */
export function findSingleNames(reading: Reading, taken: Uint8Array): Found[] {
  const { tokens } = reading;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (taken[at] || !isCapital(token) || token.shape === "A" || !mayBeName(token)) continue;
    if (inLongerName(tokens, at)) continue;
    const score = singleScore(reading, at, token);
    if (score) found.push({ from: at, to: at + 1, type: "PERSON", score });
  }
  return found;
}

function singleScore(reading: Reading, at: number, token: Token): number {
  const { tokens, languages, shouted } = reading;
  const previous = tokens[at - 1];
  const next = tokens[at + 1];
  const german = languages.has("de") && languages.size === 1;
  const near = previous !== undefined && sameLine(previous, token);
  if (near && greetings.has(previous.fold) && isSentenceStart(tokens, at - 1)) return .85;
  if (near && has(previous, Bit.kin) && !isMark(next, "-") && (!reading.german || isListedName(token)) && !(languages.has("de") && thingNoun.test(token.text))) return .7;
  if (near && previous.fold === "is" && tokens[at - 2]?.fold === "name") return .85;
  if (token.shape === "AA" && token.text.length < 6 && !isAlone(tokens, at)) return 0;
  if (near && languages.has("en") && previous.text === "in" && next?.text !== "'s") return 0;
  const listed = isListedName(token);
  if (isCompound(token.text) || (reading.german && token.text.includes("-") && thingNoun.test(token.text))) return 0;
  if (has(next, Bit.saying) && sameLine(token, next!) && (listed || !german) && !has(token, Bit.country)) return .7;
  if (has(token, Bit.famousPlace)) return near && /^(?:named|called|namens|hei(?:ss|ß)t|nommée?|llamad[oa])$/u.test(previous.fold) ? .8 : 0;
  if (!listed) return token.bits === 0 && token.shape === "Aa" && surnameEnding.test(token.fold) ? .5 : 0;
  if (isAlone(tokens, at)) return has(token, Bit.country) || shouted ? 0 : .6;
  if (has(token, Bit.country) || token.shape === "AA" && token.text.length < 4) return 0;
  const afterPlaceWord = near && /^(?:in|from|at|near|to|nach|aus|bei|à|a|en|desde|de|of|the|der|die|das|den|le|la|les|el|los)$/u.test(previous.fold);
  if (has(token, Bit.first) && !(has(token, Bit.place) && afterPlaceWord)) {
    if (near && callings.has(previous.fold)) return .8;
    return german ? (has(token, Bit.place) || (near && afterPlaceWord) ? 0 : .5) : .6;
  }
  if (near && callings.has(previous.fold) && !german) return .6;
  return !german && has(token, Bit.last) && !has(token, Bit.place) && !afterPlaceWord && !isSentenceStart(tokens, at) && token.shape === "Aa" ? .5 : 0;
}

/** Unlisted, but hardly anything else ends so: "the Vizirov novel". */
const surnameEnding = /(?:^\p{L}{3,}(?:[hiklmrstv]ov|nov|[hiklmrstv]ova|[aehiklnrst]ev|enko|[oe]vic|wicz|czyk|[ei]nsk[aiy]|[oe]wsk[aiy]|shvili|adze|oglu|sson|sdottir|opoulos|akis|[nr]idis|escu))$/u;

/** "TVÜ-Länder", "Melox-GRY": an abbreviation in one part says that the other, listed or not, is no name. */
const isCompound = (text: string): boolean => text.includes("-") && text.split("-").some((part) => part.length > 1 && part === part.toUpperCase()) && (text !== text.toUpperCase() || text.length < 9);

/** Capitalised words beside it that no rule took: rather a company, a place or a title. */
const inLongerName = (tokens: Token[], at: number): boolean => {
  const [previous, token, next] = [tokens[at - 1], tokens[at]!, tokens[at + 1]];
  const joined = (left: Token | undefined, right: Token | undefined): boolean => left !== undefined && right !== undefined && left.kind === "word" && right.kind === "word" && sameLine(left, right) && isCapital(left) && isCapital(right);
  if (joined(token, next) && !has(next, Bit.saying)) return true;
  if (next?.kind === "number" && !next.spaced) return true;
  if (isMark(next, "-&/") && !next!.spaced && next!.text !== "/") return true;
  if (isMark(previous, "-&") && !token.spaced) return true;
  return joined(previous, token) && !isSentenceStart(tokens, at - 1) && !has(previous, Bit.common | Bit.kin | Bit.role);
};

const isAlone = (tokens: Token[], at: number): boolean =>
  (at === 0 || tokens[at - 1]!.kind === "break") && (at + 1 === tokens.length || tokens[at + 1]!.kind === "break");
