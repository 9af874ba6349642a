import type { Chunk } from "../data/chunk.ts";
import { allClasses, rank } from "../data/classification.ts";
import type { Candidate } from "../language/language.ts";
import type { TextWork } from "./text-work.ts";

/**
 * Candidates of each chunk. A chunk is read together with those that are no stricter than itself: a stricter one gives its names no
 * other form, no type and no description.
 */
export async function proposeNames(chunks: Pick<Chunk, "text" | "headings" | "class">[], language: string | null, textWork: Pick<TextWork, "candidates">): Promise<Candidate[][]> {
  const found: Candidate[][] = chunks.map(() => []);
  for (const level of allClasses.filter((each) => chunks.some((chunk) => chunk.class === each))) {
    const read = [...chunks.keys()].filter((index) => rank(chunks[index]!.class) <= rank(level));
    const together = read.map((index) => ({ text: chunks[index]!.text, headings: chunks[index]!.headings }));
    const candidates = await textWork.candidates({ chunks: together, language, title: together[0]!.headings[0] ?? "" });
    for (const [place, index] of read.entries()) if (chunks[index]!.class === level) found[index] = candidates[place]!;
  }
  return found;
}
