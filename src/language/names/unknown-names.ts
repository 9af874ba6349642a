import { Bit } from "../lists.ts";
import { functionWords } from "../stop-words.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import type { Found, Reading } from "./found.ts";

/** Right before a colon they announce a person and nothing else, folded. */
const announcing = /^(?:patiente?|patientin|paciente|nachname|vorname|familienname|rufname|geburtsname|surname|forename|prenom|apellidos?|interne|externe|hausarzt|hausarztin|unterschrift|signature|signe|signee|firmado|unterzeichner|versicherter|versicherte|kindsmutter|kindsvater)$/u;
/** The second of two words that announce one. */
const secondWords = /^(?:traitant|traitante|patienten|patientin|naissance|name|jeune fille|usuel|nombre)$/u;
const firstWords = /^(?:medecin|name|nom|first|last|family|maiden|patient|nachname)$/u;
const closings = /^(?:cordialement|sincerement|amicalement|salutations|grussen?|gruss|grusse|regards|sincerely|cheers|best|thanks|yours|saludos?|atentamente|cordialmente|vous|toi|hochachtungsvoll)$/u;
const mostWords = 3;

/** What no list knows, where only a person's name can stand: behind its label, below the closing of a letter, behind the short form of a title. */
export function findUnknownNames({ tokens }: Reading, taken: Uint8Array): Found[] {
  const found: Found[] = [];
  const add = (from: number, to: number): void => {
    if (to > from && !taken.subarray(from, to).includes(1)) found.push({ from, to, type: "PERSON", score: .45 });
  };
  for (let at = 0; at < tokens.length; at++) {
    const surname = behindTitle(tokens, at);
    if (surname >= 0) add(surname, surname + 1);
    else if (isAnnounced(tokens, at) || isBelowClosing(tokens, at)) add(at, lineOfName(tokens, at));
  }
  return found;
}

/** "Patient : xrzkvt", "Médecin traitant : belkacem", "Name des Patienten: qwertz". */
function isAnnounced(tokens: readonly Token[], at: number): boolean {
  if (!isMark(tokens[at - 1], ":") || !tokens[at - 2] || !tokens[at]) return false;
  const label = tokens[at - 2]!;
  if (announcing.test(label.fold)) return !isMark(tokens[at - 3], "\"'_.-") && !tokens[at - 3]?.text.startsWith("$");
  return secondWords.test(label.fold) && (firstWords.test(tokens[at - 3]?.fold ?? "") || firstWords.test(tokens[at - 4]?.fold ?? ""));
}

/** "Cordialement,\nvirginie" */
function isBelowClosing(tokens: readonly Token[], at: number): boolean {
  if (tokens[at - 1]?.kind !== "break") return false;
  const back = isMark(tokens[at - 2], ",.!") ? at - 3 : at - 2;
  const closing = tokens[back];
  if (!closing || !closings.test(closing.fold)) return false;
  // The whole line is but the closing: "Mit freundlichen Grüßen", "Best regards".
  for (let first = back; first > back - 5; first--) if (first < 1 || tokens[first - 1]!.kind === "break") return isCapital(tokens[first]);
  return false;
}

const shortTitles = /^(?:dr|dra|pr|mme|mlle|mrs|mr|ms|prof)$/u;

/** Where the word in small letters stands behind the short form of a title, or behind it and a first name: "Dr pidoux", "Mme. Caroline lefevre". */
function behindTitle(tokens: readonly Token[], at: number): number {
  if (!shortTitles.test(tokens[at]!.fold)) return -1;
  let name = isMark(tokens[at + 1], ".") ? at + 2 : at + 1;
  if (isCapital(tokens[name]) && has(tokens[name], Bit.first)) name += 1;
  const token = tokens[name];
  return token && token.shape === "a" && sameLine(tokens[name - 1]!, token) && mayBeUnknown(tokens, name) && !isInflected(token.fold) ? name : -1;
}

/** One to three words that no list explains, alone to the end of the line or a mark; their end. */
function lineOfName(tokens: readonly Token[], from: number): number {
  let to = from;
  while (to < from + mostWords && mayBeUnknown(tokens, to) && (to === from || sameLine(tokens[to - 1]!, tokens[to]!))) to += 1;
  const next = tokens[to];
  return next === undefined || next.kind === "break" || isMark(next, ",;|)(") || (isMark(next, ".") && !next.spaced) ? to : from;
}

const notNames = Bit.common | Bit.role | Bit.organisation | Bit.legalForm | Bit.calendar | Bit.label | Bit.street | Bit.title | Bit.kin | Bit.country | Bit.saying;

const mayBeUnknown = (tokens: readonly Token[], at: number): boolean => {
  const token = tokens[at];
  return token !== undefined && token.kind === "word" && token.text.length > 2 && !has(token, notNames) && !functionWords.has(token.fold);
};

/** A verb or adjective rather than a surname. */
const isInflected = (word: string): boolean => /(?:e|es|er|ed|ing|ait|ent|ant|t|s)$/u.test(word);
