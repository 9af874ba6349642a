import { strictest, type Class } from "../../src/data/classification.ts";
import type { Chunk } from "../../src/data/chunk.ts";
import type { MentionRecord, MergeRecord, StatementRecord } from "../../src/data/entity.ts";
import { chunkId, documentId, entityId, hashId, mentionId, normaliseName, statementId, type Scope } from "../../src/data/identity.ts";
import type { DocumentPlan } from "../../src/stores/document-writer.ts";
import type { EmbeddingModel } from "../../src/stores/vectors/vector-store.ts";
import { scope as usualScope } from "./stores.ts";

export interface ChunkDraft {
  text: string;
  headings?: string[];
  class?: Class;
  vector?: number[];
  /** `"Name|surface|description"`, a qualifier behind the name as in "Ada Lund#nordlicht"; type PERSON for names of two words that start with a capital, else ORGANIZATION. */
  mentions?: string[];
  /** `"Source TYPE Target"` with names in brackets: `"[Ada Lund] EMPLOYS [Nordlicht]"`. */
  statements?: string[];
}
export interface Draft {
  key: string;
  scope?: Scope;
  class?: Class;
  date?: string;
  mediaType?: string;
  chunks: ChunkDraft[];
  /** Pairs of names that are one thing. */
  merges?: { a: string; b: string; class?: Class }[];
  model?: EmbeddingModel;
  parentId?: string;
}

export const model4: EmbeddingModel = { name: "test-embedder", dimension: 4 };
const fact = { confidence: 0.9, method: "built-in" as const, model: null, prompt: null };

export function entityOf(written: string, scope: Scope = usualScope): string {
  const [name, qualifier = ""] = written.split("#") as [string, string?];
  return entityId(scope, typeOf(name), normaliseName(name), qualifier);
}
export const typeOf = (name: string): string => (/^\p{Lu}\S+ \p{Lu}\S+$/u.test(name) ? "PERSON" : "ORGANIZATION");

/** A whole plan from a few words, with real ids. */
export function draft(given: Draft): { key: string; plan: DocumentPlan } {
  const scope = given.scope ?? usualScope;
  const id = documentId(scope, given.key);
  const seen = new Map<string, number>();
  const chunks: Chunk[] = [];
  const about: DocumentPlan["about"] = [];
  const mentions: MentionRecord[] = [];
  const statements: StatementRecord[] = [];
  const vectors = new Map<string, Float32Array>();
  for (const [ordinal, { text, headings = [], class: own, vector, mentions: named = [], statements: stated = [] }] of given.chunks.entries()) {
    const occurrence = seen.get(text) ?? 0;
    seen.set(text, occurrence + 1);
    const chunk: Chunk = {
      id: chunkId(id, text, occurrence), documentId: id, ordinal, kind: "text", text, headings, page: ordinal + 1, boxes: [{ page: ordinal + 1, x: 1, y: 2, width: 3, height: 4 }],
      start: 0, end: text.length, tokens: text.length, class: own ?? given.class ?? "public", language: "en",
    };
    chunks.push(chunk);
    for (const heading of new Set(headings.map(normaliseName))) about.push({ chunkId: chunk.id, name: heading });
    if (vector) vectors.set(chunk.id, Float32Array.from(vector));
    const place = { class: chunk.class, documentId: id, chunkId: chunk.id, quote: text, start: 0, end: text.length, ...fact };
    for (const [at, written] of named.entries()) {
      const [whole = "", surface = whole.replace(/#.*/, ""), description = ""] = written.split("|");
      const [name, qualifier = ""] = whole.split("#") as [string, string?];
      const entity = entityOf(whole, scope);
      mentions.push({ ...place, id: mentionId(entity, chunk.id, at, text.length, surface), entityId: entity, name, type: typeOf(name), qualifier, surface, description, start: at });
    }
    for (const written of stated) {
      const [, source = "", type = "", target = ""] = /^\[(.+)\] (\w+) \[(.+)\]$/.exec(written)!;
      const [from, to] = [entityOf(source, scope), entityOf(target, scope)];
      statements.push({ ...place, id: statementId(scope, from, type, to, chunk.id), source: from, target: to, type, original: null, strength: 5, description: written });
    }
  }
  const merges = (given.merges ?? []).map(({ a, b, class: own }): MergeRecord => ({ a: entityOf(a, scope), b: entityOf(b, scope), method: "alias", score: 1, evidence: `${a} = ${b}`, documentId: id, class: own ?? given.class ?? "public" }));
  const value = strictest(given.class ?? "public", ...chunks.map((chunk) => chunk.class));
  const plan: DocumentPlan = {
    scope, documentId: id, version: 1, name: `${given.key}.md`, mediaType: given.mediaType ?? "text/markdown", language: "en", date: given.date ?? "2024-05-01T00:00:00Z", class: value,
    reasons: [], pages: chunks.length, pictureCount: 1, chunks, about, vectors: vectors.size > 0 ? { model: given.model ?? model4, byChunk: vectors } : null, mentions, statements, merges,
    pictures: [{ id: hashId("picture", id), documentId: id, page: 1, box: null, description: `picture of ${given.key}`, class: value }],
    parentId: given.parentId ?? null, status: "ready", warnings: [],
  };
  return { key: given.key, plan };
}
