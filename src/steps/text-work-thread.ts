import type { Candidate, Language } from "../language/language.ts";
import { openLanguage } from "../language/open-language.ts";
import { type ExtractiveAnswer, extractiveAnswer } from "./answering/extractive-answer.ts";
import { chunkBlocks } from "./chunking.ts";
import { placeBlocks } from "./placed-blocks.ts";
import type { TextWork } from "./text-work.ts";

/** Characters read as one text: long enough to join the names of a document, short enough to be ended in time. */
const windowLength = 200_000;

const builtIn: Language = openLanguage();

// Word lists are read on first use: here it counts as start-up, not against the deadline of the first text.
builtIn.candidates("Anna Schmidt wrote to Peter Lambert.", null, { headings: [], title: "" });

type Argument<K extends keyof TextWork> = Parameters<TextWork[K]>[0];

export function chunk({ documentId, blocks, options }: Argument<"chunk"> & object): ReturnType<typeof chunkBlocks> {
  return chunkBlocks(documentId, placeBlocks(blocks), options);
}

/** Chunks are read together, so that "Weiss" in one is known from "Anna Weiss" in another. */
export function candidates({ chunks, language, title }: Argument<"candidates"> & object): Candidate[][] {
  const found: Candidate[][] = chunks.map(() => []);
  for (let first = 0; first < chunks.length; ) {
    const starts: number[] = [];
    let text = "";
    let last = first;
    for (; last < chunks.length && (last === first || text.length + chunks[last]!.text.length < windowLength); last++) {
      starts.push(text.length);
      text += `${chunks[last]!.text}\n\n`;
    }
    const headings = [...new Set(chunks.slice(first, last).flatMap((each) => each.headings))];
    for (const candidate of builtIn.candidates(text, language, { headings, title })) {
      const index = starts.findLastIndex((start) => start <= candidate.start);
      const start = candidate.start - starts[index]!;
      const end = candidate.end - starts[index]!;
      if (end <= chunks[first + index]!.text.length) found[first + index]!.push({ ...candidate, start, end });
    }
    first = last;
  }
  return found;
}

export function relations({ chunks, language }: Argument<"relations"> & object): ReturnType<Language["relations"]>[] {
  return chunks.map((each) => builtIn.relations(each.text, each.candidates, language));
}

/** Each passage is read by itself: what one document calls things says nothing of another. */
export function answer({ question, language, passages, idf }: Argument<"answer"> & object): ExtractiveAnswer | null {
  const languages = passages.map(({ text }) => builtIn.identify(text));
  const entities = passages.map(({ text, headings }, index) => builtIn.candidates(text, languages[index]!, { headings, title: "" }));
  const names = builtIn.candidates(question, language, { headings: [], title: "" });
  return extractiveAnswer({ question, languages: { question: language, passages: languages }, names, passages, entities, idf });
}
