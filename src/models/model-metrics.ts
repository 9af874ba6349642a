import type { Decision, Location, TaskType } from "../data/decision.ts";
import { counter, gauge, histogram } from "../telemetry.ts";

const requests = counter("llm_requests_total", "attempts that reached a backend", ["location", "backend", "model", "task_type", "outcome"]);
const tokens = counter("llm_tokens_total", "tokens, as reported or else estimated", ["location", "model", "direction"]);
const latency = histogram("llm_latency_seconds", "time from dispatch to the last token", ["location", "model", "task_type"], [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]);
const decisions = counter("llm_routing_decisions_total", "decisions of the router", ["location", "reason"]);
const fallbacks = counter("llm_fallbacks_total", "calls that went on elsewhere after a failure", ["from", "to", "cause"]);
/** Written by evaluation runs only; declared here so that it is in the registry. */
gauge("extraction_f1", "F1 of extraction in the last evaluation", ["location", "model"]);

/** The counters of routing.md; labels hold ids, never text. */
export const counted = {
  decision: ({ location, reason }: Decision): void => decisions.inc({ location, reason }),
  request(at: { location: Location; backend: string; model: string; taskType: TaskType }, outcome: string): void {
    requests.inc({ location: at.location, backend: at.backend, model: at.model, task_type: at.taskType, outcome });
  },
  answer(at: { location: Location; model: string; taskType: TaskType }, promptTokens: number, outputTokens: number, ms: number): void {
    tokens.inc({ location: at.location, model: at.model, direction: "prompt" }, promptTokens);
    tokens.inc({ location: at.location, model: at.model, direction: "output" }, outputTokens);
    latency.observe({ location: at.location, model: at.model, task_type: at.taskType }, ms / 1000);
  },
  fallback: (from: string, to: string, cause: string): void => fallbacks.inc({ from, to, cause }),
};
