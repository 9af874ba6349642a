import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { type Core, extendAddress } from "./address-extent.ts";
import { type Found, isParticle, type Reading } from "./found.ts";

const germanStreet = /(?:stra(?:ß|ss)en?|str|weg|platz|allee|gasse|damm|ufer|chaussee|steig|ring|markt|graben|wall|berg|hof|stieg|twiete|promenade)$/iu;
const germanSure = /(?:stra(?:ß|ss)e|str|allee|gasse|chaussee)$/iu;
/** Kinds of streets and lines of production, which name no place. */
const genericStreet = /^(?:auto|haupt|seiten|neben|einbahn|land|bundes|wasser|produktions|fertigungs|montage|milch|seiden|meeres|umgehungs|zufahrts|durchgangs|wohn|geschafts|einkaufs|dorf|orts|kreis|stadt|schnell|ring|spiel|not|ausfall|einfall|wein|burgen|ski|panzer|prozess|verpackungs|abfull|wasch|lackier|walz|transfer|alpen|hoch|sack|pracht|quer|parallel|anlieger|privat|gemeinde|erschliessungs|asphalt|schotter|daten|seifen|zufuhr|muhl)/u;
const dutchStreet = /(?:straat|laan|plein|gatan|vägen|gade|vej|steenweg|katu|utca|gata|vegen|veien)$/iu;
const englishTypes = new Set(["street", "st", "road", "rd", "avenue", "ave", "av", "lane", "ln", "drive", "dr", "court", "ct", "boulevard", "blvd", "place", "pl", "square", "sq", "way", "close", "terrace", "crescent", "parkway", "pkwy", "highway", "hwy"]);
const sureRomance = new Set(["rue", "avenue", "av", "avda", "boulevard", "bd", "blvd", "calle", "chemin", "impasse", "quai", "faubourg", "c/", "avenida", "paseo", "carretera", "crta", "ctra", "travesia", "glorieta", "rambla", "urbanizacion", "poligono", "carrer", "allee", "ronda", "plaza", "via", "rua", "cours", "place", "passage", "route", "sentier", "square", "camino", "pza", "pl"]);
const needsNumber = new Set(["av", "cours", "place", "passage", "route", "sentier", "square", "camino", "via", "pl", "allee", "rua", "ronda", "plaza", "avenue", "boulevard", "bd", "blvd", "rambla", "glorieta", "carretera", "quai", "paseo"]);

/** Ends like a German, Dutch or northern street: "Lindenhof", "Molenstraat". */
export const isStreetWord = (word: string): boolean => germanStreet.test(word) || dutchStreet.test(word);

/** Rule 6: number + words + type; "Xstraße 12a"; "12 bis, rue …"; "C/ …, 12, 3º B"; PO box. Extended to the whole address. */
export function findStreets(reading: Reading): Found[] {
  const { tokens } = reading;
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const core = token.kind === "word" ? labelled(tokens, at) ?? german(reading, at) ?? english(reading, at) ?? romance(reading, at) ?? box(tokens, at) : null;
    if (!core) continue;
    const previous = found.at(-1);
    const whole = extendAddress(tokens, core);
    if (previous && whole.from < previous.to) previous.to = Math.max(previous.to, whole.to);
    else found.push({ ...whole, type: "ADDRESS", score: core.score });
    at = Math.max(at, whole.to - 1);
  }
  return [...found, ...found.flatMap((each) => lastLine(tokens, each.to) ?? [])].toSorted((a, b) => a.from - b.from);
}

/** Below a street, at most four lines on: a line that is a country and its postcode ("Marshall Islands 56293"). */
function lastLine(tokens: Token[], from: number): Found | null {
  let lines = 0;
  for (let at = from; at < from + 24 && at < tokens.length; at++) {
    if (tokens[at]!.kind === "break" && ++lines > 4) return null;
    const ends = at + 1 === tokens.length || tokens[at + 1]!.kind === "break";
    if (lines && ends && tokens[at]!.kind === "number" && /^\d{4,6}$/u.test(tokens[at]!.text) && has(tokens[at - 1], Bit.country)) return { from: at - 1, to: at + 1, type: "ADDRESS", score: .7 };
  }
  return null;
}

