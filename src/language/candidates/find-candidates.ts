import { fold } from "../fold.ts";
import { identify } from "../identify.ts";
import type { Candidate, Span } from "../language.ts";
import { Bit, type Lists } from "../lists.ts";
import { readNames, type Recogniser } from "../names/find-names.ts";
import { sentences } from "../sentences.ts";
import { has, type Token, tokenise } from "../tokens.ts";
import { findDates } from "./dates.ts";
import { cut, saidOf } from "./descriptions.ts";
import { findDocuments } from "./documents.ts";
import { findOtherNames } from "./other-names.ts";
import { isClear, type Piece, withoutOverlaps } from "./piece.ts";
import { findProducts } from "./products.ts";
import { definition, findProperNames, findQuoted } from "./proper-names.ts";
import { findQuantities } from "./quantities.ts";
import { findRegulations } from "./regulations.ts";
import { findShortNames, findTerms } from "./terms.ts";
import { findShortForms, nameAll, plain } from "./variants.ts";

/** Entities proposed without a model, read over the whole text as one document; in order of place, never overlapping. */
export function findCandidates(text: string, known: string | null, context: { headings: string[]; title: string }, lists: Lists, recogniser?: Recogniser): Candidate[] {
  const language = known ?? identify(text);
  const tokens = tokenise(text, lists);
  const spans = sentences(text);
  const sentenceAt = lookUp(spans);
  const { strong, weak } = namePieces(text, tokens, language, lists);
  weak.push(...findShortNames(text));
  const companies = new Set(strong.filter((each) => each.type === "ORGANIZATION" && each.confidence >= .9).map((each) => fold(text.slice(each.start, each.end)).split(" ")[0]!));
  const patterned = withoutOverlaps(text.length, [
    strong.filter((each) => each.confidence >= .85),
    [...findRegulations(text), ...findDates(text), ...findQuantities(text, sentenceAt), ...findDocuments(text)],
    strong.filter((each) => each.confidence < .85),
    findProducts(text, lists, (word) => companies.has(fold(word))),
    findTerms(text, language),
  ]);
  const held = new Uint8Array(text.length);
  const hold = (pieces: Piece[]): Piece[] => {
    const free = pieces.filter((each) => isClear(held, each));
    for (const each of free) held.fill(1, each.start, each.end);
    return free;
  };
  const pieces = hold(patterned);
  const given = findOtherNames(text, pieces);
  pieces.push(...hold(given.map(({ start, end, type }) => ({ start, end, type, confidence: .8 }))));
  pieces.push(...hold(findQuoted(text, held)));
  pieces.push(...findShortForms(tokens, pieces, given, text, held));
  pieces.push(...hold(findProperNames({ text, tokens, language, held, weak: new Map(weak.map((each) => [each.start, each])), companies, places: new Set(weak.filter((each) => each.type === "LOCATION").map((each) => each.end)), persons: new Set(strong.filter((each) => each.type === "PERSON").map((each) => each.start)) })));
  pieces.push(...hold(weak));
  if (recogniser) pieces.push(...hold(learntPieces(tokens, language, recogniser, held)));
  const others = findOtherNames(text, pieces);
  pieces.push(...hold(others.map(({ start, end, type }) => ({ start, end, type, confidence: .8 }))));
  pieces.push(...findShortForms(tokens, pieces, others, text, held));
  const kept = pieces.toSorted((a, b) => a.start - b.start);
  for (const piece of kept) {
    if (!["PERSON", "LOCATION", "CONCEPT", "ORGANIZATION"].includes(piece.type) || (piece.type === "ORGANIZATION" && piece.confidence >= .9)) continue;
    // What the text says it is outweighs what it looks like.
    const defined = definition(text, piece.end);
    if (defined && defined !== piece.type) Object.assign(piece, { type: defined, confidence: .96 });
  }
  settleTypes(text, kept, others.map((each) => each.other));
  nameAll(text, kept, others);
  return describe(text, kept, spans, sentenceAt, [context.title, ...context.headings]);
}

const demonym = /(?:ian|ean|ish|ese|ican|isch|ische[rnms]?|Tamil|French|Dutch|Greek|Czech|Swiss)$/u;

