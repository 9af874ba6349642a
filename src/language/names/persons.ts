import { Bit } from "../lists.ts";
import { functionWords } from "../stop-words.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { isDots } from "./court-initials.ts";
import { lowerCaseName } from "./lower-case.ts";
import { type Found, isInitial, isListedName, isParticle, isShortened, mayBeName, type Reading } from "./found.ts";

const longestName = 6;
/** "Kurt Miller den Test", "Ida vom Bankdirektor": with "von" before it part of a name, alone only right behind the first name. */
const germanArticle = /^(?:der|den|dem|des|die|das|zum|zur|vom)$/u;

/**
 * End of the name that starts at `from`: capitalised words with particles and initials between, on one line.
 * `words` counts full words; 0 when no name starts there. `any`: the first word need not be uncommon (a title vouches for it).
 */
export function readName({ tokens }: Reading, from: number, any = false): { to: number; words: number } {
  let to = from;
  let words = 0;
  let taken = 0;
  for (let at = from; at < tokens.length && taken < longestName + 3; taken++) {
    const token = tokens[at]!;
    if (at > from && !sameLine(tokens[at - 1]!, token)) break;
    if (isInitial(token)) {
      const dotted = isMark(tokens[at + 1], ".") && tokens[at + 1]!.text === "." && !tokens[at + 1]!.spaced;
      if (dotted) {
        to = at = at + 2;
        continue;
      }
      if (at > from && !(tokens[at + 1] && mayBeName(tokens[at + 1]) && sameLine(token, tokens[at + 1]!))) break;
      at += 1;
      continue;
    }
    if (isParticle(token) && at + 1 < tokens.length && (at > from || isCapital(token) || any)) {
      const next = isParticle(tokens[at + 1]) ? at + 2 : at + 1;
      if (germanArticle.test(token.text) && words > 0 && (words > 1 || !isListedName(tokens[next]))) break;
      if (!mayBeName(tokens[next]) || !sameLine(tokens[next - 1]!, tokens[next]!)) break;
      at = next;
      continue;
    }
    const listed = words > 0 && isCapital(token) && has(token, Bit.first | Bit.last) && !has(token, Bit.role | Bit.organisation | Bit.legalForm | Bit.calendar);
    if (!(mayBeName(token) || listed || (any && words === 0 && isCapital(token) && !has(token, Bit.role | Bit.legalForm | Bit.organisation | Bit.title)))) break;
    words += 1;
    to = at = at + 1;
    if (words >= longestName) break;
  }
  return { to: words ? to : from, words };
}

const bareTitles = new Set(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "herrn", "frau", "monsieur", "madame", "mme", "mlle", "mm", "senor", "senora", "sra", "sr", "dra", "don", "dona", "docteur", "doctor", "doctora", "professeur", "professor", "profesor", "profesora", "richter", "richters", "richterin", "kollege", "kollegin", "kollegen", "judge", "justice", "senator", "lord", "sir", "lady", "rechtsanwalt", "rechtsanwaltin", "fraulein", "maitre", "lic"]);
const weakTitles = new Set(["don", "phil", "me", "pr", "fr", "hr", "col", "gen", "mag", "priv", "med", "ing", "jur", "dipl", "interne", "externe", "rep", "rev", "gov", "hon", "lt", "sen", "mm", "dame", "miss", "mx", "lic", "sir", "capt", "sgt", "m"]);
const dotTitles = new Set(["med", "phil", "jur", "ing", "nat", "rer", "habil", "h", "c", "mult", "pol", "theol", "dent", "vet", "univ", "dipl"]);

/** Index after the titles that start at `from`, or `from`: "Prof. Dr. med.", "Vorsitzende Richterin Dr.", "M." in French. */
export function afterTitles({ tokens, languages }: Reading, from: number): number {
  let at = from;
  for (let taken = 0; taken < 6 && at < tokens.length; taken++) {
    const token = tokens[at]!;
    if (token.kind !== "word" || (at > from && !sameLine(tokens[at - 1]!, token))) break;
    const dot = isMark(tokens[at + 1], ".") && !tokens[at + 1]!.spaced;
    const french = token.text === "M" && dot && languages.has("fr") && at === from;
    const tail = at > from && dot && dotTitles.has(token.fold);
    if (!(french || tail || isTitle(token, dot, languages))) break;
    at += dot ? 2 : 1;
  }
  return at;
}

/** "Der Präsident der Bundesärztekammer": whose, not who. */
const article = /^(?:der|des|dem|den|die|das)$/u;

