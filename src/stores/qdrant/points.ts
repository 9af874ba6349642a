import { createHash } from "node:crypto";
import type { Class } from "../../data/classification.ts";
import type { Chunk } from "../../data/chunk.ts";
import type { DocumentPlan } from "../document-writer.ts";
import { readTerms } from "../text/chunk-words.ts";

/** A word's place in a sparse vector: 32 bits of its SHA-256. Two words of one place are seen once in some 10^9 pairs. */
export const placeOf = (word: string): number => createHash("sha256").update(word).digest().readUInt32LE(0);

/** Stands between headings and text, where a phrase cannot go on: a letter that no language writes. */
const pause = "ꙮ";

export interface Payload {
  tenant: string;
  collection: string;
  document: string;
  class: Class;
  kind: Chunk["kind"];
  mediaType: string;
  /** ms since 1970. */
  date: number;
  words: string;
  /** SHA-256 of everything the point is made of but its class. */
  content: string;
}

export interface Point {
  id: string;
  payload: Payload;
  /** Saturated term frequencies (BM25), by place. */
  text: { indices: number[]; values: number[] };
  /** `[dimension]`, or null without an embedding model. */
  dense: number[] | null;
  terms: string[];
}

/** The points of a document as they should be. `mean`: words of an average chunk, the constant of BM25's saturation. */
export function pointsOf(plan: DocumentPlan, mean: number): Point[] {
  return plan.chunks.map((chunk) => {
    const { weights, sequence } = readTerms(chunk, mean);
    const bySpot = new Map<number, number>();
    for (const [term, weight] of weights) bySpot.set(placeOf(term), (bySpot.get(placeOf(term)) ?? 0) + weight);
    const [indices, values] = [[...bySpot.keys()], [...bySpot.values()]];
    const vector = plan.vectors?.byChunk.get(chunk.id);
    const words = sequence.trim().replaceAll("\n", pause);
    const common = { tenant: plan.scope.tenant, collection: plan.scope.collection, document: plan.documentId, kind: chunk.kind, mediaType: plan.mediaType, date: Date.parse(plan.date) || 0, words };
    const content = createHash("sha256").update(JSON.stringify([common, mean])).update(vector ?? "").digest("hex");
    return { id: chunk.id, payload: { ...common, class: chunk.class, content }, text: { indices, values }, dense: vector ? Array.from(vector) : null, terms: [...weights.keys()] };
  });
}
