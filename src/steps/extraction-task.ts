import { z } from "zod";
import { rank, strictest } from "../data/classification.ts";
import type { Chunk } from "../data/chunk.ts";
import type { Level, Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import { analyseText } from "../models/text-analysis.ts";
import type { ExtractionOptions } from "./extract-parts.ts";
import type { Run, WorkDocument } from "./work.ts";

/** Malformed items become null one by one instead of failing the whole answer. */
export const lenientArray = <T extends z.ZodType>(item: T) => z.array(item.nullable().catch(null)).max(500);

/** Types of the vocabulary as a prompt lists them: in capitals and with commas they cost twice the tokens. */
export const inPrompt = (types: string[]): string => types.join(" ").toLowerCase();

/** Dates and amounts: plain to see in the passage, so that a list of names does without them. */
export const isValue = ({ type }: { type: string }): boolean => type === "DATE_TIME" || type === "METRIC" || type === "QUANTITY";

/** Names under their types, a line a type, in so many characters; `rest` did not fit. Dates and amounts go last. */
export function byType<T extends { name: string; type: string }>(names: T[], characters: number): { list: string; rest: T[] } {
  const lines = new Map<string, Set<string>>();
  const rest: T[] = [];
  let room = characters;
  for (const each of names.toSorted((a, b) => Number(isValue(a)) - Number(isValue(b)))) {
    const name = each.name.replace(/[;\n]+/g, " ");
    const line = lines.get(each.type);
    if (line?.has(name)) continue;
    const length = name.length + 2 + (line ? 0 : each.type.length + 2);
    if (length > room) {
      rest.push(each);
      continue;
    }
    room -= length;
    if (line) line.add(name);
    else lines.set(each.type, new Set([name]));
  }
  return { list: [...lines].map(([type, members]) => `\n${type}: ${[...members].join("; ")}`).join("") || "none", rest };
}

/** Long documents are hard whatever a passage of theirs is. */
export const complexityOf = (document: Pick<WorkDocument, "pages">, text: string): Level => (document.pages > 10 ? "high" : analyseText(text).complexity);

/** The router's task for one passage (`routing.md`, "Setting the task"). `batch`: passages of the document, the same for each, so that all go one way. */
export function extractionTask(
  { chunk, batch, document, run, parts }: { chunk: Chunk; batch: number; document: Pick<WorkDocument, "id" | "pages" | "class">; run: Pick<Run, "jobId" | "scope" | "generation" | "userId" | "lease">; parts: { options: ExtractionOptions } },
  step: string,
): Omit<Task, "tier"> {
  return {
    taskType: "extraction",
    quality: parts.options.quality,
    complexity: complexityOf(document, chunk.text),
    content: analyseText(chunk.text).content,
    latencyMs: null,
    batchSize: batch,
    modelSizeGb: null,
    classification: chunk.class,
    ...(rank(chunk.class) < rank(strictest(document.class)) ? { passageLease: run.lease() } : {}),
    localOnly: false,
    tenant: run.scope.tenant,
    collection: run.scope.collection,
    documentId: document.id,
    chunkId: chunk.id,
    step,
    generation: run.generation,
    userId: run.userId,
    requestId: run.jobId,
    taskId: randomId(),
    maxOutputTokens: null,
    priority: "ingest",
  };
}
