import { fold } from "../fold.ts";
import { legalForms } from "../names/organisations.ts";
import type { Token } from "../tokens.ts";
import { has } from "../tokens.ts";
import { Bit } from "../lists.ts";
import { isClear, type Piece } from "./piece.ts";
import type { OtherName } from "./other-names.ts";

export const plain = (name: string): string => name.replace(/\s+/gu, " ").trim();

/** A full stop behind a name may be the sentence's. */
const keyOf = (name: string): string => fold(name).replace(/\.$/u, "");

/** A company's name without its legal form: "Nordwind Energie AG" → "Nordwind Energie". */
export function coreOf(name: string): string {
  const words = plain(name).split(" ");
  while (words.length > 1 && (legalForms.has(words.at(-1)!.replace(/[.,]$/u, "")) || /^(?:&|Co\.?|e\.?|V\.|S\.[AL]\.(?:U\.)?|S\.?p\.?A\.?|KG|B\.V\.)$/u.test(words.at(-1)!)) && !/^(?:Group|Gruppe|Groupe|Grupo|Holding|Holdings|Company)$/u.test(words.at(-1)!)) words.pop();
  return words.join(" ").replace(/,$/u, "");
}

/**
 * Gives every piece the name that the document itself joins it to: a surname alone to the one full name with it, a
 * company without legal form to the one with, a short name in brackets to the long. Homonyms stay apart: a short form
 * that fits two long ones keeps its own name.
 */
export function nameAll(text: string, pieces: Piece[], others: OtherName[]): void {
  const surface = (piece: Piece): string => plain(text.slice(piece.start, piece.end));
  const persons = new Map<string, string>();
  const companies = new Map<string, string>();
  const short = new Map<string, Set<string>>();
  const long = new Map<string, string>();
  for (const piece of pieces) {
    const name = surface(piece);
    const key = keyOf(name);
    if (piece.type === "PERSON" && name.includes(" ") && !persons.has(key)) persons.set(key, name);
    if (piece.type === "ORGANIZATION") {
      const known = companies.get(key);
      // "NORDWIND ENERGIE AG" in a letter head is written plainly elsewhere.
      if (!known || (known === known.toUpperCase() && name !== name.toUpperCase())) companies.set(key, name);
    }
    const shown = long.get(`${piece.type}:${key}`);
    if (!shown || (shown === shown.toUpperCase() && name !== name.toUpperCase())) long.set(`${piece.type}:${key}`, name);
  }
  const add = (key: string, name: string): void => void short.set(key, (short.get(key) ?? new Set<string>()).add(name));
  for (const name of persons.values()) {
    const words = name.split(" ");
    add(`PERSON:${fold(words.at(-1)!)}`, name);
    add(`PERSON:${fold(words[0]!)}`, name);
    if (words.length > 2) add(`PERSON:${fold(`${words[0]} ${words.at(-1)}`)}`, name);
    if (words.length > 2) add(`PERSON:${fold(words.slice(-2).join(" "))}`, name);
    add(`PERSON:${fold(`${words[0]![0]}. ${words.at(-1)}`)}`, name);
    add(`PERSON:${fold(`${words.at(-1)} ${words[0]}`)}`, name);
    add(`PERSON:${fold(`${words.at(-1)}, ${words[0]}`)}`, name);
  }
  for (const name of companies.values()) {
    const core = coreOf(name);
    if (core !== name) add(`ORGANIZATION:${fold(core)}`, name);
    if (initialsOf(name)) add(`ORGANIZATION:${fold(initialsOf(name))}`, name);
  }
  for (const { name, other, type } of others) add(`${type}:${fold(other)}`, long.get(`${type}:${keyOf(plain(name))}`) ?? plain(name));
  for (const [key, name] of firstWordsOf([...companies.values()], counted(pieces, surface))) add(`ORGANIZATION:${key}`, name);
  for (const piece of pieces) {
    const name = surface(piece);
    const key = `${piece.type}:${keyOf(name)}`;
    const full = short.get(key);
    piece.name = full?.size === 1 && !(piece.type === "PERSON" && persons.has(fold(name)) && !/\.\s|,/u.test(name) && name.split(" ").length === [...full][0]!.split(" ").length && fold(name) !== fold([...full][0]!) && !reversed(name, [...full][0]!)) ? [...full][0]! : long.get(key) ?? name;
    if (piece.type === "ORGANIZATION") piece.name = piece.name.replace(/(?<=\s(?:Ltd|plc))\.$/u, "");
    const further = short.get(`${piece.type}:${keyOf(piece.name)}`);
    if (further?.size === 1) piece.name = [...further][0]!;
  }
}

/** "NSE" for "Northern Straits Energy plc"; only of three words or more. */
function initialsOf(name: string): string {
  const words = coreOf(name).split(" ").filter((word) => /^\p{Lu}/u.test(word));
  return words.length >= 3 && words.length < 7 ? words.map((word) => word[0]).join("") : "";
}

const reversed = (a: string, b: string): boolean => fold(a.replace(",", "")).split(" ").toReversed().join(" ") === fold(b);