/** "Domicilio: …", "Anschrift: …": what stands on the rest of the line, when a number is in it. */
function labelled(tokens: Token[], at: number): Core | null {
  if (!/^(?:domicilio|direccion|anschrift|adresse|address|wohnhaft|domicile)$/u.test(tokens[at]!.fold) || !isMark(tokens[at + 1], ":")) return null;
  let to = at + 2;
  let numbered = false;
  for (; to < at + 20 && tokens[to] && sameLine(tokens[to - 1]!, tokens[to]!); to++) {
    const token = tokens[to]!;
    if (token.kind === "number") numbered = true;
    if (token.text === "." && (tokens[to + 1] === undefined || tokens[to + 1]!.kind === "break")) break;
    if (isMark(token, ";|@") || (isMark(tokens[to + 1], ":") && token.kind === "word")) break;
  }
  return numbered && to > at + 2 && tokens[at + 2]!.kind !== "break" ? { from: at + 2, to, score: .9 } : null;
}

/** House number at `at`: "12", "12a", "12-14", "12 bis"; its end, or `at`. */
export function houseNumber(tokens: Token[], at: number): number {
  if (tokens[at]?.kind !== "number" || tokens[at]!.text.length > 5 || tokens[at]!.text === "0") return at;
  let to = at + 1;
  if (isMark(tokens[to], "-–/") && tokens[to + 1]?.kind === "number") to += 2;
  const next = tokens[to];
  if (next?.kind === "word" && /^(?:[a-hA-H]|bis|ter|quater)$/u.test(next.text) && (!next.spaced || next.text.length > 1 || next.shape === "a")) to += 1;
  return to;
}

function german({ tokens }: Reading, at: number): Core | null {
  const token = tokens[at]!;
  const known = germanStreet.test(token.text) || dutchStreet.test(token.text);
  if (!known || /(?:STR|StR)$/u.test(token.text) || token.shape === "a" && !dutchStreet.test(token.text)) return null;
  const bare = /^(?:stra(?:ß|ss)e|str|platz|weg|allee|gasse|ring|damm|ufer|markt|berg|hof|wall|graben|promenade|steig)$/iu.test(token.text);
  let next = isMark(tokens[at + 1], ".") && !tokens[at + 1]!.spaced ? at + 2 : at + 1;
  let from = at;
  while (from > at - 3 && isStreetPart(tokens[from - 1], tokens[from]!)) from -= 1;
  // Courts shorten them: "K.-Straße", "L. Allee", "M … Straße".
  const short = isMark(tokens[from - 1], ".…") || tokens[from - 1]?.text === "..." ? tokens[from - 2] : undefined;
  if (short?.shape === "A" && sameLine(tokens[from - 1]!, tokens[from]!) && (bare || isMark(tokens[from], "-"))) from -= 2;
  else if (isMark(tokens[from], "-")) from += 1;
  if (bare && from === at) {
    // "Straße des 17. Juni 135"
    if (tokens[next]?.fold !== "des" && tokens[next]?.fold !== "der") return null;
    for (let far = next + 1; far < next + 6; far++) if (tokens[far]?.kind === "word" && isCapital(tokens[far]) && tokens[far + 1]?.kind === "number") return { from: at, to: houseNumber(tokens, far + 1), score: .85 };
    return null;
  }
  const number = tokens[next] && sameLine(tokens[next - 1]!, tokens[next]!) ? houseNumber(tokens, next) : next;
  if (number > next) return /^(?:bundes|auto|land|kreis)/u.test(token.fold) || germanSure.test(token.text) || !has(token, Bit.common) ? { from, to: number, score: .9 } : null;
  if (isMark(tokens[next], "…") || (isMark(tokens[next], ".") && tokens[next]!.text.length > 1)) return germanSure.test(token.text) ? { from, to: next + 1, score: .7 } : null;
  if (germanSure.test(token.text) && !has(token, Bit.common) && !genericStreet.test(token.fold) && (token.text.length > 7 || from < at)) return { from, to: at + 1, score: .56 };
  return null;
}

