import type { Language } from "../../language/language.ts";
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
        for (const span of language.names(text, section.language)) {
          const kind = span.type === "PERSON" ? "person" : span.type === "ADDRESS" ? "address" : null;
          if (kind === "person" && span.score <= 0.6 && headings.test(text.slice(span.start, span.end))) continue;
          if (kind === "address" && isDated(text, span.start, span.end)) continue;
          if (kind) yield { kind, start: section.start + span.start, end: section.start + span.end, score: span.score };
        }
      }
    },
  };
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