/** Names as pieces; a lone name or place is weak: a longer run of capitalised words may hold it. */
function namePieces(text: string, tokens: Token[], language: string | null, lists: Lists): { strong: Piece[]; weak: Piece[] } {
  const strong: Piece[] = [];
  const weak: Piece[] = [];
  for (const { from, to, type, score } of readNames(text, tokens, language, lists)) {
    // Initials made by courts are personal data, but name nobody one could find again.
    if (type === "PERSON" && (score < .5 || tokens.slice(from, to).every((each) => each.shape === "A" || each.kind === "mark"))) continue;
    const piece: Piece = { start: tokens[from]!.start, end: tokens[to - 1]!.end, type: type === "ADDRESS" ? "LOCATION" : type, confidence: score };
    const single = to - from === 1;
    const article = language !== "de" && tokens[from - 1]?.fold === "the" && type === "PERSON";
    // "the Dallas Cowboys": no person has an article; many of them are a team.
    if (article && single) continue;
    if (article) {
      weak.push({ ...piece, type: tokens[to - 1]!.text.endsWith("s") ? "ORGANIZATION" : "CONCEPT", confidence: .6 });
      continue;
    }
    if (type === "PERSON" && to - from === 2 && has(tokens[from], Bit.place) && tokens[to - 1]!.bits === 0 && score < .95 && tokens[to - 1]!.text.endsWith("s")) {
      weak.push({ ...piece, confidence: .5 });
      continue;
    }
    if (type === "LOCATION" && single && demonym.test(tokens[from]!.text) && tokens[to]?.shape === "a" && tokens[to]!.kind === "word") continue;
    if (type === "ADDRESS" && (score < .7 || !/\d/u.test(text.slice(piece.start, piece.end)))) continue;
    if (type === "ADDRESS") piece.confidence = .7;
    // A lone listed surname in a table or list is as often a plain word ("Price").
    if (type === "PERSON" && single && score < .7 && (has(tokens[from], Bit.place) || !has(tokens[from], Bit.first) || tokens[from - 1]?.text === "|")) continue;
    (type === "LOCATION" || (single && score < .8) ? weak : strong).push(piece);
  }
  return { strong, weak };
}

/** What the trained model alone sees: only where no rule found anything, and only what looks like a name by itself. */
function learntPieces(tokens: Token[], language: string | null, recogniser: Recogniser, held: Uint8Array): Piece[] {
  return recogniser(tokens, language).flatMap(({ from, to, type }) => {
    const words = tokens.slice(from, to).filter((each) => each.kind === "word");
    const piece: Piece = { start: tokens[from]!.start, end: tokens[to - 1]!.end, type, confidence: .5 };
    const named = type !== "ADDRESS" && words.length >= 2 && words.every((each) => each.shape === "Aa" || has(each, Bit.particle)) && words.some((each) => has(each, Bit.first | Bit.last)) && !words.some((each) => has(each, Bit.common | Bit.role | Bit.place | Bit.organisation | Bit.legalForm | Bit.calendar));
    return named && isClear(held, piece) ? [piece] : [];
  });
}

/** One name has one type in a document: what most and surest mentions say. */
function settleTypes(text: string, pieces: Piece[], others: string[]): void {
  const votes = new Map<string, Map<string, number>>();
  for (const piece of pieces) {
    const key = fold(text.slice(piece.start, piece.end));
    const types = votes.get(key) ?? new Map<string, number>();
    types.set(piece.type, Math.max(types.get(piece.type) ?? 0, piece.confidence));
    votes.set(key, types);
  }
  for (const other of others) votes.delete(fold(other));
  // "Chester" may be the town that was spoken of and Lynn Chester: each mention keeps what stands around it.
  for (const piece of pieces) if (piece.type === "PERSON") votes.delete(fold(/\s(\S+)$/u.exec(text.slice(piece.start, piece.end))?.[1] ?? ""));
  for (const piece of pieces) {
    const types = votes.get(fold(text.slice(piece.start, piece.end)));
    if (types && types.size > 1) piece.type = [...types].toSorted((a, b) => b[1] - a[1])[0]![0];
  }
}

function describe(text: string, pieces: Piece[], spans: Span[], sentenceAt: (offset: number) => number, headings: string[]): Candidate[] {
  const known = new Map<string, { description: string; aliases: Set<string>; said: boolean }>();
  const about = new Set(headings.map(fold));
  for (const piece of pieces) {
    const key = `${piece.type}:${piece.name}`;
    const entry = known.get(key) ?? { description: "", aliases: new Set<string>(), said: false };
    const surface = plain(text.slice(piece.start, piece.end));
    if (surface !== piece.name && !isInflected(surface, piece.name!)) entry.aliases.add(surface);
    const said = entry.said ? "" : saidOf(text, piece);
    if (said) Object.assign(entry, { description: said, said: true });
    else if (!entry.description) {
      const sentence = spans[sentenceAt(piece.start)];
      const whole = sentence ? cut(text.slice(sentence.start, sentence.end)) : "";
      if (whole.length > piece.name!.length + 12) entry.description = whole;
    }
    known.set(key, entry);
  }
  return pieces.map((piece) => {
    const entry = known.get(`${piece.type}:${piece.name}`)!;
    const confidence = about.has(fold(piece.name!)) ? Math.min(1, piece.confidence + .15) : piece.confidence;
    return { start: piece.start, end: piece.end, name: piece.name!, type: piece.type, description: entry.description, aliases: [...entry.aliases], confidence };
  });
}

const isInflected = (surface: string, name: string): boolean => fold(surface) === fold(name);

/** Index of the sentence that holds an offset. */
function lookUp(spans: Span[]): (offset: number) => number {
  return (offset) => {
    let low = 0;
    let high = spans.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (spans[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
