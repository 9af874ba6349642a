import { fold } from "../fold.ts";
import { Bit } from "../lists.ts";
import { stopWords } from "../stop-words.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { isCitation } from "./citations.ts";
import { type Found, isInitial, type Reading } from "./found.ts";
import { personNoun, thingNoun } from "./german-nouns.ts";

const notAfter = new Set(["fall", "falle", "tat", "tatkomplex", "komplex", "variante", "option", "buchstaben", "punkte", "abs", "absatz", "anlage", "anlagen", "typ", "vitamin", "art", "artikel", "nr", "satz", "buchst", "buchstabe", "ziff", "ziffer", "kapitel", "teil", "abschnitt", "anhang", "anhange", "klasse", "gruppe", "kategorie", "variante", "alt", "stufe", "halle", "block", "gebaude", "tor", "plan", "punkt", "linie", "modell", "version", "serie", "reihe", "spalte", "zeile", "tabelle", "figur", "fig", "abb", "bild", "feld", "zone", "raum", "haus", "hepatitis", "faktor", "phase", "tab", "abschn", "sdr", "amtsbl", "lit", "var", "bgbl", "bstbl", "abl", "gvbl", "bgbi"]);
const germanWords = new Set(`${stopWords["de"]!} da nachdem während obwohl sofern soweit wonach indem bevor falls damit sodass zwar daher daraufhin dabei danach jedoch zudem ferner schließlich insbesondere gegenüber zwischen seitens laut wobei woraufhin weshalb hierauf sodann`.split(" ").map(fold));
const placeWords = new Set(["in", "aus", "nach", "bei", "kreis", "stadt", "fa"]);
const courtWords = /(?<!\p{L})(?:Kläger(?:in|s)?|Beklagten?|Klage|Angeklagten?|Beschwerde\p{L}*|Urteil|Gericht\p{L}*|\p{L}*gericht(?:s|e)?|BGB|StGB|StPO|ZPO|GG|FGO|SGB|Antragsteller\p{L}*|Senat|Revision|Zeug(?:e|en|in)|Geschädigten?|Nebenkläger\p{L}*|Rechtsstreit|Mandant\p{L}*|Staatsanwalt\p{L}*|Bevollmächtigte\p{L}*|§)/u;
const clinicalWords = /(?<!\p{L})(?:Anamnese|Diagnosen?|Befund|Therapie|Patient(?:in|en)?|Medikation|Labor|Epikrise|Arztbrief)(?!\p{L})/u;

/**
 * Rule 3: courts name persons by a lone capital ("der Zeuge K.", "die B …"). Only in German text of a legal kind or in
 * single sentences, and never in clinical text, where lone capitals are measures.
 */
export function findCourtInitials({ text, tokens, languages }: Reading, taken: Uint8Array): Found[] {
  if (!languages.has("de") || clinicalWords.test(text.slice(0, 200_000))) return [];
  if (languages.size > 1 && !courtWords.test(text.slice(0, 200_000))) return [];
  if (text.length > 1500 && !courtWords.test(text.slice(0, 200_000))) return [];
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const named = taken[at] ? null : longInitial(tokens, at);
    if (named) {
      found.push({ from: at, to: named, type: "PERSON", score: .4 });
      at = named - 1;
      continue;
    }
    if (taken[at] || !isInitial(tokens[at]) || !stands(tokens, at) || joinsThing(tokens, at, found.at(-1)?.to ?? -1, taken)) continue;
    let to = at + 1;
    if (isDots(tokens[to])) to += 1;
    const from = at;
    while (to < from + 6 && isInitial(tokens[to]) && sameLine(tokens[to - 1]!, tokens[to]!)) to += isMark(tokens[to + 1], ".") && !tokens[to + 1]!.spaced ? 2 : 1;
    if (companyBehind(tokens, to) || isOutline(tokens, from, to) || isReference(tokens, from, to) || tokens[to]?.kind === "number" || isCitation(tokens, { from, to, type: "PERSON", score: .4 })) continue;
    found.push({ from, to, type: "PERSON", score: .4 });
    at = to - 1;
  }
  return found;
}

