import { Bit } from "../lists.ts";
import { has, isCapital, isMark, type Token } from "../tokens.ts";
import type { Found, Reading } from "./found.ts";
import { isStreetWord } from "./streets.ts";

/** Glued to a word by one of these, it is part of an address, a key or a path. */
const glue = "@_/\\=#~";

const articles = new Set("the a an this that each every our der die das den dem des ein eine einen einem einer le la les un une des du au el los las una del al lo".split(" "));

/** What stands right after one of these is called so, and is no person. */
const thingNouns = new Set(
  "software system program programme platform tool server model vessel ship project product browser database service protocol module app application library package framework engine device machine brand label company firm programm plattform werkzeug modell schiff projekt produkt datenbank dienst protokoll bibliothek gerat maschine marke firma wirkstoff typ logiciel systeme outil serveur modele navire projet produit navigateur base protocole appareil marque societe sistema programa plataforma herramienta servidor modelo buque proyecto producto navegador servicio protocolo modulo aplicacion empresa marca".split(" "),
);

/** Unlisted capitalised words, folded, that a text uses like the name of a product, ship or company. */
export interface Things {
  /** With an article or a number somewhere, or in an organisation's name. */
  all: ReadonlySet<string>;
  /** With an article somewhere. */
  articled: ReadonlySet<string>;
}

export function thingsOf(tokens: readonly Token[], organisations: readonly Found[]): Things {
  const things = new Set<string>();
  const articled = new Set<string>();
  for (const { from, to } of organisations) for (const token of tokens.slice(from, to)) if (isCapital(token) && !has(token, Bit.first | Bit.last)) things.add(token.fold);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (!isCapital(token) || has(token, Bit.first | Bit.last)) continue;
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (before?.kind === "word" && articles.has(before.fold) && token.spaced) articled.add(token.fold);
    if (articled.has(token.fold) || after?.kind === "number" || isMark(before, "`[") || isMark(after, "`]")) things.add(token.fold);
  }
  return { all: things, articled };
}

/** Whether what the trained model alone proposes may be personal: it has seen little code, few tables and no JSON. */
export function isPlausible(reading: Reading, found: Found, things: Things): boolean {
  const { tokens } = reading;
  if (isGlued(tokens, found)) return false;
  if (found.type === "PERSON") return mayBePerson(reading, found, things);
  return found.type !== "ADDRESS" || mayBeStreet(tokens, found, things);
}

function isGlued(tokens: Token[], { from, to }: Found): boolean {
  const [before, after] = [tokens[from - 1], tokens[to]];
  return (before !== undefined && !tokens[from]!.spaced && isMark(before, glue)) || (after !== undefined && !after.spaced && (isMark(after, `${glue}(+`) || after.kind === "number"));
}

/** The less the lists know of a lone word, the surer the model has to be. */
function mayBePerson({ tokens, languages }: Reading, { from, to, score }: Found, things: Things): boolean {
  const words = tokens.slice(from, to).filter((each) => each.kind === "word");
  // "The stone bridge" has its capital from the beginning of the sentence.
  const capitals = words.filter((each, place) => isCapital(each) && !(place === 0 && articles.has(each.fold)));
  if (!words.length || words.some((each) => has(each, Bit.legalForm) && each.text.length > 2 && !has(each, Bit.last))) return false;
  const listed = words.filter((each) => has(each, Bit.first | Bit.last) && !has(each, Bit.common | Bit.role));
  if (!capitals.length) return score > (words.length > 1 ? .6 : .75) && listed.length > 0 && !words.some((each) => has(each, Bit.common | Bit.role));
  if (words.every((each) => has(each, Bit.place | Bit.country))) return score > .9 && words.length === 1 ? !has(words[0], Bit.famousPlace) : words.length > 1 && has(words[0], Bit.first) && score > .8;
  if (!listed.length && words.every((each) => things.all.has(each.fold) || has(each, Bit.common) || articles.has(each.fold))) return false;
  if (!listed.length && thingNouns.has(tokens[from - 1]?.fold ?? "")) return false;
  // A full stop belongs to an initial or a short form.
  if (tokens.slice(from, to - 1).some((each, at) => each.text === "." && (tokens[from + at - 1]?.text.length ?? 0) > 4)) return false;
  if (words.length > 1) return score > (listed.length ? .45 : .6);
  const [word] = words as [Token];
  const german = languages.size === 1 && languages.has("de");
  if (word.shape === "A" && german) return score > .6;
  if (/^(?:\p{Lu}[\p{Lu}\d-]{0,5}|\p{L}{1,2})$/u.test(word.text) && !listed.length) return false;
  if (has(word, Bit.organisation | Bit.calendar | Bit.label | Bit.street | Bit.role | Bit.title)) return false;
  if (listed.length) return score > .6;
  return inProse(tokens, from) && score > (has(word, Bit.common) ? .9 : .6);
}

