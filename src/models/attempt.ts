import type { Decision, Tier } from "../data/decision.ts";
import type { Log } from "../telemetry.ts";
import type { AnswerCache, Parameters } from "./answer-cache.ts";
import { anonymiseCall, type Anonymise } from "./anonymise-call.ts";
import type { Call, Course, Reply } from "./call.ts";
import { decide, type Ruling } from "./decide.ts";
import { decisionLine } from "./decision-line.ts";
import { dispatch, type DispatchParts, type Order } from "./dispatch.ts";
import { Failure } from "./failure.ts";
import type { Kept, Memo } from "./memo.ts";
import { messagesHash, picturesIn, plain } from "./messages.ts";
import { counted } from "./model-metrics.ts";
import { pullCommand } from "./pull-command.ts";
import { readFacts, takeLocal, type FactParts, type Reading, type Target } from "./read-facts.ts";
import { outputBudget } from "./thinking.ts";
import { estimateTokens } from "./tokens.ts";
import { usageRow } from "./usage.ts";

export interface AttemptParts extends FactParts, DispatchParts {
  memo: Memo;
  cache: AnswerCache;
  anonymise: Anonymise;
  log: Log;
}

/** No backend is left that may answer: the end of the line, whatever failed before. */
export class NoTarget extends Failure {
  readonly decision: Decision;

  constructor(decision: Decision, tier: Tier, advice: string | null) {
    super("missing", `no ${decision.location} backend has a model for the tier "${tier}"${advice ? `: ${advice}` : ""}`, { sent: false });
    this.decision = decision;
  }
}

/**
 * One attempt, in this order and nowhere else: memo, cache, anonymise, guards, strategy; then `dispatch` does limiter,
 * reservation, backend, settlement and audit. Memo and cache come first because an answer that we have costs nothing and
 * sends nothing; the guards come after anonymising because its verdict is one of their facts.
 */
export async function attempt(call: Call, course: Course, parts: AttemptParts): Promise<Reply> {
  const { task } = call;
  // A hash of the whole prompt is worth making only where something is kept under it.
  const isKept = task.documentId !== null || parts.options.cache.enabled;
  const asked = isKept ? messagesHash(call.messages) : "";
  const hash = call.memoHash ?? asked;
  const remembered = await parts.memo.get(task, hash);
  if (remembered) return serve(remembered, "memo", call, course);

  const tierOptions = task.tier === "embedding" ? null : parts.options.tiers[task.tier];
  const think = tierOptions?.think ?? "off";
  const numPredict = outputBudget(think, task.maxOutputTokens) * 2 ** course.roomRetries;
  const pictures = picturesIn(call.messages);
  const texts = [...plain(call.messages).map((each) => each.text), ...(call.format ? [JSON.stringify(call.format)] : []), ...(call.tools ? [JSON.stringify(call.tools)] : [])];
  const estimated = estimateTokens(texts, pictures);
  const promptTokens = (model: string) => parts.calibration.upper(model, estimated);
  const reading = await readFacts({ task: sized(call, parts), rule: call.rule ?? null, pictures, promptTokens, outputTokens: numPredict }, course, parts);

  const parameters: Parameters = { tier: task.tier, temperature: tierOptions?.temperature ?? 0, numPredict, think, format: call.format, tools: call.tools, stop: call.stop };
  const cached = await fromCache(call, reading, asked, parameters, parts);
  if (cached) {
    const used = usageRow(task, cached, { cacheHits: 1 });
    const reply = serve(cached, "cache", call, course);
    const mine = { ...cached, requestId: task.requestId, promptTokens: 0, outputTokens: 0, usd: 0, savedUsd: 0, fromCache: true };
    // The cache may be lost; a document that is taken up again has what it had.
    const stored = (call.validate?.(reply) ?? true) && (await parts.memo.put(task, hash, mine, true, null, used));
    if (!stored) parts.usage.note(used);
    return reply;
  }

  const mayLeave = task.classification === "internal" && ruling(call, reading, true, parts).location === "cloud";
  const anonymised = mayLeave ? await anonymiseCall(call, parts.anonymise) : null;
  const ruled = ruling(call, reading, anonymised !== null, parts);
  const target = ruled.location === "cloud" ? reading.cloud : takeLocal(task, call.rule ?? null, course, parts);
  const decision = decided(ruled, target);
  const line = decisionLine(sized(call, parts), { ...reading.facts, anonymisedClean: anonymised !== null }, decision);
  counted.decision(decision);
  parts.log.info({ event: "execution_routing", request_id: task.requestId, task_id: task.taskId, document_id: task.documentId, step: task.step, ...line });
  if (decision.reason === "budget_exceeded") void parts.budget.refused(task.tenant, decision.rule);
  if (!target) throw noTarget(decision, task, course, parts);
  call.onDecision?.(decision);
  const order = { call, course, decision, line, target, anonymised: ruled.location === "cloud" ? anonymised : null, hash, asked, parameters, estimated: promptTokens(target.model.name) };
  try {
    return await dispatch(order, parts);
  } catch (error) {
    if (error instanceof Failure) await keepFailed(error, order, parts);
    throw error;
  }
}