const courtPerson = /^(?:(?:mit|neben)?(?:angeklagte[nr]?|beschuldigte[nr]?|geschadigte[nr]?|klager(?:in|s)?|tater(?:in|s)?|angeschuldigte[nr]?)|zeug(?:e|en|in)|verletzte[nr]?|verurteilte[nr]?|opfers?|erblasser(?:in|s)?|sachverstandige[nr]?|antragsteller(?:in|s)?|beschwerdefuhrer(?:in|s)?|beteiligte[nr]?|beklagte[nr]?|herrn?|frau|eheleuten?|ehefrau|ehemann(?:es)?|mutter|vaters?|kind(?:es)?|sohn(?:es)?|tochter|bruders?|schwester)$/u;

/** "Referatsleiter XX", "die Zeugin AA": one letter twice. */
const isTwice = (token: Token): boolean => /^(\p{Lu})\1$/u.test(token.text);

/** "der Angeklagte M1", "der Nebenkläger G.-R.", "die Geschädigte St.": more than a letter, behind the word for a person; its end. */
function longInitial(tokens: Token[], at: number): number | null {
  const [previous, token, next] = [tokens[at - 1], tokens[at]!, tokens[at + 1]];
  if (previous && isTwice(token) && isCapital(previous) && sameLine(previous, token) && (courtPerson.test(previous.fold) || personNoun(previous.fold)) && !thingNoun.test(previous.text)) return at + 1;
  if (!previous || !next || next.spaced || !isCapital(previous) || !isCapital(token) || !sameLine(previous, token)) return null;
  if (!courtPerson.test(previous.fold)) return null;
  if (isInitial(token) && next.kind === "number" && next.text.length < 3 && !isMark(tokens[at + 2], "./")) return at + 2;
  if (isInitial(token) && next.text === "." && isMark(tokens[at + 2], "-") && isInitial(tokens[at + 3])) return isMark(tokens[at + 4], ".") ? at + 5 : at + 4;
  return /^(?:Sch|Sp|St|Th|Ch|Ph)$/u.test(token.text) && next.text === "." ? at + 2 : null;
}

/** "K.", "K …", and "..." as normalised text writes it. */
export const isDots = (token: Token | undefined): boolean => token !== undefined && (isMark(token, "…") || token.text === "..." || (token.text === "." && !token.spaced));

/** "Flurstücke B, C und D": where the letter before the "und" or comma names nobody, the one behind it does not either. */
function joinsThing(tokens: Token[], at: number, last: number, taken: Uint8Array): boolean {
  if (!/^(?:und|oder|bis|sowie|,)$/u.test(tokens[at - 1]?.text ?? "")) return false;
  const other = isMark(tokens[at - 2], ".") ? at - 3 : at - 2;
  return isInitial(tokens[other]) && !taken[other] && last !== at - 1;
}

/** "A. I. 1.": the number of a section opens its line. */
const isOutline = (tokens: Token[], from: number, to: number): boolean =>
  (from === 0 || tokens[from - 1]!.kind === "break") && isMark(tokens[to - 1], ".") && (tokens[to]?.kind === "number" || tokens.slice(from, to).some((each) => /^[IVX]$/u.test(each.text)));

