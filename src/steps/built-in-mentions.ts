import type { Chunk } from "../data/chunk.ts";
import { rank } from "../data/classification.ts";
import type { MentionRecord } from "../data/entity.ts";
import { entityId, mentionId, normaliseName, type Scope } from "../data/identity.ts";
import type { Candidate } from "../language/language.ts";

export const provenanceOf = (chunk: Chunk) => ({ class: chunk.class, documentId: chunk.documentId, chunkId: chunk.id });

/** Mentions as the built-in recogniser read them; the quote is the name itself. */
export function candidateMentions(chunks: Chunk[], candidates: Candidate[][], scope: Scope): { mentions: MentionRecord[]; aliases: { entityId: string; alias: string }[] } {
  const mayTell = tellers(chunks);
  const mentions: MentionRecord[] = [];
  const aliases: { entityId: string; alias: string }[] = [];
  for (const [index, chunk] of chunks.entries()) {
    for (const candidate of candidates[index] ?? []) {
      const name = normaliseName(candidate.name);
      if (!name) continue;
      const id = entityId(scope, candidate.type, name);
      const surface = chunk.text.slice(candidate.start, candidate.end);
      const { start, end, type, confidence } = candidate;
      const description = mayTell(chunk, candidate.description) ? candidate.description : "";
      mentions.push({ id: mentionId(id, chunk.id, start, end, surface), entityId: id, name: candidate.name, type, qualifier: "", surface, quote: surface, start, end, description, confidence, method: "built-in", model: null, prompt: null, ...provenanceOf(chunk) });
      aliases.push(...candidate.aliases.map((alias) => ({ entityId: id, alias })));
    }
  }
  return { mentions, aliases };
}

/** Whether a passage may carry a sentence of its document: not one that stands in stricter passages only. */
function tellers(chunks: Chunk[]): (chunk: Chunk, sentence: string) => boolean {
  const strictest = Math.max(...chunks.map((chunk) => rank(chunk.class)));
  const texts = chunks.map((chunk) => ({ value: rank(chunk.class), text: chunk.text.replace(/\s+/gu, " ") }));
  return (chunk, sentence) => rank(chunk.class) === strictest || texts.some(({ value, text }) => value <= rank(chunk.class) && text.includes(sentence.replace(/ …$/u, "")));
}
