import { randomId, type Scope } from "../data/identity.ts";
import type { Class } from "../data/classification.ts";
import type { Decision, Tier } from "../data/decision.ts";
import type { ClearedRequest } from "../privacy/cleared-request.ts";
import type { SpendLedger } from "../stores/ledger/ledger.ts";
import type { Log } from "../telemetry.ts";
import type { AnswerCache, Parameters } from "./answer-cache.ts";
import { scopeOf, type Anonymised } from "./anonymise-call.ts";
import type { Audit, CloudAttempt } from "./audit.ts";
import type { Breakers } from "./breaker.ts";
import type { Budget, Held } from "./budget.ts";
import type { Call, Course, Reply } from "./call.ts";
import { cancelled, Failure, toFailure } from "./failure.ts";
import type { LatencyHistory } from "./latency-history.ts";
import type { Limiter } from "./limiter.ts";
import type { Memo } from "./memo.ts";
import { counted } from "./model-metrics.ts";
import type { ModelsOptions } from "./options.ts";
import { receive, type Received } from "./receive.ts";
import type { Target } from "./read-facts.ts";
import type { Registry } from "./registry.ts";
import { mapStrings } from "./structured.ts";
import { thinkValue } from "./thinking.ts";
import { type Calibration, estimateTokens } from "./tokens.ts";

/** The last gate, as privacy gives it. Throws `privacy_blocked`. */
export type Gate = (
  body: string,
  clearance: { texts: string[]; pictures: number; classification: Class | null; anonymised: boolean; scope: Scope; documentId: string | null },
) => Promise<ClearedRequest>;

export interface DispatchParts {
  options: ModelsOptions;
  registry: Registry;
  limiters: Map<string, Limiter>;
  breakers: Breakers;
  budget: Budget;
  spend: SpendLedger;
  memo: Memo;
  cache: AnswerCache;
  audit: Audit | null;
  gate: Gate;
  latency: LatencyHistory;
  calibration: Calibration;
  log: Log;
  answered: (tier: Tier, backend: string, model: string) => Promise<void>;
}

export interface Order {
  call: Call;
  course: Course;
  decision: Decision;
  target: Target;
  anonymised: Anonymised | null;
  /** Under which the memo keeps the answer: of the first question, where this is a second try. */
  hash: string;
  /** Of the messages as they are, for the cache. */
  asked: string;
  parameters: Parameters;
  /** Prompt tokens, an upper estimate. */
  estimated: number;
}

/** The money and the audit of one cloud attempt, open until it is settled. */
interface Account {
  held: Held;
  record: CloudAttempt;
  dispatched: boolean;
  settled: boolean;
}

/** The second half of an attempt: slot, reservation, backend with gate and audit intent, settlement, audit outcome. */
export async function dispatch(order: Order, parts: DispatchParts): Promise<Reply> {
  const { call, target } = order;
  const { id } = target.entry.backend;
  const release = await parts.limiters.get(id)!.slot(call.task.priority, call.signal);
  try {
    return target.entry.backend.options.location === "cloud" ? await throughCloud(order, parts) : await run(order, null, parts);
  } catch (error) {
    if (error instanceof Failure) {
      error.backend = id;
      error.location = order.decision.location;
      if (error.kind === "network") parts.registry.report(id, "down");
      if (error.kind === "missing" && error.location === "local") void parts.registry.refresh();
    }
    throw error;
  } finally {
    release();
  }
}

