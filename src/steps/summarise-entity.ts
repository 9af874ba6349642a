import { z } from "zod";
import type { Decision, Task } from "../data/decision.ts";
import { randomId, type Scope } from "../data/identity.ts";
import type { Warning } from "../data/warning.ts";
import type { Models } from "../models/models.ts";
import type { DescriptionSources } from "../stores/knowledge/show-sources.ts";

export interface Summary {
  text: string;
  decision: Decision;
  warnings: Warning[];
}

export interface SummaryContext {
  scope: Scope;
  userId: string | null;
  requestId: string;
  signal: AbortSignal;
}

/** Characters of all descriptions in one call. */
export const mostDescribed = 12_000;
const longest = 1_500;

const SummaryAnswer = z.object({ summary: z.string().trim().min(1).refine(({ length }) => length <= longest, `more than ${longest} characters`) });

/** One text of an entity's descriptions, made of nothing else. Throws `model_unavailable`, `model_failed`. */
export async function summariseEntity(sources: DescriptionSources, context: SummaryContext, { models }: { models: Pick<Models, "ask"> }): Promise<Summary> {
  const inputs = { name: oneLine(sources.name), type: sources.type, descriptions: sources.descriptions.map((each) => `- ${oneLine(each)}`).join("\n") };
  const { value, decision, warnings } = await models.ask({ prompt: "summarise-entity", inputs, schema: SummaryAnswer, task: taskOf(sources, context), signal: context.signal });
  const cut = sources.more ? [{ code: "descriptions_left_out", message: `the summary is of the first ${sources.descriptions.length} descriptions; there are more than one call may hold` }] : [];
  return { text: value.summary, decision, warnings: [...warnings, ...cut] };
}

const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** `sources` name every document that the text is made from: none may have become private when a call leaves, and an answer that is kept goes with any of them. */
function taskOf({ class: value, documents }: DescriptionSources, { scope, userId, requestId }: SummaryContext): Omit<Task, "tier"> {
  return {
    taskType: "enrichment", quality: "medium", complexity: "medium", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: value, localOnly: false,
    tenant: scope.tenant, collection: scope.collection, documentId: null, sources: documents, chunkId: null, step: "summariseEntity", generation: 0, userId,
    requestId, taskId: randomId(), maxOutputTokens: null, priority: "question",
  };
}