/** At least three small words on the same line: running text, not a table or a program. */
function inProse(tokens: Token[], at: number): boolean {
  let small = 0;
  let signs = 0;
  let from = at;
  while (from > 0 && from > at - 12 && tokens[from - 1]!.kind !== "break") from -= 1;
  for (let next = from; next < at + 12 && next < tokens.length && tokens[next]!.kind !== "break"; next++) {
    if (tokens[next]!.kind === "word" && tokens[next]!.shape === "a" && tokens[next]!.text.length > 1) small += 1;
    if (isMark(tokens[next], "{}[]<>=;|_\"\\")) signs += 1;
  }
  return small >= 3 && signs < 3;
}

function mayBeStreet(tokens: Token[], { from, to, score }: Found, things: Things): boolean {
  const part = tokens.slice(from, to);
  if (score < .5 || part.some((each) => isMark(each, "@_={}\"<>[]|"))) return false;
  const number = part.findIndex((each) => each.kind === "number" && each.text.length <= 5);
  const words = part.filter((each) => each.kind === "word");
  const word = words.some((each) => each.text.length > 2 && (isCapital(each) || has(each, Bit.street)));
  // "Scotland 18", "Brittany 11 units": counts of places.
  if (words.every((each) => has(each, Bit.place | Bit.country) || (each.shape === "a" && !has(each, Bit.street | Bit.particle))) && !part.some((each) => each.kind === "number" && each.text.length === 5)) return false;
  const typed = words.some((each) => has(each, Bit.street) || isStreetWord(each.text));
  if (number < 0) return word && score > .8 && words.some((each) => has(each, Bit.street));
  const glued = (each: Token, at: number): boolean => each.kind === "number" && !each.spaced && part[at - 1]?.kind === "word";
  if (part.some(glued) || !(word || score > .9)) return false;
  // "Kittiwake 90", "Falcon 9": a word and a number name a product too, unless it lies somewhere.
  if (typed || words.length > 2 || (number === 0 && words.length > 1)) return true;
  return !words.some((each) => things.articled.has(each.fold)) && !thingNouns.has(tokens[from - 1]?.fold ?? "") && isPlaced(tokens, from, to);
}

/** A place, a postcode or the end of its line behind it, or the start of a line before it. */
function isPlaced(tokens: Token[], from: number, to: number): boolean {
  const inside = tokens.slice(from, to);
  if (inside.some((each) => (each.kind === "number" && each.text.length === 5) || has(each, Bit.place | Bit.country)) && inside.length > 2) return true;
  const behind = isMark(tokens[to], ",.") || tokens[to]?.kind === "break" ? tokens[to + 1] : tokens[to];
  if ((behind?.kind === "number" && behind.text.length > 3) || (isCapital(behind) && has(behind, Bit.place | Bit.country))) return true;
  return addressWords.has(tokens[from - 1]?.fold ?? "") || addressWords.has(tokens[from - 2]?.fold ?? "");
}

const addressWords = new Set("at address adresse anschrift wohnhaft wohnt wohne habite demeurant domicilie domiciliee domicilio vive lives living reside direccion office residence".split(" "));