function isTitle(token: Token, dot: boolean, languages: Set<string>): boolean {
  if (!has(token, Bit.title) && !bareTitles.has(token.fold)) return false;
  const cased = token.shape !== "a" || (!languages.has("de") || languages.size > 1) && bareTitles.has(token.fold) && token.text.length > 3;
  if (!cased) return token.text === "don" && languages.has("es");
  if (token.fold === "me" || token.fold === "pr") return languages.has("fr") && token.shape === "Aa";
  if (token.fold === "fr" || token.fold === "hr") return languages.has("de") && dot;
  return !weakTitles.has(token.fold) || dot || bareTitles.has(token.fold);
}

/** "Brittany Faroe Islands": listed places one after the other, and no first name right before a surname. */
function onlyPlaces(tokens: Token[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const token = tokens[at]!;
    if (token.kind !== "word" || !has(token, Bit.place | Bit.country)) return false;
    const next = at + 1 < to ? tokens[at + 1]! : null;
    if (!next || !has(token, Bit.first)) continue;
    if (has(next, Bit.last) ? !(has(token, Bit.famousPlace) && has(next, Bit.famousPlace)) : !has(token, Bit.famousPlace | Bit.country) && !has(next, Bit.country)) return false;
  }
  return true;
}

const notAfter = Bit.street | Bit.legalForm | Bit.organisation;

/** Rule 1: title and name, listed first name and more, "LAMBERT Eva", "U. Jouan". */
export function findPersons(reading: Reading): Found[] {
  const { tokens, shouted } = reading;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]!;
    if (token.kind !== "word") {
      at += 1;
      continue;
    }
    const name = personAt(reading, at, token, shouted);
    // A title vouches for the person, whatever the name.
    if (name && (name.score >= .95 || !onlyPlaces(tokens, name.from, name.to))) {
      found.push(name);
      at = name.to;
    } else at += 1;
  }
  return found;
}

function personAt(reading: Reading, at: number, token: Token, shouted: boolean): Found | null {
  const { tokens } = reading;
  const named = token.shape !== "a" || has(token, Bit.title) ? afterTitles(reading, at) : at;
  if (named > at && named < tokens.length && sameLine(tokens[named - 1]!, tokens[named]!)) {
    if (reading.languages.has("de") && article.test(tokens[named]!.text)) return null;
    const { to, words } = readName(reading, named, true);
    if (words && (isCapital(tokens[to - 1]) || isInitial(tokens[to - 2])) && !before(reading, to, notAfter)) return person(named, to, .95);
    if (tokens[named]!.shape === "a") return lowerCaseName(reading, named, true);
    if (isInitial(tokens[named]) && reading.languages.has("de")) return person(named, initialsEnd(tokens, named), .8);
    return null;
  }
  if (token.shape === "a") return lowerCaseName(reading, at, false);
  if (before(reading, at + 1, notAfter)) return null;
  if (isInitial(token)) return initialAndName(reading, at);
  if (isShortened(tokens, at)) return shortenedAndName(reading, at);
  const next = tokens[at + 1];
  if (isListedName(token) && has(token, Bit.first)) {
    const { to, words } = readName(reading, at);
    if (words >= 2 && !before(reading, to, notAfter) && strongEnough(tokens, at, to)) return person(at, to, .9);
  }
  // "Grace Miller": a common word that is a first name too needs a listed surname behind it.
  if (has(token, Bit.first) && has(token, Bit.common) && !has(token, Bit.role | Bit.calendar) && !functionWords.has(token.fold) && isListedName(next) && has(next, Bit.last) && sameLine(token, next!) && !shouted) {
    const { to } = readName(reading, at + 1);
    if (!before(reading, to, notAfter)) return person(at, to, .75);
  }
  if (token.shape === "AA" && !shouted && mayBeName(token) && token.text.length > 2) return capitalsFirst(reading, at);
  return mayBeName(token) ? surnameLast(reading, at) ?? firstNameLast(reading, at) : null;
}

/** "Yulan Kovalev": an unlisted word before a listed surname, or the reverse of order. */
function surnameLast(reading: Reading, at: number): Found | null {
  const { tokens } = reading;
  const { to, words } = readName(reading, at);
  if (words !== 2 && words !== 3) return null;
  const last = tokens[to - 1]!;
  if (!isListedName(last) || !has(last, Bit.last) || has(last, Bit.place | Bit.country) || before(reading, to, notAfter)) return null;
  if (has(tokens[at], Bit.country) || isSentenceStart(tokens, at)) return null;
  return has(tokens[at], Bit.first | Bit.last) ? person(at, to, .7) : null;
}

