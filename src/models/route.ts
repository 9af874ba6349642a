import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../errors.ts";
import { attempt, NoTarget, type AttemptParts } from "./attempt.ts";
import { newCourse, type Call, type Course, type Reply } from "./call.ts";
import { cancelled, Failure, type FailureKind } from "./failure.ts";
import { afterFailure } from "./failure-table.ts";
import { picturesIn, plain } from "./messages.ts";
import { counted } from "./model-metrics.ts";
import { modelRows } from "./model-rows.ts";
import { ruleFor, underRule } from "./rules.ts";
import { estimateTokens } from "./tokens.ts";

export interface RouteEvent {
  type: "fallback" | "degraded" | "blocked";
  backend: string;
  cause: string;
  requestId: string;
  documentId: string | null;
}

export interface RouteParts extends AttemptParts {
  onEvent: (event: RouteEvent) => void;
}

/**
 * Answers a call: attempts, retries and fallbacks. Slot and reservation of a failed attempt are given back before anything
 * here waits, and a fallback is a new attempt from the first step, guards included.
 */
export async function route(asked: Call, parts: RouteParts): Promise<Reply> {
  const call = byRule(asked, parts);
  const course = newCourse(call);
  const missing = call.rule?.model !== undefined && !modelRows(parts.registry).some(({ name }) => name === call.rule?.model || name === `${call.rule?.model}:latest`);
  if (missing) course.warnings.push({ code: "rule_model_missing", message: `the rule "${call.rule?.name}" asks for ${call.rule?.model}, which no backend has; the model of the tier answers` });
  const failures: Failure[] = [];
  for (;;) {
    if (call.signal.aborted) throw cancelled(call.signal);
    try {
      return await attempt(call, course, parts);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error instanceof NoTarget) throw noAnswer(call, error, failures);
      failures.push(error);
      await goOn(call, error, course, failures, parts);
    }
  }
}

/** The call under the line of the rule table that holds for it. */
function byRule(call: Call, { options }: RouteParts): Call {
  const { rules } = options.routing;
  if (rules.length === 0) return call;
  const rule = ruleFor(call.task, estimateTokens(plain(call.messages).map((each) => each.text), picturesIn(call.messages)), rules);
  return rule ? { ...call, rule, task: underRule(call.task, rule) } : call;
}

async function goOn(call: Call, failure: Failure, course: Course, failures: Failure[], parts: RouteParts): Promise<void> {
  const next = afterFailure(failure, call.task, course, parts.options.routing);
  const event = { backend: failure.backend, cause: failure.kind, requestId: call.task.requestId, documentId: call.task.documentId };
  parts.log.warn({ event: "attempt_failed", request_id: call.task.requestId, task_id: call.task.taskId, document_id: call.task.documentId, backend: failure.backend, location: failure.location, cause: failure.kind, next: next.do }, failure.message);
  if (next.do === "again") return pause(next.waitMs, call.signal);
  if (next.do === "fail") throw noAnswer(call, failures.at(-1)!, failures.slice(0, -1));
  if (next.do === "local_out") {
    course.localFailed.add(failure.backend);
    const toCloud = parts.options.routing.localToCloud && !course.cloudFailed && !isLocalLeft(call, course, parts);
    counted.fallback(failure.backend, toCloud ? "cloud" : "local", failure.kind);
    course.warnings.push(fallbackWarning(failure));
    return;
  }
  course.cloudFailed = failure.kind === "refused" ? failure.message : failure.kind;
  course.roomRetries = 0;
  if (next.holdMs) parts.breakers.hold(failure.backend, next.holdMs);
  if (next.degraded) {
    parts.registry.degrade(failure.backend, failure.message);
    course.warnings.push({ code: "backend_degraded", message: `the backend "${failure.backend}" is misconfigured: ${failure.message}` });
    parts.onEvent({ type: "degraded", ...event });
  }
  if (failure.kind === "blocked") parts.onEvent({ type: "blocked", ...event });
  counted.fallback(failure.backend, "local", failure.kind);
  course.warnings.push(fallbackWarning(failure));
  parts.onEvent({ type: "fallback", ...event });
}

const fallbackWarning = (failure: Failure) => ({ code: "fallback_used", message: `the backend "${failure.backend}" was left: ${failure.message}` });

const isLocalLeft = (call: Call, course: Course, parts: RouteParts): boolean =>
  parts.registry.local().some((entry) => entry.chosen[call.task.tier] && entry.state !== "quarantined" && !course.localFailed.has(entry.backend.id));

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    if (ms > 0) await sleep(ms, undefined, { signal });
  } catch {
    throw cancelled(signal);
  }
}

/** Failures of the request or the answer itself: asking again changes nothing. */
const ofTheAnswer = new Set<FailureKind>(["bad_request", "broken_stream", "empty", "thinking_only", "invalid"]);

/** The clear error at the end, with the cause of each side. The document waits; nothing is lost. */
function noAnswer(call: Call, last: Failure, failures: Failure[]): SluiceError {
  const causes = [...new Map(failures.concat(last instanceof NoTarget ? [] : [last]).map((each) => [each.backend + each.kind, `${each.location} "${each.backend}": ${each.message}`])).values()];
  const where = `step ${call.task.step}${call.task.chunkId ? `, chunk ${call.task.chunkId}` : ""}`;
  const decisive = last instanceof NoTarget ? (failures.at(-1) ?? last) : last;
  const said = causes.length ? causes.join("; ") : last.message;
  if (ofTheAnswer.has(decisive.kind)) return new SluiceError("model_failed", `no usable answer (${where}): ${said}`, { cause: decisive });
  const advice = call.task.classification === "public" ? "see `sluice check`" : "private text is answered by local models only; see `sluice check`";
  return new SluiceError("model_unavailable", `no model answers (${where}): ${said}; ${advice}`, { retryable: true, retryAfter: 30, cause: decisive });
}
