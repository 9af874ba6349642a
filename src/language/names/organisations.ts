import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import type { Found, Reading } from "./found.ts";

/** Written exactly so: "as", "co" or "se" in lower case are plain words. */
export const legalForms = new Set(["AG", "GmbH", "mbH", "gGmbH", "KG", "KGaA", "OHG", "oHG", "GbR", "UG", "SE", "eG", "EWIV", "Inc", "Inc.", "INC", "Ltd", "LTD", "Limited", "LLC", "LLP", "LP", "plc", "PLC", "Plc", "Corp", "Corporation", "Co", "Company", "SA", "SAS", "SASU", "SARL", "SNC", "EURL", "SCI", "SL", "SLU", "SAU", "SpA", "Srl", "SRL", "BV", "NV", "Oy", "AB", "ApS", "Pty", "Holding", "Holdings", "Group", "Gruppe", "Groupe", "Grupo"]);
const needsName = new Set(["Holding", "Holdings", "Group", "Gruppe", "Groupe", "Grupo", "Company", "Co", "Limited", "Corporation", "SE", "LP", "AB", "Oy", "SL", "SA", "UG", "Gruppe"]);
const dotted = /^(?:S\.\s?A\.(?:\s?S\.)?|S\.\s?L\.(?:\s?U\.)?|S\.\s?p\.\s?A\.|S\.\s?r\.\s?l\.|S\.\s?à\s?r\.\s?l\.|B\.\s?V\.|N\.\s?V\.|A\/S|e\.\s?V\.|e\.\s?G\.|L\.\s?L\.\s?C\.)/u;

/** Index behind a legal form that starts at `at`, or `at`. */
export function afterLegalForm(text: string, tokens: Token[], at: number): number {
  const token = tokens[at];
  if (!token || token.kind !== "word") return at;
  if (token.text.length <= 2) {
    const match = dotted.exec(text.slice(token.start, token.start + 14));
    if (match) {
      let to = at;
      while (tokens[to] && tokens[to]!.end <= token.start + match[0].length) to += 1;
      return to;
    }
  }
  if (!legalForms.has(token.text)) return at;
  let to = isMark(tokens[at + 1], ".") && !tokens[at + 1]!.spaced && /^(?:Inc|Ltd|Co|Corp|INC|LTD)$/u.test(token.text) ? at + 2 : at + 1;
  // "GmbH & Co. KG", "Co., Ltd."
  if (isMark(tokens[to], "&,") && /^(?:Co|Ltd|Inc|Cie)$/u.test(tokens[to + 1]?.text ?? "")) {
    to += isMark(tokens[to + 2], ".") ? 3 : 2;
    if (legalForms.has(tokens[to]?.text ?? "")) to += 1;
  } else if (legalForms.has(tokens[to]?.text ?? "") && tokens[to]!.spaced) to += isMark(tokens[to + 1], ".") && /^(?:Inc|Ltd|Corp)$/u.test(tokens[to]!.text) ? 2 : 1;
  return to;
}

const joiners = new Set(["of", "for", "and", "de", "du", "des", "der", "die", "del", "la", "el", "les", "los", "für", "und", "the", "y", "et", "d'", "l'", "e", "à", "al", "zur", "zu", "von", "an"]);

/** Companies by their legal form; bodies by a word such as "University", "Institut", "Ministerium". */
export function findOrganisations(reading: Reading): Found[] {
  const { tokens, text } = reading;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== "word" || token.shape === "a" && token.text !== "e" && token.text !== "plc" && token.text !== "mbH" && token.text !== "eG" && token.text !== "gGmbH") continue;
    const behind = afterLegalForm(text, tokens, at);
    if (behind > at) {
      const from = companyStart(tokens, at, found.at(-1)?.to ?? 0);
      if (from < at && !(needsName.has(token.text) && has(tokens[from], Bit.common) && at - from === 1)) found.push({ from, to: behind, type: "ORGANIZATION", score: .9 });
      at = behind - 1;
    } else if (has(token, Bit.organisation) && token.shape !== "a") {
      const body = bodyAround(reading, at, found.at(-1)?.to ?? 0);
      if (body) {
        found.push(body);
        at = body.to - 1;
      }
    }
  }
  return found;
}

