import type { TextView } from "./detectors/detector.ts";
import { openingsOf } from "./detectors/openings.ts";
import { normaliseText, type NormalisedText } from "./normalised-text.ts";
import { plainLayout } from "./plain-layout.ts";
import type { Passage } from "./privacy.ts";
import { languageSections, type Section } from "./sections.ts";
import { countBefore } from "./sorted.ts";

/** All passages of a document as one normalised text, and the way back from a place in it to a passage's own offsets. */
export interface DocumentView extends TextView {
  sections: Section[];
  /** The passages a span touches, each with the part of it, in UTF-16 offsets of the passage's text. */
  locate(start: number, end: number): { passage: number; start: number; end: number }[];
  /** Language of a passage: that of the section it begins in. */
  languageOf(passage: number): string | null;
  unknownIn(passage: number): boolean;
}

export function viewOf(passages: Passage[], terms: string[], identify: (text: string) => string | null): DocumentView {
  const normalised: NormalisedText[] = passages.map((passage) => plainLayout(normaliseText(passage.role === "name" ? spacedName(passage.text) : passage.text)));
  const bounds: { start: number; end: number; context: string; role: string }[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const [index, each] of normalised.entries()) {
    const passage = passages[index]!;
    bounds.push({ start: length, end: length + each.text.length, context: normaliseText(passage.context ?? "").text, role: passage.role ?? "body" });
    const separator = passage.role === "cell" ? "\n" : "\n\n";
    parts.push(each.text, separator);
    length += each.text.length + separator.length;
  }
  const text = parts.join("");
  const sections = languageSections(text, identify);

  return {
    text,
    passages: bounds,
    openings: openingsOf(text),
    terms,
    sections,
    contextAt: (offset) => bounds[lastStarted(bounds, offset)]?.context ?? "",
    languageOf: (passage) => sections[Math.max(0, lastStarted(sections, bounds[passage]!.start))]?.language ?? null,
    unknownIn: (passage) => {
      const { start, end } = bounds[passage]!;
      for (let index = Math.max(0, lastStarted(sections, start)); index < sections.length && sections[index]!.start < end; index++) {
        if (sections[index]!.unknown) return true;
      }
      return false;
    },
    locate(start, end) {
      const places: { passage: number; start: number; end: number }[] = [];
      for (let index = Math.max(0, lastStarted(bounds, start)); index < bounds.length && bounds[index]!.start < end; index++) {
        const from = Math.max(start, bounds[index]!.start) - bounds[index]!.start;
        const to = Math.min(end, bounds[index]!.end) - bounds[index]!.start;
        if (from < to) places.push({ passage: index, start: normalised[index]!.start(from), end: normalised[index]!.end(to - 1) });
      }
      return places;
    },
  };
}

/** A file's name as words, of the same length: "Letter_Anna_Schmidt.pdf". */
const spacedName = (name: string): string => (name.includes("@") ? name : name.replace(/_|(?<=\p{L})[.-](?=\p{L})/gu, " "));

/** Index of the last range that starts at or before the offset, or -1. */
const lastStarted = (ranges: { start: number }[], offset: number): number => countBefore(ranges, ({ start }) => start <= offset) - 1;
