import { Bit } from "../lists.ts";
import { functionWords } from "../stop-words.ts";
import { has, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, isListedName, type Reading } from "./found.ts";

const naming = new Set(["name", "named", "called", "dear", "hi", "hello", "hey", "thanks", "regards", "cheers", "namens", "nombre", "prenom", "vorname", "llamado", "llamada", "nomme", "nommee"]);
/** Before an unlisted surname these are enough: "follow up with tracy wisniewska". */
const near = new Set(["with", "from", "for", "by", "see", "ask", "tell", "met", "contact", "patient", "mit", "von", "avec", "con"]);
const persons = new Set(["me", "him", "her", "them", "us"]);
const definite = new Set(["the", "this", "that", "its", "our", "their"]);
const am = /^(?:i'm|i’m|i'am|im)$/u;

/**
 * Names in small letters, in English and short text: "larry lombardo" (both words listed), one listed name behind a title
 * or a word that gives names ("she called him joshua"), and a line of a listed first name and an unlisted word alone.
 */
export function lowerCaseName({ tokens, languages }: Reading, at: number, titled: boolean): Found | null {
  const token = tokens[at]!;
  if (titled) {
    const to = greetedEnd(tokens, at);
    if (to > at) return { from: at, to, type: "PERSON", score: .7 };
  }
  if (!languages.has("en") || !isListedName(token) || token.text.length < 3 || has(token, Bit.particle)) return null;
  const next = tokens[at + 1];
  const small = next !== undefined && next.kind === "word" && next.shape === "a" && next.text.length > 2 && sameLine(token, next) && !has(next, Bit.particle | Bit.street);
  const listed = small && has(next, Bit.last) && (isListedName(next) || (languages.size === 1 && !functionWords.has(next.fold) && !has(next, Bit.role)));
  const found = (to: number, score: number): Found => ({ from: at, to, type: "PERSON", score });
  // "the stone bridge" tells of no person ("a david lange concert" does), nor does a common word behind a place.
  const articled = definite.has(tokens[at - 1]?.fold ?? "");
  const placed = has(token, Bit.place | Bit.country);
  if (has(token, Bit.first) && listed && !articled && (isListedName(next) || !placed)) return found(at + 2, .7);
  const unknown = small && next.bits === 0;
  if (titled) return found(unknown ? at + 2 : at + 1, .7);
  if (has(token, Bit.first) && isNaming(tokens, at)) return found(small && !has(next, Bit.common) && !functionWords.has(next.fold) ? at + 2 : at + 1, .6);
  if (has(token, Bit.first) && unknown && near.has(tokens[at - 1]?.fold ?? "")) return found(at + 2, .5);
  return has(token, Bit.first) && unknown && standAlone(tokens, at) ? found(at + 2, .55) : null;
}

const greetings = /^(?:geehrte[rs]?|liebe[rs]?|dear|hallo|hello|hi|cher|chere|bonjour|estimad[oa]|querid[oa])$/u;

/** "frau präsidentin", folded. */
const office = /(?:orin|entin|antin|erin|istin|arztin|anwaltin|ratin|chefin|kollegin|kundin)$/u;

/** End of the one or two words of a salutation behind its title: "sehr geehrte frau tannhäuser,"; `at` when it is none. */
function greetedEnd(tokens: readonly Token[], at: number): number {
  let to = at;
  while (to < at + 2 && isNameLike(tokens[to])) to += 1;
  const behind = tokens[to];
  if (behind !== undefined && behind.kind !== "break" && !isMark(behind, ",:!")) return at;
  return tokens.slice(Math.max(0, at - 4), at).some((each) => greetings.test(each.fold)) ? to : at;
}

const isNameLike = (token: Token | undefined): boolean => token !== undefined && token.kind === "word" && token.text.length > 2 && !functionWords.has(token.fold) && !has(token, Bit.common | Bit.role | Bit.title) && !office.test(token.fold);

/** What stands before it gives a name: "named joshua", "call me philipp", "my name is x", "i'm lindsay". */
function isNaming(tokens: readonly Token[], at: number): boolean {
  const back = isMark(tokens[at - 1], ":,\"'") ? at - 2 : at - 1;
  const before = tokens[back];
  if (!before || before.kind !== "word") return false;
  const previous = tokens[back - 1]?.fold ?? "";
  if (naming.has(before.fold) || am.test(before.fold)) return true;
  if (persons.has(before.fold)) return /^(?:call|calls|called|name|named|calling|introduce|introduced)$/u.test(previous);
  return (before.fold === "is" && previous === "name") || (before.fold === "am" && previous === "i");
}

/** The two words are the whole line, but for marks. */
function standAlone(tokens: readonly Token[], at: number): boolean {
  let from = at;
  while (tokens[from - 1]?.kind === "mark") from -= 1;
  let to = at + 2;
  while (tokens[to]?.kind === "mark") to += 1;
  return (from === 0 || tokens[from - 1]!.kind === "break") && (to === tokens.length || tokens[to]!.kind === "break");
}
