import { normaliseName } from "../../data/identity.ts";
import type { Citation, Passage } from "../../data/query.ts";
import type { Candidate } from "../../language/language.ts";
import { sentences } from "../../language/sentences.ts";
import { words } from "../../stores/text/words.ts";
import { readRow, splitTables } from "./tables.ts";
import { formsOf, wordsOf } from "./word-forms.ts";

/** A sentence, list item or table row of a passage. */
export interface AnswerSentence {
  /** Index of its passage. */
  passage: number;
  /** Its place among the sentences of its passage. */
  place: number;
  /** Where it stands in the passage's text. */
  start: number;
  end: number;
  kind: "sentence" | "row" | "line";
  /** As it reads alone: a table row with its column names. */
  shown: string;
  /** What it stands under when it is no whole sentence: the line above, the headings. */
  under: string[];
  /** Cells of a row, normalised. */
  cells: string[];
  own: WordSet;
  /** Of the sentence before, when this one opens with a pronoun. */
  carried: WordSet | null;
  /** Of the headings, the document's name, the line above and the table's header. */
  context: WordSet;
  /** Things it names; offsets in its own text. */
  entities: Candidate[];
  /** Their normalised names: what another sentence can go on from. */
  names: Set<string>;
}

/** Words of a text by stem, by every form (`word-forms.ts`), and as one normalised string for codes and phrases. */
export interface WordSet {
  stems: Set<string>;
  forms: Set<string>;
  phrase: string;
}

export function wordSet(text: string): WordSet {
  const set: WordSet = { stems: new Set(), forms: new Set(), phrase: ` ${normaliseName(text)} ` };
  for (const word of wordsOf(text)) {
    const forms = formsOf(word);
    set.stems.add(forms[0]);
    for (const form of forms) set.forms.add(form);
  }
  return set;
}

/** Opens with what only the sentence before explains: a pronoun, or a thing called by its kind. */
const refersBack =
  /^["'“„(]*(?:(?:it|its|he|she|they|his|her|their|this|these|that|those|both|er|sie|es|sein|seine|ihr|ihre|dieser|diese|dieses|dies|il|elle|ils|elles|son|sa|ses|cette|ce|ces|su|sus|este|esta|ella|ello|ellos)(?!\p{L})|(?:the|der|die|das|le|la|el) (?:company|firm|group|club|team|league|band|film|album|song|book|novel|city|town|village|vessel|product|report|agreement|contract|flaw|unternehmen|firma|gesellschaft|vertrag|bericht|gruppe|société|entreprise|empresa)(?!\p{L}))/iu;

const notAName = new Set(["DATE_TIME", "QUANTITY", "METRIC", "MATERIAL"]);
const longest = 1_000;

/** Sentences of a passage; a table gives its rows. `entities`: what the passage names, offsets in its text. */
export function sentencesOf(passage: Passage, index: number, entities: Candidate[]): AnswerSentence[] {
  const { rows, rest } = splitTables(passage.text);
  const around = `${passage.headings.join(" ")} ${(passage.document ?? "").replace(/\.\w{1,5}$/u, "").replace(/[-_]+/gu, " ")}`;
  const make: Make = (start, end, kind, shown, context, above = "", cells = []) => {
    const inside = entities.filter((each) => each.start >= start && each.end <= end).map((each) => ({ ...each, start: each.start - start, end: each.end - start }));
    const named = inside.filter((each) => !notAName.has(each.type)).map((each) => each.name);
    return { passage: index, place: 0, start, end, kind, shown, under: kind === "sentence" ? [] : [kind === "row" ? "" : above, ...passage.headings].filter(Boolean), cells: cells.map(normaliseName), own: wordSet(`${above} ${passage.text.slice(start, end)} ${named.join(" ")} ${seats(inside, passage.text.slice(start, end))}`), carried: null, context: wordSet(context), entities: inside, names: new Set(named.map(normaliseName).filter(Boolean)) };
  };
  const found = rows.map((row) => make(row.start, Math.min(row.end, row.start + longest), "row", readRow(row).slice(0, longest), around, row.header.join(" "), row.cells));
  for (const stretch of rest) found.push(...sentencesIn(passage.text, stretch, around, make));
  return found.toSorted((a, b) => a.start - b.start).map((each, place) => ({ ...each, place }));
}

type Make = (start: number, end: number, kind: AnswerSentence["kind"], shown: string, context: string, above?: string, cells?: string[]) => AnswerSentence;

function sentencesIn(text: string, stretch: { start: number; end: number }, around: string, make: Make): AnswerSentence[] {
  const found: AnswerSentence[] = [];
  let above = "";
  for (const span of sentences(text.slice(stretch.start, stretch.end))) {
    const bullet = /^(?:[-*•‣]|\d{1,3}[.)])\s+/u.exec(text.slice(stretch.start + span.start, stretch.start + span.end))?.[0].length ?? 0;
    const start = stretch.start + span.start + bullet;
    const end = Math.min(stretch.start + span.end, start + longest);
    const shown = text.slice(start, end).replace(/\s+/gu, " ").trim();
    if (!/[\p{L}\p{N}]/u.test(shown)) continue;
    const whole = /[.!?…:;]["'”“»)\]’]*$/u.test(shown);
    const sentence = make(start, end, whole ? "sentence" : "line", shown, `${around} ${above}`, whole ? "" : above);
    const before = found.at(-1);
    if (before && before.kind === "sentence" && refersBack.test(shown)) sentence.carried = before.carried && refersBack.test(before.shown) ? joined(before.carried, before.own) : before.own;
    // A short line that opens a paragraph and has no full stop is a heading of what follows.
    if (!whole && !bullet && shown.length < 60 && /(?:^|\n\s*\n)\s*$/u.test(text.slice(0, start))) above = shown;
    found.push(sentence);
  }
  return found;
}

/** "based", where a text puts a place right after an organisation: "Esbrand Bearings A/S in Esbjerg". */
function seats(entities: Candidate[], text: string): string {
  const placed = entities.some((each) => each.type === "ORGANIZATION" && entities.some((place) => place.type === "LOCATION" && place.start > each.end && /^(?:,| in| of| aus| à| en| de) ?$/u.test(text.slice(each.end, place.start))));
  return placed ? "based" : "";
}

const joined = (a: WordSet, b: WordSet): WordSet => ({ stems: new Set([...a.stems, ...b.stems]), forms: new Set([...a.forms, ...b.forms]), phrase: a.phrase + b.phrase });

/** Whether a sentence cannot be read without the one before it. */
export const needsBefore = (sentence: AnswerSentence): boolean => sentence.carried !== null;

/** The sentence of a passage that has most in common with what is claimed. */
export function bestQuote(passage: Passage, claim: string): string {
  const wanted = new Set(words(claim));
  let best = { text: passage.text.slice(0, 200).trim(), share: 0 };
  for (const { start, end } of sentencesOf(passage, 0, [])) {
    const text = passage.text.slice(start, end);
    const own = words(text);
    const share = own.filter((word) => wanted.has(word)).length / Math.sqrt(own.length + 3);
    if (share > best.share) best = { text, share };
  }
  return best.text;
}

export function citation(n: number, passage: Passage, quote: string): Citation {
  const { chunkId, documentId, document, page, boxes } = passage;
  return { n, chunkId, documentId, document, page, boxes, quote };
}