function counted(pieces: Piece[], surface: (piece: Piece) => string): (name: string) => number {
  const counts = new Map<string, number>();
  for (const piece of pieces) {
    const core = fold(coreOf(surface(piece)));
    counts.set(core, (counts.get(core) ?? 0) + 1);
  }
  return (name) => counts.get(fold(coreOf(name))) ?? 0;
}

/** First words that one company of the document begins with, or of several the one named first and most. */
function firstWordsOf(names: string[], count: (name: string) => number): Map<string, string> {
  const cores = new Map<string, Set<string>>();
  const full = new Map<string, string>();
  for (const name of names) {
    const core = fold(coreOf(name));
    const first = core.split(" ")[0]!;
    if (first.length < 4 || core === first) continue;
    cores.set(first, (cores.get(first) ?? new Set<string>()).add(core));
    const known = full.get(first);
    if (!known || (coreOf(known) === known && coreOf(name) !== name && cores.get(first)!.size === 1)) full.set(first, name);
  }
  const most = (first: string): boolean => names.every((name) => fold(name).split(" ")[0] !== first || fold(coreOf(name)) === fold(coreOf(full.get(first)!)) || count(name) <= count(full.get(first)!));
  return new Map([...cores].filter(([first, each]) => each.size === 1 || most(first)).map(([first]) => [first, full.get(first)!]));
}

/** Mentions by a short form: "Nordwind Energie", "Nordwind", "NWE", "Weiss" where no rule saw a name. */
export function findShortForms(tokens: Token[], pieces: Piece[], others: OtherName[], text: string, taken: Uint8Array): Piece[] {
  const forms = new Map<string, { words: string[]; type: string }[]>();
  const add = (form: string, type: string): void => {
    const words = form.split(/\s+/u);
    const key = fold(words[0]!.replace(/[.,]$/u, ""));
    forms.set(key, [...(forms.get(key) ?? []), { words: words.map((word) => fold(word.replace(/[.,]$/u, ""))), type }]);
  };
  const seen = new Set<string>();
  const once = (form: string, type: string): void => {
    if (form.length > 1 && !seen.has(`${type}:${form}`)) add(form, type);
    seen.add(`${type}:${form}`);
  };
  const companies = [...new Set(pieces.filter((each) => each.type === "ORGANIZATION").map((each) => plain(text.slice(each.start, each.end))))];
  for (const name of companies) {
    once(name, "ORGANIZATION");
    if (coreOf(name) !== name) once(coreOf(name), "ORGANIZATION");
    if (initialsOf(name)) once(initialsOf(name), "ORGANIZATION");
  }
  for (const first of firstWordsOf(companies.filter((each) => coreOf(each) !== each), (name) => (name === companies.find((each) => fold(each).split(" ")[0] === fold(name).split(" ")[0]) ? 1 : 0)).keys()) once(first, "ORGANIZATION");
  for (const { other, type } of others) once(other, type);
  for (const piece of pieces) if (piece.type === "PRODUCT" && piece.confidence >= .7) once(plain(text.slice(piece.start, piece.end)), "PRODUCT");
  const found: Piece[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind !== "word" || token.shape === "a" || taken[token.start]) continue;
    const choices = forms.get(token.fold);
    if (!choices) continue;
    const best = choices.flatMap((form) => {
      const last = matchWords(tokens, at, form.words);
      return last ? [{ form, last }] : [];
    }).toSorted((a, b) => b.last - a.last)[0];
    if (!best) continue;
    const piece: Piece = { start: token.start, end: tokens[best.last - 1]!.end, type: best.form.type, confidence: .75 };
    const next = tokens[best.last];
    if (best.form.words.length === 1 && has(token, Bit.common) && !others.some((each) => each.other === token.text)) continue;
    if (best.form.words.length === 1 && next && next.start - piece.end === 1 && (next.kind === "number" || (next.kind === "word" && next.shape !== "a" && next.spaced))) continue;
    if (isClear(taken, piece)) {
      found.push(piece);
      taken.fill(1, piece.start, piece.end);
    }
  }
  return found;
}

/** Index behind the words of a form that stand at `at`, or 0. Marks between ("&", "-", ".") are passed over. */
function matchWords(tokens: Token[], at: number, words: string[]): number {
  let next = at;
  for (const word of words) {
    if (/^[^\p{L}\p{N}]+$/u.test(word)) continue;
    for (let guard = 0; next > at && tokens[next]?.kind === "mark" && guard < 2; guard++) next += 1;
    const token = tokens[next];
    if (!token || (token.kind !== "word" && token.kind !== "number")) return 0;
    if (token.fold === word) next += 1;
    else {
      // "BP-220", "LensPro" + number: a written word may be several tokens.
      let joined = token.fold;
      let far = next + 1;
      while (joined.length < word.length && tokens[far] && !tokens[far]!.spaced) joined += tokens[far++]!.fold || tokens[far - 1]!.text;
      if (joined !== word) return 0;
      next = far;
    }
  }
  return next;
}
