import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { definingNouns, firstWords, lastWords, lexicon } from "./heads.ts";
import { isClear, matches, type Piece } from "./piece.ts";

const byLast = lexicon(lastWords);
const byFirst = lexicon(firstWords);
const byNoun = lexicon(definingNouns);
const joiners = new Set(["of", "the", "for", "de", "du", "del", "des", "la", "le", "di", "da", "van", "von", "der", "den", "y", "al", "el", "d'", "l'", "to", "in", "on", "a"]);
const openers = new Set(
  "the a an in on at by for from with to of and or but as if when while after before during since until this that these those it its he she they we you i his her their our your my there here what who which where how why both some many most other another one two three all each no not also however although because despite unlike under over between among than then le la les un une des du dans en sur pour par avec il elle ce cette ses son sa el los las una de del con por para su sus se al lo y e o der die das den dem des ein eine einer im am zum zur bei mit von nach aus auf für und oder aber als wenn wie er sie es wir ihr sein seine ihre dieser diese dieses".split(" "),
);
const quoted = /["“„«](?<name>[\p{Lu}\d][^"“”„«»\n]{1,70}?)[,]?["”“»]/gdu;
const imperatives = new Set("have tell ask let make send give get see keep fit check order call please test use add move put set start stop write read note new".split(" "));
const units = new Set(["eur", "usd", "gbp", "chf", "id", "vat", "iban", "bic", "pdf", "faq", "ceo", "cfo", "cto", "tba", "tbd", "asap", "fyi", "nda"]);
const roles = Bit.role | Bit.calendar | Bit.title | Bit.label | Bit.kin;

export interface Surroundings {
  text: string;
  tokens: Token[];
  language: string | null;
  /** Characters that stronger rules hold. */
  held: Uint8Array;
  /** Weak pieces by their start: a lone place or name, which a longer run may swallow. */
  weak: Map<number, Piece>;
  /** Folded first words of the companies of this text. */
  companies: Set<string>;
  /** Ends of places read so far: "Stromness, Orkney". */
  places: Set<number>;
  /** Starts of sure persons: "HHS Secretary" stands before one. */
  persons: Set<number>;
}

/** Titles in quotation marks: works, films, songs, defined terms. */
export function findQuoted(text: string, held: Uint8Array): Piece[] {
  return matches(text, quoted, "CONCEPT", .6).filter((each) => isClear(held, each) && !/[.!?:;]$|^\d+$|^\p{Lu}\p{Ll}+ed\s/u.test(text.slice(each.start, each.end)) && text.slice(each.start, each.end).split(" ").length <= 9 && (text.slice(each.start, each.end).match(/\p{Lu}/gu)?.length ?? 0) * 3 >= text.slice(each.start, each.end).split(" ").length);
}

/** Runs of capitalised words: named things of every kind, typed by their head, their definition or the noun beside them. */
export function findProperNames(around: Surroundings): Piece[] {
  const { tokens, language } = around;
  const german = language === "de";
  const pieces: Piece[] = [];
  const inside = insideWords(tokens);
  for (let at = 0; at < tokens.length; ) {
    const run = readRun(around, at);
    if (!run) {
      at += 1;
      continue;
    }
    at = run.to;
    const piece = typed(around, run.from, run.to, inside, german);
    if (!piece) continue;
    pieces.push(piece);
    if (piece.type === "LOCATION") around.places.add(piece.end);
  }
  return pieces;
}

/** Folded words that stand capitalised inside a sentence somewhere: at a sentence's start they are names too. */
function insideWords(tokens: Token[]): Set<string> {
  const inside = new Set(tokens.filter((token, at) => isCapital(token) && !atStart(tokens, at)).map((token) => token.fold));
  // What is written in lower case as well is a plain word.
  for (const token of tokens) if (token.kind === "word" && token.shape === "a") inside.delete(token.fold);
  return inside;
}

const atStart = (tokens: Token[], at: number): boolean => at === 0 || tokens[at - 1]!.kind === "break" || isMark(tokens[at - 1], ".!?:|•*#-–\"“„>") || tokens[at - 1]!.kind === "number" || (tokens[at - 1]!.text === "," && !tokens[at]!.spaced);

function readRun({ tokens, held, language }: Surroundings, at: number): { from: number; to: number } | null {
  const usable = (token: Token | undefined): boolean => isCapital(token) && token !== undefined && !held[token.start] && token.text.length < 40;
  if (!usable(tokens[at])) return null;
  let to = at + 1;
  for (let next = at + 1; next < tokens.length && next < at + 12; ) {
    const token = tokens[next]!;
    if (!sameLine(tokens[next - 1]!, token)) break;
    if (usable(token)) next += 1;
    else if (token.kind === "number" && token.spaced && token.text.length < 5 && !held[token.start]) next += 1;
    else if (token.text === "&" && usable(tokens[next + 1])) next += 2;
    // "California's Sierra Nevada" are two places; "McDonald's House" is one name.
    else if (token.text === "'s" && usable(tokens[next + 1]) && language === "en" && !(has(tokens[next - 1], Bit.place | Bit.country) && !has(tokens[next - 1], Bit.first | Bit.last))) next += 2;
    else if ((token.text === "-" || token.text === "–") && !token.spaced && usable(tokens[next + 1]) && !tokens[next + 1]!.spaced) next += 2;
    else if (token.kind === "word" && joiners.has(token.text) && !(language === "en" && /^(?:to|in|on|a)$/u.test(token.text) && !usable(tokens[next + 1]))) {
      if (language === "en" && /^(?:to|in|on|a|y)$/u.test(token.text)) break;
      let far = next + 1;
      if (tokens[far]?.kind === "word" && joiners.has(tokens[far]!.text)) far += 1;
      if (!usable(tokens[far]) || has(tokens[far], Bit.calendar) || (language === "es" || language === "fr") && /^(?:en|a|y|el|la|le|in|on|to)$/u.test(token.text)) break;
      next = far + 1;
    } else break;
    to = next;
  }
  let from = at;
  while (from < to && ((openers.has(tokens[from]!.fold) && tokens[from]!.shape !== "AA") || tokens[from]!.kind !== "word" || joiners.has(tokens[from]!.text))) from += 1;
  while (from < to - 1 && atStart(tokens, from) && (imperatives.has(tokens[from]!.fold) || (has(tokens[from], Bit.common) && !isCapital(tokens[from + 1])))) from += 1;
  while (to > from && (joiners.has(tokens[to - 1]!.text) || tokens[to - 1]!.kind === "mark" || (has(tokens[to - 1], Bit.calendar) && to - from > 1))) to -= 1;
  if (to - from > 1 && tokens[to - 1]!.kind === "number" && !/^\d{1,4}$/u.test(tokens[to - 1]!.text)) to -= 1;
  return { from, to: Math.max(to, at + 1) > from ? Math.max(from, to) : at + 1 };
}

const postWord = /^(?:president|chair|chairman|chairwoman|chairperson|secretary|director|minister|chancellor|governor|commissioner|spokesman|spokeswoman|spokesperson|ceo|cfo|cto|manager|mayor|judge|ambassador|professor|coach|editor|officer|investigator|inspector|engineer|executive|employee|analyst|correspondent|reporter)$/u;

function typed(around: Surroundings, from: number, end: number, inside: Set<string>, german: boolean): Piece | null {
  // "HHS Secretary Louis Sullivan": the post in front of a person is no part of the body's name.
  let to = end;
  while (to - from > 1 && around.persons.has(around.tokens[end]?.start ?? -1) && postWord.test(around.tokens[to - 1]!.fold)) to -= 1;
  const found = typedRun(around, from, to, inside, german);
  if (found?.type !== "CONCEPT" || german) return found;
  return to < end || isEmployer(around, from, end) ? { ...found, type: "ORGANIZATION" } : found;
}

/** "Rotary Club president", "spokesman for CH2M Hill": only a body has such people. */
function isEmployer({ tokens }: Surroundings, from: number, to: number): boolean {
  const next = tokens[to];
  if (next && next.shape === "a" && postWord.test(next.fold) && sameLine(tokens[to - 1]!, next)) return true;
  const of = tokens[from - 1]?.fold === "the" ? from - 2 : from - 1;
  return /^(?:for|of|at)$/u.test(tokens[of]?.text ?? "") && /^(?:spokesman|spokeswoman|spokesperson|chairman|chairwoman|chair|president|executive|ceo|cfo|employee|employees|subsidiary|shareholder|division)$/u.test(tokens[of - 1]?.fold ?? "") && sameLine(tokens[of]!, tokens[from]!);
}

function typedRun(around: Surroundings, from: number, to: number, inside: Set<string>, german: boolean): Piece | null {
  const { tokens, text, weak, language } = around;
  if (to <= from) return null;
  const words = tokens.slice(from, to).filter((each) => each.kind === "word" && isCapital(each));
  const [start, end] = [tokens[from]!.start, tokens[to - 1]!.end];
  const first = words[0];
  const last = words.at(-1);
  if (!first || !last) return null;
  const single = words.length === 1;
  if (weak.has(start) && (single || weak.get(start)!.end === end)) return null;
  const piece = (type: string, confidence: number): Piece => ({ start, end, type, confidence });
  if (around.companies.has(first.fold) && !has(first, Bit.common) && (words.length > 1 || !weak.has(start))) return piece("ORGANIZATION", .65);
  const named = words.some((each) => !has(each, Bit.common | roles));
  const head = single ? undefined : byLast.get(last.text) ?? byFirst.get(first.text);
  if (head && (named || words.length > 2 || tokens[to - 1]!.kind === "number")) return piece(head, .7);
  const [comma, container] = [tokens[from - 1], tokens[from - 2]];
  if (comma?.text === "," && words.length < 3 && named && container && around.places.has(container.end) && sameLine(container, tokens[from]!)) return piece("LOCATION", .55);
  if (german) return words.length > 1 && words.every((each) => !has(each, Bit.common | roles) && each.bits !== 0) && words.every((each) => has(each, Bit.place)) ? piece("LOCATION", .5) : definition(text, end) ? piece(definition(text, end)!, .6) : null;
  const defined = definition(text, end);
  if (defined && (named || !single)) return piece(defined, .75);
  if (!named) return null;
  const beside = tokens[from - 1];
  const noun = beside && sameLine(beside, tokens[from]!) && beside.shape === "a" ? byNoun.get(beside.text) : undefined;
  if (noun) return piece(noun, .65);
  if (beside?.text === "by" && !single && words.length < 4 && !words.some((each) => has(each, Bit.common)) && /^(?:directed|written|produced|composed|performed|designed|painted|created|sung|led|coached)$/u.test(tokens[from - 2]?.text ?? "")) return piece("PERSON", .65);
  if (language === "en" && beside && /^(?:in|near)$/u.test(beside.text) && words.length < 4 && sameLine(beside, tokens[from]!) && words.every((each) => !has(each, Bit.common) && each.shape === "Aa") && tokens[to - 1]!.kind === "word") return piece("LOCATION", .65);
  if (single) return lone(first, tokens, from, inside) ? piece("CONCEPT", .4) : null;
  if (words.every((each) => has(each, Bit.place | Bit.country))) return piece("LOCATION", .55);
  const wholeLine = (from === 0 || tokens[from - 1]!.kind === "break" || tokens[from - 1]!.text.startsWith("#")) && (to === tokens.length || tokens[to]!.kind === "break");
  const common = words.filter((each) => has(each, Bit.common)).length;
  if (wholeLine && common > 0) return null;
  return piece("CONCEPT", common * 2 > words.length ? .4 : .5);
}

/** One capitalised word that is no plain word, and not only a sentence's start. */
const lone = (token: Token, tokens: Token[], at: number, inside: Set<string>): boolean =>
  token.shape !== "A" && token.text.length > 2 && !units.has(token.fold) && inside.has(token.fold) && !has(token, Bit.common | roles | Bit.particle | Bit.street | Bit.legalForm | Bit.organisation | Bit.saying | Bit.address) && tokens[at - 1]?.text !== "|" && !/(?:ish|ian|ese|ic|ially|ing|ed|rican|opean|orean|exican|erman|rench|utch|reek|elsh|zech)$/u.test(token.text);

const stop = /^(?:of|in|from|by|that|which|who|whose|for|based|directed|written|located|released|published|with|at|on|to|and|known|used|produced|made|de|en|du|von|aus|mit|que|qui|der|born)$/u;

/** The type of "X (1996) is a romantic drama film directed by…": the last known noun of the noun phrase behind `end`. */
export function definition(text: string, end: number): string | null {
  const match = /^["”“»]?(?:\s?\([^()\n]{0,120}\))?,?\s(?:is|was|are|were|ist|war|est|était|es|era|fue)\s(?:an?|the|one\sof\sthe|eine?|der|die|das|une?|la|le|una|el)\s([^.\n]{3,140})/u.exec(text.slice(end, end + 300));
  if (!match) return null;
  let type: string | null = null;
  for (const raw of match[1]!.split(/[\s/]+/u)) {
    const word = raw.replace(/[,;:()"]/gu, "");
    if (stop.test(word)) break;
    type = byNoun.get(word) ?? byNoun.get(word.replace(/s$/u, "")) ?? type;
    if (/[,;:]/u.test(raw)) break;
  }
  return type;
}
