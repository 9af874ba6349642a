import { Bit, loadPlaces } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import type { Found, Reading } from "./found.ts";

const before = new Set(["in", "near", "from", "to", "at", "aus", "nach", "bei", "à", "a", "en", "desde", "hacia", "sur", "bis", "ab", "vers", "around", "outside", "across", "entre", "between"]);
const weakBefore = new Set(["de", "of", "von", "the", "la", "le", "les", "el", "los", "du", "des", "aux", "au", "und", "and", "y", "et"]);

/** Towns and countries of the gazetteer, with a capital and something around them that says so. */
export function findPlaces({ tokens, languages }: Reading, taken: Uint8Array): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (taken[at] || !isCapital(token) || token.shape === "A" || has(token, Bit.role | Bit.calendar | Bit.legalForm | Bit.organisation | Bit.title | Bit.street)) continue;
    const to = placeEnd(tokens, at, taken);
    const country = has(token, Bit.country);
    const place = has(token, Bit.place);
    if (!country && !place) continue;
    if (has(token, Bit.common) && !country) continue;
    const previous = tokens[at - 1];
    const near = previous && sameLine(previous, token) ? previous.text.toLowerCase() : "";
    const german = languages.has("de") && languages.size === 1;
    let score = 0;
    if (country && !has(token, Bit.common | Bit.first)) score = .85;
    else if (before.has(near)) score = place || country ? .8 : 0;
    else if (previous?.kind === "number" && (previous.text.length === 5 || previous.text.length === 4) && near) score = .75;
    else if (place && !has(token, Bit.first) && (weakBefore.has(near) || isMark(previous, ",(")) && !(german && has(token, Bit.last))) score = .55;
    else if (place && !has(token, Bit.first | Bit.last)) score = .5;
    if (score) {
      found.push({ from: at, to, type: "LOCATION", score });
      at = to - 1;
    }
  }
  return found;
}

/** "Ciudad Real", "Marshall Islands": listed parts that follow at once; "Frankfurt am Main". */
function placeEnd(tokens: Token[], at: number, taken: Uint8Array): number {
  let to = at + 1;
  if (/^(?:am|an|upon|sur|bei|de|del)$/u.test(tokens[to]?.text ?? "") && tokens[to + 1] && isCapital(tokens[to + 1]) && has(tokens[to + 1], Bit.place) && !taken[to + 1] && /^(?:am|upon|sur)$/u.test(tokens[to]!.text)) return to + 2;
  while (to < at + 4 && tokens[to] && !taken[to] && sameLine(tokens[to - 1]!, tokens[to]!) && isCapital(tokens[to]) && tokens[to]!.spaced && has(tokens[to], Bit.place | Bit.country) && !has(tokens[to], Bit.common | Bit.role | Bit.calendar)) to += 1;
  return to;
}

const placeLabels = new Set(["localidad", "provincia", "pais", "ville", "ort", "wohnort", "stadt", "city", "town", "country", "lugar", "lieu", "land", "municipio", "poblacion"]);

/** Behind a label ("Provincia: Sevilla") or a postcode ("20009 San Sebastián"): a place, though it be a name too. */
export function findCertainPlaces({ tokens }: Reading, taken: Uint8Array): Found[] {
  const found: Found[] = [];
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (taken[at] || !isCapital(token) || token.shape === "A" || !sameLine(tokens[at - 1]!, token)) continue;
    const previous = tokens[at - 1]!;
    const labelled = isMark(previous, ":") && placeLabels.has(tokens[at - 2]?.fold ?? "");
    const postcode = previous.kind === "number" && previous.text.length === 5 && has(token, Bit.place);
    if (!labelled && !postcode) continue;
    let to = at + 1;
    while (to < at + 5 && goesOn(tokens, to, labelled)) to += 1;
    while (!isCapital(tokens[to - 1])) to -= 1;
    found.push({ from: at, to, type: "LOCATION", score: .85 });
    at = to - 1;
  }
  return found;
}

/** Whether the place name goes on at `at`; behind a mere postcode its words must be listed. */
function goesOn(tokens: Token[], at: number, labelled: boolean): boolean {
  const token = tokens[at];
  if (!token || token.kind !== "word" || !sameLine(tokens[at - 1]!, token)) return false;
  return isCapital(token) ? labelled || has(token, Bit.place) : /^(?:de|del|la|el|am|an|sur|of)$/u.test(token.text);
}

let openings: Map<string, string[]> | undefined;

/** "Hong Kong", "North Carolina": listed names of several words, which are no first name and surname. */
export function findPlacePhrases({ tokens }: Reading, taken: Uint8Array): Found[] {
  openings ??= Map.groupBy([...loadPlaces().keys()].filter((name) => name.includes(" ")).toSorted((a, b) => b.length - a.length), (name) => name.slice(0, name.indexOf(" ")));
  const found: Found[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (!isCapital(tokens[at])) continue;
    for (const name of openings.get(tokens[at]!.fold) ?? []) {
      const words = name.split(" ");
      const to = at + words.length;
      if (words.some((word, index) => tokens[at + index]?.fold !== word || taken[at + index]) || !isCapital(tokens[to - 1])) continue;
      found.push({ from: at, to, type: "LOCATION", score: .85 });
      at = to - 1;
      break;
    }
  }
  return found;
}