/** "LAMBERT Eva", "AL BAHIRT Anna", "LAMBERT eva", "LAMBERT E.". */
function capitalsFirst(reading: Reading, at: number): Found | null {
  const { tokens } = reading;
  let to = at + 1;
  const small = tokens[to];
  const long = tokens[at]!.text.length > 3 && !has(tokens[at], Bit.place | Bit.country);
  // "LSG Berlin-Brandenburg", "THW Kiel"
  if (reading.languages.has("de") && tokens[at]!.text.length < 5 && !has(tokens[at], Bit.last | Bit.first)) return null;
  if (long && small && small.shape === "a" && isListedName(small) && has(small, Bit.first) && small.text.length > 3 && !has(small, Bit.particle | Bit.place) && sameLine(tokens[at]!, small)) return person(at, to + 1, .65);
  if (long && isInitial(small) && isMark(tokens[to + 1], ".") && !tokens[to + 1]!.spaced && sameLine(tokens[at]!, small!) && (isListedName(tokens[at]) || tokens[at]!.text.includes("-"))) return person(at, to + 2, .6);
  while (to < at + 4 && tokens[to]?.shape === "AA" && mayBeName(tokens[to]) && sameLine(tokens[to - 1]!, tokens[to]!)) to += 1;
  if (isMark(tokens[to], ",") && reading.languages.has("de")) to += 1;
  const first = tokens[to];
  if (!first || first.shape !== "Aa" || !isListedName(first) || !has(first, Bit.first) || !sameLine(tokens[to - 1]!, first)) return null;
  to += 1;
  while (tokens[to]?.shape === "Aa" && isListedName(tokens[to]) && sameLine(tokens[to - 1]!, tokens[to]!) && to < at + 6) to += 1;
  return before(reading, to, notAfter) ? null : person(at, to, .85);
}

/** "U. Jouan", "A.Mariniere", "J. R. R. Tolkien". */
function initialAndName(reading: Reading, at: number): Found | null {
  const { tokens } = reading;
  if (!(isMark(tokens[at + 1], ".") && tokens[at + 1]!.text === "." && !tokens[at + 1]!.spaced)) return null;
  if (at > 0 && !tokens[at]!.spaced && tokens[at - 1]!.kind !== "break" && !isMark(tokens[at - 1], "(-/\"'[:,>")) return null;
  // "I. Streitig ist": the number of a section.
  if (reading.german && /^[IVXC]$/u.test(tokens[at]!.text) && (isSentenceStart(tokens, at) || /^[IVX]+$/u.test(tokens[at + 2]?.text ?? ""))) return null;
  const { to, words } = readName(reading, at);
  if (!words || words > 3 || before(reading, to, notAfter)) return null;
  const last = tokens[to - 1]!;
  if (last.text.length < 3 || has(last, Bit.common) || (reading.languages.has("de") && reading.languages.size === 1 && !isListedName(last))) return null;
  return person(at, to, .8);
}

/** "Ph. ROCHE", "Chr. Lang". */
function shortenedAndName(reading: Reading, at: number): Found | null {
  const { to, words } = readName(reading, at + 2);
  const last = reading.tokens[to - 1]!;
  return words && words < 4 && sameLine(reading.tokens[at + 1]!, reading.tokens[at + 2]!) && (isListedName(last) || last.shape === "AA") && !before(reading, to, notAfter) ? person(at, to, .75) : null;
}

/** French forms write "Dupont Albert". */
function firstNameLast({ tokens, languages }: Reading, at: number): Found | null {
  const next = tokens[at + 1];
  if (!languages.has("fr") || !next || !sameLine(tokens[at]!, next) || next.shape === "a" || !isListedName(next) || !has(next, Bit.first) || has(next, Bit.place | Bit.country) && !has(tokens[at], Bit.last)) return null;
  return person(at, at + 2, .65);
}

/** German court text: "Herr K.", "Frau A. B.". */
function initialsEnd(tokens: Token[], at: number): number {
  let to = at;
  while (to < at + 6 && isInitial(tokens[to])) to += isDots(tokens[to + 1]) ? 2 : 1;
  return to;
}

const strongEnough = (tokens: Token[], from: number, to: number): boolean => {
  const last = tokens[to - 1]!;
  return has(last, Bit.first | Bit.last) || last.kind !== "word" || !has(tokens[from], Bit.place | Bit.country) || !has(last, Bit.place | Bit.country);
};

const before = ({ tokens, languages }: Reading, to: number, bits: number): boolean => {
  // In French and Spanish the word for a body or street stands before its name, so one behind belongs to the next thing.
  if (!languages.has("en") && !languages.has("de")) bits = Bit.legalForm;
  const next = tokens[to];
  return next !== undefined && next.kind === "word" && isCapital(next) && has(next, bits) && to > 0 && sameLine(tokens[to - 1]!, next) && !(has(next, Bit.first | Bit.last) && !has(next, Bit.organisation | Bit.legalForm | Bit.street));
};

export const isSentenceStart = (tokens: Token[], at: number): boolean => at === 0 || tokens[at - 1]!.kind === "break" || isMark(tokens[at - 1], ".!?:");

const person = (from: number, to: number, score: number): Found => ({ from, to, type: "PERSON", score });