/** "unter C. II. 2.", "oben B IV 1", "zu I der Gründe", "Abschnitt II. D", "I ZB 59/09": where in a text or before which chamber. */
function isReference(tokens: Token[], from: number, to: number): boolean {
  const behind = isMark(tokens[to], ".,") ? tokens[to + 1] : tokens[to];
  const ahead = isMark(tokens[from - 1], ".") ? tokens[from - 2] : tokens[from - 1];
  const counted = behind !== undefined && (behind.kind === "number" || roman.test(behind.text) || tokens.slice(from + 1, to).some((each) => roman.test(each.text)));
  if (ahead && roman.test(ahead.text) && ahead.text !== "I") return true;
  if (/^(?:unter|oben|unten|zu|vgl|siehe)$/iu.test(ahead?.text ?? "") && (counted || roman.test(tokens[from]!.text))) return true;
  if (isMark(tokens[from - 1], ",–-") && tokens[from]!.text === "I" && behind?.shape === "AA") return true;
  if (roman.test(tokens[from]!.text) && isMark(tokens[to], ")") && !isMark(tokens[from - 1], "(")) return true;
  return tokens[to]?.shape === "AA" && tokens[to + 1]?.kind === "number" && isMark(tokens[to + 2], "/");
}

const roman = /^[IVX]{1,4}$/u;

function stands(tokens: Token[], at: number): boolean {
  const token = tokens[at]!;
  const previous = tokens[at - 1];
  const next = tokens[at + 1];
  if (next && !next.spaced && (next.kind === "number" || isMark(next, "/-§°&'’)"))) return false;
  if (next && sameLine(token, next) && (isMark(next, "/§°&-–:)€$%") || next.kind === "number")) return false;
  // "BGH I ZB 2/14": a court's chamber; "E. -kreis": a place.
  if (previous?.shape === "AA" || (isMark(next, ".") && isMark(tokens[at + 2], "-") && !tokens[at + 3]?.spaced)) return false;
  // "S. 24", "Z. 3": a page, a line.
  if (isMark(next, ".") && tokens[at + 2]?.kind === "number") return false;
  if (!previous || previous.kind === "break") return (isMark(next, ".") && next!.text === "." ? tokens[at + 2] : next)?.kind === "word" && ((isMark(next, ".") ? tokens[at + 2] : next)!.shape === "a" || isInitial(tokens[at + 2]));
  if (!sameLine(previous, token)) return false;
  if (previous.kind === "number" || isMark(previous, "/§°&-–([")) return false;
  if (previous.kind === "mark" && previous.text === "." && notAfter.has(tokens[at - 2]?.fold ?? "")) return false;
  if (previous.kind === "mark" && previous.text === "." && isMark(tokens[at - 1], ".") && /^(?:i|z|d|u|v|o|m|a|s|b|w)$/u.test(tokens[at - 2]?.text ?? "")) return false;
  if (notAfter.has(previous.fold) || placeWords.has(previous.fold)) return false;
  if (germanWords.has(previous.fold)) return true;
  // A plain German noun before it ("Anhang A", "Bauteil B") names a thing; a role or family word ("Zeuge K") a person.
  if (isMark(previous, "\"„“”«»'") && notAfter.has(tokens[at - 2]?.fold ?? "")) return false;
  if (isCapital(previous) && previous.shape === "Aa" && !has(previous, Bit.kin | Bit.title | Bit.first) && thingNoun.test(previous.text)) return false;
  if (isCapital(previous) && previous.shape === "Aa" && !has(previous, Bit.kin | Bit.title | Bit.role | Bit.first)) return personNoun(previous.fold) || courtPerson.test(previous.fold);
  // "Die Wasserverdrängung der „ G “": between quotation marks only behind the word for a person.
  if (isMark(previous, "\"„“”«»'") && isCapital(tokens[at - 2])) return personNoun(tokens[at - 2]!.fold) || courtPerson.test(tokens[at - 2]!.fold) || has(tokens[at - 2], Bit.kin | Bit.title);
  return true;
}

const companyBehind = (tokens: Token[], to: number): boolean => {
  for (let at = to; at < to + 3 && at < tokens.length; at++) {
    if (has(tokens[at], Bit.legalForm | Bit.street) || /^(?:gmbh|ag|kg|ohg|klinik|strasse)$/u.test(tokens[at]!.fold)) return true;
    if (!isMark(tokens[at], "-…&.") && !isInitial(tokens[at])) return false;
  }
  return false;
};