// "Berliner Straße", "A-Straße", "Karl-Marx-Allee" (one token), "Alte Landstraße", "L Straße".
const isStreetPart = (left: Token | undefined, right: Token): boolean => {
  if (!left || !sameLine(left, right)) return false;
  if (left.kind === "word" && (left.shape === "A" || (left.shape === "Aa" && (/(?:er|e|en)$/u.test(left.text) || !has(left, Bit.common)) && !/^(?:Der|Die|Das|Eine|Keine|Diese|Jede|In|An|Auf|Von|Zur|Ihre|Seine|Adresse|Anschrift|Unsere)$/u.test(left.text)))) return true;
  return isMark(left, "-") && !left.spaced && !right.spaced;
};

/** "221b Baker Street": the number first, up to four words, then the type. */
function english({ tokens, languages }: Reading, at: number): Core | null {
  const type = tokens[at]!;
  if (!englishTypes.has(type.fold) || !languages.has("en")) return null;
  if (/^(?:dr|st)$/u.test(type.fold) && isMark(tokens[at + 1], ".") && tokens[at + 2] && sameLine(tokens[at + 1]!, tokens[at + 2]!) && isCapital(tokens[at + 2])) return null;
  let from = at;
  let words = 0;
  while (from > 0 && words < 5) {
    const left = tokens[from - 1]!;
    if (!sameLine(left, tokens[from]!)) break;
    if (left.kind === "number") {
      const start = isMark(tokens[from - 2], "-") && tokens[from - 3]?.kind === "number" ? from - 3 : from - 1;
      if (!words || left.text.length > 6 || (!left.spaced && tokens[from - 2]?.kind === "word")) break;
      const dotted = isMark(tokens[at + 1], ".") && type.text.length <= 4;
      // "14 days a Way": the words between must be capitalised, or all in lower case with a full type word.
      return { from: start, to: dotted ? at + 2 : at + 1, score: .9 };
    }
    if (left.kind !== "word" && !isMark(left, ".'")) break;
    if (left.kind === "word") {
      if (!isCapital(left) && !(type.shape === "a" && type.text.length > 4 && !has(left, Bit.common)) && !/^(?:th|st|nd|rd|of|the|[a-d])$/u.test(left.text)) break;
      words += 1;
    }
    from -= 1;
  }
  // Without a number: "Baker Street", "Fifth Avenue" only with capitals.
  const name = tokens[at - 1];
  if (isCapital(type) && type.shape === "Aa" && /^(?:Street|Road|Avenue|Boulevard|Lane)$/u.test(type.text) && name?.kind === "word" && isCapital(name) && sameLine(name, type) && !has(name, Bit.common)) return { from: at - 1, to: at + 1, score: .4 };
  return null;
}

/** "12 bis, rue de la Paix", "Calle Carmen Romero, 23", "C/ Manuel Silvela nº 2". */
function romance({ tokens }: Reading, at: number): Core | null {
  const token = tokens[at]!;
  const slashed = (token.text === "C" || token.text === "c") && isMark(tokens[at + 1], "/") && !tokens[at + 1]!.spaced;
  if (!slashed && !sureRomance.has(token.fold)) return null;
  if (token.fold === "pl" && token.shape !== "Aa") return null;
  let from = at;
  if (tokens[at - 1] && sameLine(tokens[at - 1]!, token)) from = numberBefore(tokens, at);
  let to = slashed || (isMark(tokens[at + 1], ".") && !tokens[at + 1]!.spaced && token.text.length < 5) ? at + 2 : at + 1;
  let words = 0;
  const lower = token.shape === "a" && from < at;
  for (let next = to; next < at + 12 && next < tokens.length; next++) {
    const word = tokens[next]!;
    if (!sameLine(tokens[next - 1]!, word)) break;
    if (word.kind === "word" && (isCapital(word) || (lower && words < 3 && !has(word, Bit.common)))) {
      if (has(word, Bit.label) && isMark(tokens[next + 1], ":")) break;
      to = next + 1;
      words += 1;
      if (words > 6) break;
    } else if (word.kind === "word" && (isParticle(word) || /^(?:d'|l'|du|des|de|la|les|los|el|y|et|en|puente|concha)$/u.test(word.fold))) continue;
    else if (word.kind === "mark" && (word.text === "." && !word.spaced && tokens[next - 1]!.text.length < 5)) continue;
    else if (word.kind === "number" && word.text.length <= 2 && tokens[next + 1]?.kind === "word" && /^(?:de|mai|juin|juillet|novembre|septembre|août|mayo|abril|octubre|juni)$/u.test(tokens[next + 1]!.fold)) continue;
    else break;
  }
  // "AV normal es igual a 1": short for much else than a street.
  if ((isCapital(token) && (token.fold !== "av" || isMark(tokens[at + 1], "."))) || from < at) {
    const far = lowerToNumber(tokens, to);
    if (far > to) return { from, to: far, score: .8 };
  }
  if (!words) return null;
  const numbered = numberAfter(tokens, to);
  const sure = from < at || numbered > to;
  if (!sure && (needsNumber.has(token.fold) || (token.shape === "a" && token.fold !== "rue" && token.fold !== "calle"))) return null;
  return { from, to: Math.max(to, numbered), score: sure ? .9 : .55 };
}

