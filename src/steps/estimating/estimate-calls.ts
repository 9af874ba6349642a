import type { Span } from "../../data/estimate.ts";
import { type Class, strictest } from "../../data/classification.ts";
import type { Tier } from "../../data/decision.ts";
import { randomId, type Scope } from "../../data/identity.ts";
import type { Models } from "../../models/models.ts";
import type { Preview } from "../../models/preview.ts";
import type { ExtractionOptions } from "../extract-parts.ts";
import { complexityOf, extractionTask, inPrompt } from "../extraction-task.ts";
import type { VisionOptions } from "../vision.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { ReadDocument } from "./read-document.ts";

export interface CallParts {
  models: Pick<Models, "preview" | "tier" | "embeddings">;
  vocabulary: Vocabulary;
  extraction: ExtractionOptions;
  vision: VisionOptions;
}

/** One call, or where none is made the work that stands for it. `calls` is 0..1: how likely it is made. */
export interface ExpectedCall {
  stage: string;
  taskType: string;
  class: Class;
  calls: Span;
  /** Null: the built-in language processing does it. */
  preview: Preview | null;
  promptTokens: Span;
  /** A guess, where nothing was measured. */
  outputTokens: Span;
}

/** The tasks and prompts an ingestion would ask with, decided and not sent. */
export async function expectedCalls(document: ReadDocument, scope: Scope, { models, vocabulary, extraction, vision }: CallParts): Promise<ExpectedCall[]> {
  const calls: ExpectedCall[] = [];
  const known = new Map<string, Promise<Preview>>();
  const stands = { id: randomId(), pages: document.pages, class: document.class };
  const jobId = randomId();
  const run = { jobId, scope, generation: 0, userId: null, lease: () => ({ jobId, number: 0 }) };
  const isBuiltIn = (tier: Tier, value: Class) => models.tier(tier, value) === "absent";
  // Calls that the guards and strategies cannot tell apart are decided once.
  const previewOf = (key: unknown[], ask: () => Promise<Preview>): Promise<Preview> => {
    const name = JSON.stringify(key);
    const made = known.get(name) ?? ask();
    known.set(name, made);
    return made;
  };

  const fast = extraction.mode === "fast";
  const batch = document.chunks.length;
  for (const chunk of document.chunks) {
    for (const [stage, prompt, likely] of fast ? [["extractEntities", "extract-fast", 1]] as const : [["extractEntities", "extract-entities", 1], ["extractRelations", "extract-relations", 0.6]] as const) {
      if (isBuiltIn("fast", chunk.class)) {
        calls.push({ stage, taskType: "extraction", class: chunk.class, calls: { low: 0, high: 0 }, preview: null, promptTokens: none, outputTokens: none });
        continue;
      }
      const inputs = { entityTypes: inPrompt(vocabulary.entityTypes), relationTypes: inPrompt(vocabulary.relationTypes), candidates: "none", known: "none", entities: "none", headings: chunk.headings.join(" > ") || "none", text: chunk.text };
      const ask = () => models.preview({ prompt, inputs, pictures: 0, task: extractionTask({ chunk, batch, document: stands, run, parts: { options: extraction } }, stage) });
      const found = await previewOf([stage, chunk.class, complexityOf(document, chunk.text)], ask);
      const high = found.promptTokens + Math.max(600, chunk.text.length / 8) / 3.2;
      calls.push({ stage, taskType: "extraction", class: chunk.class, calls: { low: likely, high: 1 }, preview: found, promptTokens: { low: Math.round(found.promptTokens * 0.6), high: Math.round(high) }, outputTokens: { low: 30 + Math.round(chunk.tokens * 0.1), high: 100 + Math.round(chunk.tokens * 0.8) } });
    }
  }
  const asked = document.pictures.slice(0, vision.most);
  if (!isBuiltIn("vision", vision.cloud ? document.class : "pii")) {
    for (const picture of asked) {
      const isUnreadable = !picture.ocr || picture.ocr.text.trim() === "" || picture.ocr.confidence < vision.readable;
      const value = strictest(document.class, isUnreadable ? "pii" : "public");
      const task = { ...extractionTask({ chunk: { id: "picture", text: "", class: value } as never, batch: asked.length, document: stands, run, parts: { options: extraction } }, "describePicture"), taskType: "vision" as const, quality: "high" as const, complexity: "medium" as const, localOnly: !vision.cloud };
      const found = await previewOf(["describePicture", value], () => models.preview({ prompt: "describe-picture", inputs: { context: "none", read: picture.ocr?.text ?? "" }, pictures: 1, task }));
      calls.push({ stage: "describePicture", taskType: "vision", class: value, calls: { low: 1, high: 1 }, preview: found, promptTokens: { low: Math.round(found.promptTokens * 0.4), high: found.promptTokens }, outputTokens: { low: 40, high: 600 } });
    }
  }
  return calls;
}

const none: Span = { low: 0, high: 0 };