async function throughCloud(order: Order, parts: DispatchParts): Promise<Reply> {
  const { call, decision, target, estimated, parameters } = order;
  const { task } = call;
  const { id } = target.entry.backend;
  const usd = parts.budget.estimate(id, target.model.name, estimated, parameters.numPredict);
  if (usd === null) throw new Failure("refused", "model_not_priced", { sent: false });
  if (!parts.audit) throw new Failure("refused", "no_audit", { sent: false });
  const allowed: Class[] = order.anonymised ? ["public", "internal"] : ["public"];
  const held = await parts.budget.reserve({ tenant: task.tenant, backend: id, model: target.model.name, usd, tokens: estimated + parameters.numPredict, documentId: task.documentId, allowed });
  const record: CloudAttempt = { attemptId: randomId(), task, decision, anonymised: order.anonymised !== null, payloadHmac: "" };
  const account: Account = { held, record, dispatched: false, settled: false };
  const started = performance.now();
  let outcome = "failed";
  let charge = { usd: 0, promptTokens: 0, outputTokens: 0 };
  try {
    const reply = await run(order, account, parts);
    outcome = "answered";
    charge = reply;
    return reply;
  } catch (error) {
    outcome = error instanceof Failure ? error.kind : "error";
    if (account.dispatched && !account.settled) charge = chargeOf(error, order, parts);
    throw error;
  } finally {
    await close(account, charge, { outcome, latencyMs: performance.now() - started }, order, parts);
  }
}

/** A reservation that never left is released; one that left is charged, whatever became of the answer. */
async function close(account: Account, charge: { usd: number; promptTokens: number; outputTokens: number }, end: { outcome: string; latencyMs: number }, order: Order, parts: DispatchParts): Promise<void> {
  const { held, record, dispatched } = account;
  const { id } = order.target.entry.backend;
  try {
    if (!dispatched) return await parts.spend.release(held.id);
    if (!account.settled) await parts.spend.settle(held.id, charge);
    await parts.audit!.outcome(record, { outcome: end.outcome, promptTokens: charge.promptTokens, outputTokens: charge.outputTokens, costUsd: charge.usd, latencyMs: end.latencyMs });
  } catch (error) {
    // The reservation stays and is charged in full when it expires; the audit chain shows an intent without an outcome.
    parts.log.error({ event: "settlement_failed", attempt_id: record.attemptId, cause: (error as Error).name }, "a cloud attempt could not be settled");
  }
  await parts.budget.charged({ tenant: order.call.task.tenant, backend: id, model: order.target.model.name, usd: charge.usd });
}

/** What a failed attempt that had left costs: nothing when the server turned it down or was not reached, else the prompt and what had come. */
function chargeOf(error: unknown, { target, estimated }: Order, { budget }: DispatchParts): { usd: number; promptTokens: number; outputTokens: number } {
  if (error instanceof Failure && (error.status !== null || !error.sent)) return { usd: 0, promptTokens: 0, outputTokens: 0 };
  const outputTokens = (error as { outputTokens?: number }).outputTokens ?? 0;
  return { usd: budget.price(target.entry.backend.id, target.model.name, estimated, outputTokens), promptTokens: estimated, outputTokens };
}

async function run(order: Order, account: Account | null, parts: DispatchParts): Promise<Reply> {
  const { call, target, decision, anonymised, parameters } = order;
  const { task } = call;
  const { backend } = target.entry;
  const at = { location: decision.location, backend: backend.id, model: target.model.name, taskType: task.taskType };
  const timeout = AbortSignal.timeout(backend.options.timeoutMs);
  const started = performance.now();
  const clear = async (body: string, texts: string[], pictures: number): Promise<ClearedRequest> => {
    const cleared = await parts.gate(body, { texts, pictures, classification: task.classification, anonymised: anonymised !== null, scope: scopeOf(task), documentId: task.documentId });
    account!.record.payloadHmac = cleared.payloadHmac;
    await parts.audit!.intent(account!.record);
    await parts.spend.dispatched(account!.held.id);
    account!.dispatched = true;
    return cleared;
  };
  const request = {
    model: target.model.name,
    messages: anonymised?.messages ?? call.messages,
    temperature: parameters.temperature,
    numPredict: parameters.numPredict,
    think: thinkValue(target.model.name, target.model.capabilities, parameters.think as "off"),
    format: call.format,
    tools: call.tools,
    stop: call.stop,
    restricted: task.classification !== "public" || task.localOnly,
    signal: AbortSignal.any([call.signal, timeout]),
    clear: account ? clear : null,
  };
  let received: Received;
  try {
    received = await parts.breakers.run(backend.id, target.model.name, () =>
      receive(backend.chat(request), { restore: anonymised?.restore ?? null, onText: whole(call, anonymised) ? undefined : call.onText }).catch((error: unknown) => {
        const failure = toFailure(error, call.signal, timeout);
        if (failure instanceof Error && failure !== error) Object.assign(failure, { outputTokens: (error as { outputTokens?: number }).outputTokens ?? 0 });
        throw failure;
      }),
    );
  } catch (error) {
    counted.request(at, error instanceof Failure ? error.kind : "cancelled");
    throw error;
  }
  return finish(order, account, received, performance.now() - started, parts);
}

