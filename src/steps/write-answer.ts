import { strictest } from "../data/classification.ts";
import type { Decision, Level, Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import type { Answer, Citation, Passage, QueryRequest } from "../data/query.ts";
import type { Warning } from "../data/warning.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { TextIndex } from "../stores/text/text-index.ts";
import { words } from "../stores/text/words.ts";
import { bestQuote, citation } from "./answering/sentences.ts";
import type { QueryContext, Understood } from "./query-context.ts";
import type { TextWork } from "./text-work.ts";

export interface AnswerParts {
  models: Models;
  text: TextIndex;
  textWork: Pick<TextWork, "answer">;
  options: { quality: Level };
}

export type Written = Pick<Answer, "answer" | "citations" | "class" | "decision" | "warnings">;

/** Passages that are read for an answer without a model; those after them hardly ever answer. */
const mostRead = 20;

/** What is said when the passages do not hold it; an answer like any other. */
export const notInDocuments = "The documents do not say.";

/** Every sentence is cited to a passage; the strictest passage and the question decide where the model may be. */
export async function writeAnswer(request: QueryRequest, passages: Passage[], understood: Understood, context: QueryContext, parts: AnswerParts): Promise<Written> {
  const value = strictest(understood.class, ...passages.map((each) => each.class));
  if (!request.answer) return { answer: null, citations: [], class: value, decision: null, warnings: [] };
  if (!passages.length) return { ...nothing(value), warnings: [] };
  const state = parts.models.tier("strong", value);
  if (state === "ready") {
    try {
      return await ask(request, passages, understood, value, context, parts);
    } catch (error) {
      if (!(error instanceof SluiceError) || (error.code !== "model_unavailable" && error.code !== "model_failed")) throw error;
      const warning = { code: "answer_fallback", message: `no model could answer (${error.message}); these are sentences of the documents` };
      return extract(request, passages, understood, value, context, parts, [warning]);
    }
  }
  const message = state === "absent" ? "no language model has answered yet: these are sentences of the documents; `ollama pull qwen3:8b` for written answers" : "the language model is down: these are sentences of the documents";
  return extract(request, passages, understood, value, context, parts, [{ code: "extractive_answer", message }]);
}

const nothing = (value: Written["class"]) => ({ answer: notInDocuments, citations: [], class: value, decision: null });

async function extract(request: QueryRequest, passages: Passage[], understood: Understood, value: Written["class"], context: QueryContext, parts: AnswerParts, warnings: Warning[]): Promise<Written> {
  const { idf } = await parts.text.idf(context.principal, request.collections, [...new Set(words(request.question))]);
  const found = await parts.textWork.answer({ question: request.question, language: understood.language, passages: passages.slice(0, mostRead), idf });
  const written = found ? { ...found, class: value, decision: null } : nothing(value);
  context.onEvent({ type: "token", text: written.answer });
  return { ...written, warnings };
}

async function ask(request: QueryRequest, passages: Passage[], understood: Understood, value: Written["class"], context: QueryContext, parts: AnswerParts): Promise<Written> {
  const numbered = passages.map((each, index) => `[${index + 1}] ${each.headings.join(" > ")}\n${each.text}`).join("\n\n");
  let decision: Decision | null = null;
  const answer = await parts.models.stream({
    prompt: "answer",
    inputs: { question: request.question, passages: numbered },
    task: { ...taskOf(request, understood, value, context, parts), sources: [...new Set(passages.map((each) => each.documentId))] },
    signal: context.signal,
    onDecision(made) {
      decision = made;
      context.onEvent({ type: "decision", decision: made });
    },
    onToken: (text) => context.onEvent({ type: "token", text }),
  });
  return { ...cite(answer.value, passages), class: value, decision: decision ?? answer.decision, warnings: [...answer.warnings, ...cite(answer.value, passages).warnings] };
}

function taskOf(request: QueryRequest, understood: Understood, value: Written["class"], context: QueryContext, parts: AnswerParts): Omit<Task, "tier"> {
  return {
    taskType: "generation", quality: parts.options.quality, complexity: understood.complexity, latencyMs: 1000, batchSize: 1, modelSizeGb: null, classification: value, localOnly: false,
    tenant: context.principal.tenant, collection: request.collections[0]!, documentId: null, chunkId: null, step: "answer", generation: 0, userId: context.principal.keyId,
    requestId: context.requestId, taskId: randomId(), maxOutputTokens: null, priority: "question",
  };
}

/**
 * Keeps citations that name a passage, renumbers them in order of use, and gives a sentence without one the passage it has
 * most words in common with; a sentence that no passage supports is named in a warning.
 */
export function cite(text: string, passages: Passage[]): { answer: string; citations: Citation[]; warnings: Warning[] } {
  const citations: Citation[] = [];
  const numbers = new Map<number, number>();
  let unsupported = 0;
  const sentences = text.trim().split(/(?<=[.!?](?:\s*\[\d+\])*)\s+(?=[^[\s])/u);
  const cited = sentences.map((sentence) => {
    const named = [...sentence.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]) - 1).filter((index) => passages[index]);
    const plain = sentence.replace(/\s*\[\d+\]/g, "").trim();
    const used = named.length ? named : supporting(plain, passages);
    if (!used.length && !isRefusal(plain)) unsupported++;
    const marks = [...new Set(used)].map((index) => {
      const known = numbers.get(index);
      if (known) return `[${known}]`;
      numbers.set(index, numbers.size + 1);
      citations.push(citation(numbers.size, passages[index]!, bestQuote(passages[index]!, plain)));
      return `[${numbers.size}]`;
    });
    return [plain, ...marks].join(" ");
  });
  const warnings = unsupported ? [{ code: "uncited_sentences", message: `${unsupported} sentences of the answer are not supported by a passage` }] : [];
  return { answer: cited.join(" "), citations, warnings };
}

const isRefusal = (sentence: string): boolean =>
  /\b(?:not|nicht|keine?|ne|no|pas)\b.*\b(?:say|contain|mention|documents?|passages?|sagen|enthalten|Dokumente?n?|indiquent|dicen|documentos)\b/iu.test(sentence) ||
  /\b(?:documents?|Dokumente|documentos)\b.*\b(?:not|nicht|ne|no)\b/iu.test(sentence);

/** The passage that holds at least half of the sentence's longer words. */
function supporting(sentence: string, passages: Passage[]): number[] {
  const wanted = words(sentence).filter((word) => word.length > 3);
  if (wanted.length < 2) return [];
  const shares = passages.map((passage) => {
    const own = new Set(words(passage.text));
    return wanted.filter((word) => own.has(word)).length / wanted.length;
  });
  const best = Math.max(...shares);
  return best >= 0.5 ? [shares.indexOf(best)] : [];
}