/** For whoever asks later why a call went where it went; the attempt has failed whether this is written or not. */
async function keepFailed({ kind }: Failure, { call, hash, decision, line }: Order, { memo, log }: AttemptParts): Promise<void> {
  await memo.failed(call.task, hash, kind, decision, line).catch((error: unknown) => log.warn({ event: "decision_lost", request_id: call.task.requestId, cause: (error as Error).name }, "the decision behind a failed attempt could not be kept"));
}

/** Where no local server has such a model, the command that gets one; not where one has it and failed. */
function noTarget(decision: Decision, task: Call["task"], course: Course, { options, registry }: AttemptParts): NoTarget {
  const isMissing = decision.location === "local" && course.localFailed.size === 0 && registry.local().length > 0 && registry.local().every((entry) => entry.state === "up");
  return new NoTarget(decision, task.tier, isMissing ? `\`${pullCommand(options, task.tier)}\`` : null);
}

const ruling = (call: Call, reading: Reading, clean: boolean, parts: AttemptParts): Ruling => decide(sized(call, parts), { ...reading.facts, anonymisedClean: clean });

/** The size of the model that the tier asks for by name, where the caller did not say and it is known. */
function sized(call: Call, parts: AttemptParts): Call["task"] {
  const { task } = call;
  if (task.modelSizeGb !== null || task.tier === "embedding" || parts.options.tiers[task.tier].local === "auto") return task;
  const bytes = parts.registry.local().map((entry) => entry.chosen[task.tier]?.size ?? 0).find((size) => size > 0);
  return bytes ? { ...task, modelSizeGb: bytes / 1e9 } : task;
}

const decided = (ruled: Ruling, target: Target | null): Decision => ({
  location: ruled.location,
  backend: target?.entry.backend.id ?? null,
  model: target?.model.name ?? null,
  reason: ruled.reason,
  confidence: ruled.confidence,
  rule: ruled.rule,
  considered: ruled.considered,
});

/** Asked under the model that would be called now: with the text as it is, and (internal) as if anonymising comes out clean. */
async function fromCache(call: Call, reading: Reading, hash: string, parameters: Parameters, parts: AttemptParts): Promise<Kept | null> {
  const tried = new Set<Target>();
  for (const clean of call.task.classification === "internal" ? [true, false] : [false]) {
    const target = ruling(call, reading, clean, parts).location === "cloud" ? reading.cloud : reading.local;
    if (!target || tried.has(target)) continue;
    tried.add(target);
    const kept = await parts.cache.get(call.task, { backend: target.entry.backend.id, model: target.model.name }, hash, parameters);
    if (kept) return kept;
  }
  return null;
}

/** An answer that costs nothing now; one that no longer fits what the caller validates is not served. */
function serve(kept: Kept, served: "memo" | "cache", call: Call, course: Course): Reply {
  const { usd, savedUsd, promptTokens, outputTokens } = kept;
  const earlier = served === "memo" && kept.requestId === call.task.requestId ? { usd, savedUsd, promptTokens, outputTokens } : null;
  const reply: Reply = { ...kept, usd: 0, savedUsd: 0, promptTokens: 0, outputTokens: 0, earlier, warnings: course.warnings, served };
  call.onDecision?.(reply.decision);
  if (reply.content) call.onText?.(reply.content);
  return reply;
}
