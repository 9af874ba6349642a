import { type Class, strictest } from "../data/classification.ts";
import type { MergeRecord } from "../data/entity.ts";
import type { Comparable } from "./same-entity.ts";
import type { WorkDocument } from "./work.ts";

/** An entity of the document that is being read. */
export interface Own extends Comparable {
  class: Class;
}

/** Both sides in one order, so that the same merge found twice is one row. */
export function mergeOf(a: Own, b: Comparable & { class?: Class }, found: Pick<MergeRecord, "method" | "score" | "evidence">, document: WorkDocument): MergeRecord {
  const [first, second] = a.id < b.id ? [a.id, b.id] : [b.id, a.id];
  return { a: first, b: second, ...found, documentId: document.id, class: strictest(document.class, a.class) };
}
