import type { Language, NameSpan } from "../../language/language.ts";
import { isDated } from "./dates.ts";
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
          if (kind) yield { kind, start: section.start + span.start, end: section.start + span.end, score: span.score };
        }
      }
    },
  };
}

/** A line of running text that goes on in the next: at least 40 characters, a word at its end and at the next one's start. */
const wrapped = /(?<=[^\n]{40})(?<=[\p{L},-])\n(?=\p{L})/gu;

/** Names do not go over a line break, but in hard-wrapped prose they do: there the lines are read joined as well. */
function namesOf(text: string, code: string | null, language: Language): NameSpan[] {
  const found = language.names(text, code);
  const joined = text.replace(wrapped, " ");
  if (joined === text) return found;
  return [...found, ...language.names(joined, code).filter((span) => text.slice(span.start, span.end).includes("\n"))];
}

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
