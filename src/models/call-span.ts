import type { Task, Decision } from "../data/decision.ts";
import { startSpan, type Span } from "../telemetry.ts";
import type { BackendOptions } from "./options.ts";

/**
 * A span of one attempt, after OpenTelemetry's semantic conventions for generative AI; what was asked and answered is never
 * in it.
 */
export function startCallSpan(at: { task: Task; decision: Decision; backend: BackendOptions; model: string; temperature: number; numPredict: number }): Span {
  const url = new URL(at.backend.url);
  return startSpan(`chat ${at.model}`, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": at.backend.driver,
    "gen_ai.request.model": at.model,
    "gen_ai.request.temperature": at.temperature,
    "gen_ai.request.max_tokens": at.numPredict,
    "server.address": url.hostname,
    "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
    "sluice.backend": at.backend.id,
    "sluice.location": at.decision.location,
    "sluice.reason": at.decision.reason,
    "sluice.rule": at.decision.rule,
    "sluice.task_type": at.task.taskType,
    "sluice.step": at.task.step,
    "sluice.request_id": at.task.requestId,
  });
}

export const answered = (reply: { model: string; doneReason: string; promptTokens: number; outputTokens: number; usd: number }) => ({
  "gen_ai.response.model": reply.model,
  "gen_ai.response.finish_reasons": [reply.doneReason],
  "gen_ai.usage.input_tokens": reply.promptTokens,
  "gen_ai.usage.output_tokens": reply.outputTokens,
  "sluice.cost_usd": reply.usd,
});
