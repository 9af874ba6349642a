import { SluiceError } from "../errors.ts";
import type { DocumentPlan } from "./document-writer.ts";

/** A plan that points outside itself would leave rows that nothing removes: it is a bug of the caller and is refused whole. */
export function checkPlan(plan: DocumentPlan): void {
  const chunks = new Set(plan.chunks.map((chunk) => chunk.id));
  const entities = new Set(plan.mentions.map((mention) => mention.entityId));
  const wrong = (what: string): SluiceError => new SluiceError("internal", `the plan for document ${plan.documentId} ${what}; nothing of it was written`);
  if (chunks.size !== plan.chunks.length) throw wrong("names a chunk twice");
  if (plan.chunks.some((chunk) => chunk.documentId !== plan.documentId)) throw wrong("holds a chunk of another document");
  for (const { id, chunkId } of [...plan.mentions, ...plan.statements]) if (!chunks.has(chunkId)) throw wrong(`ties ${id} to a chunk it does not hold`);
  if (plan.about.some(({ chunkId }) => !chunks.has(chunkId))) throw wrong("names what a chunk is about that it does not hold");
  for (const { id, source, target } of plan.statements) {
    if (!entities.has(source) || !entities.has(target)) throw wrong(`relates in statement ${id} an entity it does not mention`);
  }
}
