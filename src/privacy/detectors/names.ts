import type { Language, NameSpan } from "../../language/language.ts";
import { addressEnd } from "./address-tail.ts";
import { isDated } from "./dates.ts";
import { knownLanguages } from "../sections.ts";
import type { Detector } from "./detector.ts";

/** Headings of tables and forms that are surnames too: alone they name nobody. */
const headings = /^(?:price|page|date|part|case|cost|bill|grant|mark|chart|sale|order|item|unit|power|field|place|post|note|may|april|june|august)s?$/iu;

/** Persons and streets, as the recogniser reads them; organisations and places alone are nobody's. */
export function names(language: Language): Detector {
  return {
    id: "names",
    kinds: ["person", "address"],
    *find(view) {
      for (const section of joinSections(view.sections)) {
        const text = view.text.slice(section.start, section.end);
        if (!/\p{L}/u.test(text)) continue;
        for (const span of namesOf(text, section.language, language)) {
          const kind = span.type === "PERSON" ? "person" : span.type === "ADDRESS" ? "address" : null;
          if (kind === "person" && span.score <= 0.6 && headings.test(text.slice(span.start, span.end))) continue;
          if (kind === "address" && isDated(text, span.start, span.end)) continue;
          if (!kind) continue;
          const { start, end } = kind === "person" ? wholeName(text, span, titled(text, section.language, language)) : { start: span.start, end: addressEnd(text, span.end) };
          yield { kind, start: section.start + start, end: section.start + end, score: span.score };
        }
      }
    },
  };
}

const titleBefore = /(?<![\p{L}\p{N}])(?:Mr|Mrs|Ms|Miss|Mx|Mademoiselle)\.? $/iu;
const englishBefore = /(?<![\p{L}\p{N}])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Sir)\.? $/iu;
const titled = (text: string, code: string | null, language: Language): RegExp => ((code ?? (text.length > short ? null : language.identify(text))) === "en" ? englishBefore : titleBefore);
const degreeBehind = /^,? (?:Ph\.?D|M\.?D|MBA|DDS|DVM|Esq|Jr|Sr)(?![\p{L}\p{N}])\.?/u;

/** With the English title before it and the degree behind it: who reads them in order still knows half of the name. */
function wholeName(text: string, { start, end }: { start: number; end: number }, before: RegExp): { start: number; end: number } {
  const title = before.exec(text.slice(Math.max(0, start - 15), start))?.[0].length ?? 0;
  const degree = degreeBehind.exec(text.slice(end, end + 8))?.[0].length ?? 0;
  return { start: start - title, end: end + degree };
}

/** A line of running text that goes on in the next: at least 40 characters, a word at its end and at the next one's start. */
const wrapped = /(?<=[^\n]{40})(?<=[\p{L},-])\n(?=\p{L})/gu;
/** Of these the ones that split a name: lines that are longer are read as one anyway, see `tokenise`. */
const splitting = /(?<![^\n]{61})(?<=[^\n]{40})(?<=[\p{L},-])\n(?=\p{L})|(?<=[^\n]{61})-\n(?=\p{L})/gu;

/** A text with more characters and no language is no prose: a table, code. */
const short = 2000;

/** A short text inherits no language: the rules of all read it, and those of the one it seems to be in. */
function readIn(text: string, code: string | null, language: Language): NameSpan[] {
  const found = language.names(text, code);
  if (code !== null || text.length > short) return found;
  const seems = language.identify(text);
  if (seems === null || !knownLanguages.has(seems)) return found;
  return [...found, ...language.names(text, seems)];
}

/** Names do not go over a line break, but in hard-wrapped prose they do: around such breaks it is read joined as well. */
function namesOf(text: string, code: string | null, language: Language): NameSpan[] {
  const found = readIn(text, code, language);
  for (const { start, end } of wrappedParts(text)) {
    const part = text.slice(start, end);
    for (const span of language.names(part.replace(wrapped, " "), code)) {
      if (part.slice(span.start, span.end).includes("\n")) found.push({ ...span, start: start + span.start, end: start + span.end });
    }
  }
  return found;
}

/** So many characters on either side are read with it: where an address goes on, what tells a name. */
const around = 600;

/** The line breaks that may split a name, with what stands around them; in order, without overlaps. */
function* wrappedParts(text: string): Generator<{ start: number; end: number }> {
  let range: { start: number; end: number } | null = null;
  for (const { index } of text.matchAll(splitting)) {
    const start = lineStart(text, index - around);
    const end = lineEnd(text, index + around);
    if (range && start <= range.end) range.end = end;
    else {
      if (range) yield range;
      range = { start, end };
    }
  }
  if (range) yield range;
}

const lineStart = (text: string, at: number): number => (at <= 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);
const lineEnd = (text: string, from: number): number => {
  const newline = text.indexOf("\n", Math.min(from, text.length));
  return newline === -1 ? text.length : newline;
};

/** Neighbours of one language are read as one text: a name told in full once is known by its surname later. */
function joinSections<S extends { start: number; end: number; language: string | null }>(sections: S[]): S[] {
  const joined: S[] = [];
  for (const section of sections) {
    const last = joined.at(-1);
    if (last && last.language === section.language) last.end = section.end;
    else joined.push({ ...section });
  }
  return joined;
}
