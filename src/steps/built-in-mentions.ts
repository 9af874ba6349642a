import type { Chunk } from "../data/chunk.ts";
import type { MentionRecord } from "../data/entity.ts";
import { entityId, mentionId, normaliseName, type Scope } from "../data/identity.ts";
import type { Candidate } from "../language/language.ts";

export const provenanceOf = (chunk: Chunk) => ({ class: chunk.class, documentId: chunk.documentId, chunkId: chunk.id });

/** Mentions as the built-in recogniser read them; the quote is the name itself. */
export function candidateMentions(chunks: Chunk[], candidates: Candidate[][], scope: Scope): { mentions: MentionRecord[]; aliases: { entityId: string; alias: string }[] } {
  const mentions: MentionRecord[] = [];
  const aliases: { entityId: string; alias: string }[] = [];
  for (const [index, chunk] of chunks.entries()) {
    for (const candidate of candidates[index] ?? []) {
      const name = normaliseName(candidate.name);
      if (!name) continue;
      const id = entityId(scope, candidate.type, name);
      const surface = chunk.text.slice(candidate.start, candidate.end);
      const { start, end, type, description, confidence } = candidate;
      mentions.push({ id: mentionId(id, chunk.id, start, end, surface), entityId: id, name: candidate.name, type, qualifier: "", surface, quote: surface, start, end, description, confidence, method: "built-in", model: null, prompt: null, ...provenanceOf(chunk) });
      aliases.push(...candidate.aliases.map((alias) => ({ entityId: id, alias })));
    }
  }
  return { mentions, aliases };
}