/** "Calle puente cesures, 16": up to four words of any case, then a house number on the same line; its end, or `at`. */
function lowerToNumber(tokens: Token[], at: number): number {
  for (let next = at; next < at + 5 && tokens[next]; next++) {
    const token = tokens[next]!;
    if (!sameLine(tokens[next - 1]!, token)) return at;
    const end = numberAfter(tokens, next);
    if (end > next) return next > at ? end : at;
    if (token.kind !== "word" || token.text.length > 25) return at;
  }
  return at;
}

/** Start of "12 bis, " or "47-83 " before a street word. */
function numberBefore(tokens: Token[], at: number): number {
  let from = isMark(tokens[at - 1], ",") ? at - 1 : at;
  if (/^(?:bis|ter|[a-d])$/iu.test(tokens[from - 1]?.text ?? "")) from -= 1;
  if (tokens[from - 1]?.kind !== "number" || tokens[from - 1]!.text.length > 4) return at;
  from -= 1;
  return isMark(tokens[from - 1], "-–/") && tokens[from - 2]?.kind === "number" ? from - 2 : from;
}

/** End of ", nº 23", " 12", " s/n", ", Km 9,1" behind a street name, or `at`. */
function numberAfter(tokens: Token[], at: number): number {
  let to = isMark(tokens[at], ",-.") ? at + 1 : at;
  const start = tokens[to];
  if (!start || start.kind === "break") return at;
  if (/^s$/iu.test(start.text) && isMark(tokens[to + 1], "/") && /^n$/iu.test(tokens[to + 2]?.text ?? "")) return to + 3;
  while (to < at + 4 && (/^(?:n|nº|nro|num|numero|km|numéro|no)$/iu.test(tokens[to]?.text ?? "") || isMark(tokens[to], "º°."))) to += 1;
  const end = houseNumber(tokens, to);
  return end > to ? end : at;
}

/** "P.O. Box 101", "Postfach 12 34", "Apartado de Correos 20134", "BP 23", "Suite 286", "Apt. 305". */
function box(tokens: Token[], at: number): Core | null {
  const token = tokens[at]!;
  const next = isMark(tokens[at + 1], ".:") ? at + 2 : at + 1;
  // "artículo 5, apartado 2": a paragraph of a law.
  if (token.fold === "apartado" && (token.shape === "a" || (tokens[next]?.text.length ?? 0) < 3)) return tokens[at + 1]?.fold === "de" && tokens[at + 3]?.kind === "number" ? { from: at, to: at + 4, score: .9 } : null;
  if (/^(?:postfach|apartado|suite|apt|apartment|box|unit|flat)$/u.test(token.fold) && tokens[next]?.kind === "number" && sameLine(tokens[next - 1]!, tokens[next]!)) {
    const post = token.fold === "box" && isMark(tokens[at - 1], ".") ? Math.max(0, at - 4) : at;
    return { from: post, to: next + 1, score: .7 };
  }
  if (token.fold === "apartado" && tokens[at + 1]?.fold === "de" && tokens[at + 3]?.kind === "number") return { from: at, to: at + 4, score: .9 };
  return null;
}