const clauseStart = new Set(["The", "Der", "Die", "Das", "Den", "Dem", "Des", "La", "Le", "Les", "El", "Los", "Las", "Bei", "In", "At", "For", "And", "Und", "Für", "With", "By", "From", "Mit", "Von", "An", "A", "Our", "Wir", "We", "When", "If", "As", "On", "To", "Since", "Employer", "Supplier", "Customer", "Manufacturer"]);

/** Back from the legal form over capitalised words, "&", "und", hyphens; at most seven tokens. */
function companyStart(tokens: Token[], form: number, floor: number): number {
  let from = form;
  for (let at = form - 1; at >= floor && at >= form - 7; at--) {
    const token = tokens[at]!;
    if (!sameLine(token, tokens[at + 1]!)) break;
    if (token.kind === "word" && (isCapital(token) || token.kind === "word" && /^\p{Ll}+\p{Lu}/u.test(token.text))) {
      if (clauseStart.has(token.text) && at !== form - 1 && token.shape !== "A") break;
      if (clauseStart.has(token.text)) break;
      from = at;
    } else if (isMark(token, "&+") || (isMark(token, "-–./") && !tokens[at + 1]!.spaced) || (isMark(token, ",") && form - at > 1 && isMark(tokens[at + 2], "&"))) continue;
    else if (token.kind === "word" && /^(?:und|and|et|y|de|des|du|für|of|von)$/u.test(token.text) && at > floor && isCapital(tokens[at - 1]) && from < form) {
      // "A and B Ltd" may be two companies: joined only by "&" or when the left side has no name of its own.
      if (/^(?:und|and|et|y|von)$/u.test(token.text) || personBefore(tokens, at, floor)) break;
    } else if (token.kind === "number" && at < form - 0 && token.text.length < 4) from = at;
    else if (isMark(token, "…") || (token.kind === "mark" && token.text === "...")) from = at;
    else break;
  }
  return from;
}

/** "Mrs Petra Quandel of Hafenkran GmbH": who stands before the connector is a person of the company, no part of its name. */
function personBefore(tokens: Token[], connector: number, floor: number): boolean {
  for (let at = connector - 1; at >= floor && at >= connector - 4 && sameLine(tokens[at]!, tokens[at + 1]!); at--) {
    const token = tokens[at]!;
    if (has(token, Bit.title)) return true;
    if (token.kind === "word" ? !isCapital(token) : !isMark(token, ".-'’")) return false;
    if (at < connector - 1 && has(token, Bit.first)) return true;
  }
  return false;
}

/** "University of Applied Sciences Lübeck", "Bundesministerium für Verkehr", "Hospital General de Ciudad Real". */
function bodyAround({ tokens, languages }: Reading, at: number, floor: number): Found | null {
  let from = at;
  while (from > floor && from > at - 6 && sameLine(tokens[from - 1]!, tokens[from]!) && isCapital(tokens[from - 1]) && !clauseStart.has(tokens[from - 1]!.text) && !has(tokens[from - 1], Bit.title) && tokens[from - 1]!.kind === "word") from -= 1;
  if (languages.size === 1 && languages.has("de")) from = Math.max(from, at - 2);
  let to = at + 1;
  for (let next = at + 1; next < tokens.length && next < at + 11; next++) {
    const token = tokens[next]!;
    if (!sameLine(tokens[next - 1]!, token)) break;
    if (has(token, Bit.title | Bit.label) && isCapital(token) && (isMark(tokens[next + 1], ".:") || !languages.has("es"))) break;
    if (token.kind === "word" && isCapital(token) && !clauseStart.has(token.text)) to = next + 1;
    else if (token.kind === "word" && joiners.has(token.text) && next + 1 < tokens.length) {
      if (/^(?:and|und|y|et)$/u.test(token.text) && to <= at + 1) break;
      if (token.text === "the" && tokens[next - 1]!.text !== "of" && tokens[next - 1]!.text !== "for") break;
    } else if (isMark(token, ".") && tokens[next - 1]!.text.length <= 2 && !token.spaced) continue;
    else break;
  }
  if (to - from < 2) return null;
  return { from, to, type: "ORGANIZATION", score: .7 };
}