/** A structured answer under other names is shown when it is whole: escaping a name needs to know what stands around it. */
const whole = (call: Call, anonymised: Anonymised | null): boolean => anonymised !== null && call.format !== undefined;

/** Books the answer: counts, cost, memo and settlement in one step, cache; only then may anything use it. */
async function finish(order: Order, account: Account | null, received: Received, ms: number, parts: DispatchParts): Promise<Reply> {
  const { call, target, decision, anonymised, estimated, course, parameters } = order;
  const { task } = call;
  const { backend } = target.entry;
  const at = { location: decision.location, backend: backend.id, model: target.model.name, taskType: task.taskType };
  const promptTokens = received.promptTokens ?? estimated;
  const outputTokens = received.outputTokens ?? Math.max(1, estimateTokens([received.content]));
  if (received.promptTokens !== null) parts.calibration.learn(target.model.name, estimated, received.promptTokens);
  const usd = account ? parts.budget.price(backend.id, target.model.name, promptTokens, outputTokens) : 0;
  const restore = anonymised?.restore;
  const kept = {
    content: restore ? (call.format ? mapStrings(received.content, restore) : restore(received.content)) : received.content,
    toolCalls: restore ? received.toolCalls.map((each) => ({ ...each, args: mapStrings(each.args, restore) })) : received.toolCalls,
    doneReason: received.doneReason,
    backend: backend.id,
    location: decision.location,
    model: target.model.name,
    promptTokens,
    outputTokens,
    usd,
    savedUsd: parts.budget.saved(task.tier, promptTokens, outputTokens, usd),
    requestId: task.requestId,
    decision,
  };
  if (whole(call, anonymised)) call.onText?.(kept.content);
  const warnings = [...course.warnings];
  if (received.promptTokens !== null && received.promptTokens < estimated / 4 && estimated > backend.options.numCtx) {
    warnings.push({ code: "prompt_cut", message: `the backend "${backend.id}" read ${received.promptTokens} tokens of a prompt of about ${estimated}; raise numCtx` });
  }
  const reply: Reply = { ...kept, warnings, served: "model" };
  const valid = call.validate?.(reply) ?? true;
  const settlement = account ? { reservationId: account.held.id, usd, promptTokens, outputTokens } : null;
  const stored = await parts.memo.put(task, order.hash, kept, valid, settlement);
  if (account && !stored) await parts.spend.settle(account.held.id, { usd, promptTokens, outputTokens });
  if (account) account.settled = true;
  if (valid) await parts.cache.set(task, kept, order.asked, parameters);
  counted.request(at, valid ? "answered" : "invalid");
  counted.answer(at, promptTokens, outputTokens, ms);
  parts.latency.add(decision.location, task.taskType, ms);
  parts.registry.report(backend.id, "up");
  await parts.answered(task.tier, backend.id, target.model.name);
  if (call.signal.aborted) throw cancelled(call.signal);
  if (task.classification === "public" && received.thinking) parts.log.debug({ event: "thinking", request_id: task.requestId, task_id: task.taskId, text: received.thinking });
  return reply;
}
