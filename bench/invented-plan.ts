import { chunkId, documentId, entityId, mentionId, statementId, type Scope } from "../src/data/identity.ts";
import type { DocumentPlan } from "../src/stores/document-writer.ts";

// A fixed sequence, so that two runs measure the same.
let state = 42;
export const random = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
export const word = (): string => `w${Math.floor(50_000 * random() ** 4)}`;
export const vector = (dimension: number): Float32Array => Float32Array.from({ length: dimension }, () => random() + random() - 1);

export interface PlanSize {
  chunks: number;
  words: number;
  /** A chunk. */
  mentions: number;
  statements: number;
  /** 0: no vectors. */
  dimension: number;
  relationTypes?: readonly string[];
}

/** A document of invented words; names recur as in a corpus, some very often. */
export function inventedPlan(scope: Scope, key: string, { chunks: chunkCount, dimension, relationTypes = ["USES"], ...perChunk }: PlanSize): DocumentPlan {
  const id = documentId(scope, key);
  const chunks = Array.from({ length: chunkCount }, (_, ordinal) => {
    const text = Array.from({ length: perChunk.words }, word).join(" ");
    return { id: chunkId(id, text, 0), documentId: id, ordinal, kind: "text" as const, text, headings: [`Heading ${word()}`], page: ordinal, boxes: [], start: 0, end: text.length, tokens: perChunk.words, class: "internal" as const, language: "en" };
  });
  const fact = { class: "internal" as const, documentId: id, quote: "quote of about sixty characters that says what it was read from", start: 0, end: 9, confidence: 0.8, method: "built-in" as const, model: null, prompt: null, description: "a short description of the thing" };
  const entity = () => {
    const name = `thing ${Math.floor(20_000 * random() ** 3)} ${word()}`;
    return { name, id: entityId(scope, "ORGANIZATION", name) };
  };
  const mentions = chunks.flatMap((chunk) =>
    Array.from({ length: perChunk.mentions }, (_, at) => {
      const { name, id: entityIdOf } = entity();
      return { ...fact, id: mentionId(entityIdOf, chunk.id, at, at + 9, name), entityId: entityIdOf, name, type: "ORGANIZATION", qualifier: "", surface: name, chunkId: chunk.id, start: at };
    }),
  );
  const statements = mentions.slice(0, chunkCount * perChunk.statements).map((mention, at) => {
    const target = mentions[(at * 7 + 1) % mentions.length]!;
    const type = relationTypes[at % relationTypes.length]!;
    return { ...fact, id: statementId(scope, mention.entityId, type, target.entityId, mention.chunkId), source: mention.entityId, target: target.entityId, type, original: null, strength: 5, chunkId: mention.chunkId };
  });
  return {
    scope, documentId: id, version: 1, name: key, mediaType: "text/plain", language: "en", date: "2024-01-01", class: "internal", reasons: [], pages: 1, pictureCount: 0, chunks,
    about: chunks.map((chunk) => ({ chunkId: chunk.id, name: chunk.headings[0]!.toLowerCase() })), vectors: dimension === 0 ? null : { model: { name: "bench", dimension }, byChunk: new Map(chunks.map((chunk) => [chunk.id, vector(dimension)])) },
    mentions, statements, merges: [], pictures: [], parentId: null, status: "ready", warnings: [],
  };
}
