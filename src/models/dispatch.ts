import { randomId, type Scope } from "../data/identity.ts";
import type { Class } from "../data/classification.ts";
import type { Decision, Tier } from "../data/decision.ts";
import type { ClearedRequest } from "../privacy/cleared-request.ts";
import type { BackendCall } from "./backends/backend.ts";
import { toNano } from "../stores/ledger/money.ts";
import type { Leaving, SpendLedger } from "../stores/ledger/paid-calls.ts";
import type { Log } from "../telemetry.ts";
import type { AnswerCache, Parameters } from "./answer-cache.ts";
import { scopeOf, type Anonymised } from "./anonymise-call.ts";
import { type Account, book, chargeOf, closeAccount, noCharge } from "./account.ts";
import type { Audit, CloudAttempt } from "./audit.ts";
import type { Breakers } from "./breaker.ts";
import { type Budget, savedUsd } from "./budget.ts";
import type { Call, Course, Reply } from "./call.ts";
import { answered, startCallSpan } from "./call-span.ts";
import { startDeadline } from "./deadline.ts";
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
import { type Calibration, countOf, estimateTokens } from "./tokens.ts";
import { type Usage, usageRow } from "./usage.ts";

/** The last gate, as privacy gives it. Throws `privacy_blocked`. */
export type Gate = (
  body: string,
  clearance: { texts: string[]; pictures: number; classification: Class | null; anonymised: boolean; scope: Scope; documentId: string | null; sources?: string[]; isOfPassage?: boolean },
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
  usage: Usage;
  latency: LatencyHistory;
  calibration: Calibration;
  log: Log;
  answered: (tier: Tier, backend: string, model: string) => Promise<void>;
}

export interface Order {
  call: Call;
  course: Course;
  decision: Decision;
  /** The decision with all that it was made of. */
  line: object;
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

type Clear = NonNullable<BackendCall["clear"]>;

/** What a paid call has besides: its account, and the way of its body out, on which it is held to its class and its money. */
interface Paid {
  account: Account;
  clear: Clear;
}

/** An order that has its slot. */
interface Placed extends Order {
  release(): void;
}

/** The second half of an attempt: slot, reservation, backend with gate and audit intent, settlement, audit outcome. */
export async function dispatch(order: Order, parts: DispatchParts): Promise<Reply> {
  const { call, target } = order;
  const { id } = target.entry.backend;
  const release = await parts.limiters.get(id)!.slot(call.task.priority, call.signal, call.task.tenant);
  try {
    const placed = { ...order, release };
    return target.entry.backend.options.location === "cloud" ? await throughCloud(placed, parts) : await run(placed, null, parts);
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

/** The documents whose text a call holds: each must still be of a class that may leave when the money is reserved. */
function leavingWith({ documentId, sources = [], passageLease: lease }: Order["call"]["task"], allowed: Class[]): Leaving | null {
  const ids = [...new Set([...(documentId === null ? [] : [documentId]), ...sources])];
  return ids.length === 0 ? null : { ids, allowed, passage: documentId !== null && lease ? { documentId, lease } : null };
}

async function throughCloud(order: Placed, parts: DispatchParts): Promise<Reply> {
  const { call, decision, target, estimated, parameters } = order;
  const { task } = call;
  const { id } = target.entry.backend;
  const usd = parts.budget.estimate(id, target.model.name, estimated, parameters.numPredict);
  if (usd === null) throw new Failure("refused", "model_not_priced", { sent: false });
  const { audit } = parts;
  if (!audit) throw new Failure("refused", "no_audit", { sent: false });
  const record: CloudAttempt = { attemptId: randomId(), task, decision, releaseId: null, anonymised: order.anonymised !== null, payloadHmac: "" };
  const account: Account = { record, held: null, isSettled: false, isRecorded: false, charge: noCharge };
  const clear: Clear = async (body, texts, pictures) => {
    const cleared = await parts.gate(body, { texts, pictures, classification: task.classification, anonymised: record.anonymised, scope: scopeOf(task), documentId: task.documentId, sources: task.sources ?? [], isOfPassage: task.passageLease !== undefined });
    record.payloadHmac = cleared.payloadHmac;
    // Nothing would be sent for a caller who left meanwhile, and the whole prompt be charged.
    if (call.signal.aborted) throw cancelled(call.signal);
    const toPay = { id: record.attemptId, tenant: task.tenant, backend: id, model: target.model.name, taskType: task.taskType, usd, tokens: estimated + parameters.numPredict, documentId: task.documentId, documents: leavingWith(task, record.anonymised ? ["public", "internal"] : ["public"]) };
    account.held = await parts.budget.hold(toPay, (asked) => audit.intent(record, asked));
    return cleared;
  };
  const started = performance.now();
  let outcome = "error";
  try {
    return await run(order, { account, clear }, parts);
  } catch (error) {
    if (error instanceof Failure) outcome = error.kind;
    if (account.held && !account.isSettled) account.charge = chargeOf(error, { backend: id, model: target.model.name, promptTokens: estimated }, account.held, parts.budget);
    throw error;
  } finally {
    await closeAccount(account, { outcome, latencyMs: performance.now() - started }, parts);
  }
}

async function run(order: Placed, paid: Paid | null, parts: DispatchParts): Promise<Reply> {
  const { call, target, decision, anonymised, parameters } = order;
  const { task } = call;
  const { backend } = target.entry;
  const at = { location: decision.location, backend: backend.id, model: target.model.name, taskType: task.taskType };
  const deadline = startDeadline(backend.options.timeoutMs, call.signal);
  const started = performance.now();
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
    signal: deadline.either,
    clear: paid?.clear ?? null,
  };
  const span = startCallSpan({ task, decision, backend: backend.options, model: target.model.name, temperature: parameters.temperature, numPredict: parameters.numPredict });
  let received: Received;
  try {
    received = await parts.breakers.run(backend.id, target.model.name, () =>
      receive(backend.chat(request), { restore: anonymised?.restore ?? null, onText: whole(call, anonymised) ? undefined : call.onText }).catch((error: unknown) => {
        const failure = toFailure(error, call.signal, deadline.signal);
        if (failure instanceof Error && failure !== error) Object.assign(failure, { outputTokens: (error as { outputTokens?: number }).outputTokens ?? 0 });
        throw failure;
      }),
    );
  } catch (error) {
    const kind = error instanceof Failure ? error.kind : "cancelled";
    span.end({ errorType: kind });
    const isAsked = error instanceof Failure && error.kind !== "circuit_open" && error.kind !== "refused";
    if (kind !== "refused") counted.request(at, kind);
    if (isAsked) parts.usage.note(usageRow(task, at, { calls: 1 }));
    throw error;
  } finally {
    deadline.end();
  }
  // The backend is free for the next call; a paid answer keeps its slot until it is booked, so that a crash loses few of them.
  if (!paid) order.release();
  const ms = performance.now() - started;
  try {
    const reply = await finish(order, paid?.account ?? null, received, ms, parts);
    span.end({ attributes: answered(reply) });
    return reply;
  } catch (error) {
    span.end({ errorType: call.signal.aborted ? "cancelled" : "not_booked" });
    throw error;
  }
}

/** A structured answer under other names is shown when it is whole: escaping a name needs to know what stands around it. */
const whole = (call: Call, anonymised: Anonymised | null): boolean => anonymised !== null && call.format !== undefined;

/** Books the answer: counts, cost, memo and settlement in one step, cache; only then may anything use it. */
async function finish(order: Order, account: Account | null, received: Received, ms: number, parts: DispatchParts): Promise<Reply> {
  const { call, target, decision, anonymised, estimated, course, parameters } = order;
  const { task } = call;
  const { backend } = target.entry;
  const at = { location: decision.location, backend: backend.id, model: target.model.name, taskType: task.taskType };
  // A count that is missing, or nothing, is estimated: what was paid for never counts as free.
  const read = countOf(received.promptTokens);
  const promptTokens = read ?? estimated;
  const outputTokens = countOf(received.outputTokens) ?? Math.max(1, estimateTokens([received.content, received.thinking, ...received.toolCalls.map((each) => each.args)]));
  const tokens = { promptTokens, cachedTokens: countOf(received.cachedTokens), outputTokens };
  if (read) parts.calibration.learn(target.model.name, estimated, read);
  const held = account?.held ?? null;
  const usd = held ? parts.budget.price(backend.id, target.model.name, tokens, held) : 0;
  if (account && held && usd > held.usd) parts.log.warn({ event: "estimate_exceeded", request_id: task.requestId, attempt_id: account.record.attemptId, backend: backend.id, model: target.model.name, usd, reserved_usd: held.usd }, "a call cost more than was reserved for it");
  const reference = parts.budget.reference(task.tier, tokens);
  const restore = anonymised?.restore;
  const kept = {
    content: restore ? (call.format ? mapStrings(received.content, (text) => restore(text, true)) : restore(received.content)) : received.content,
    toolCalls: restore ? received.toolCalls.map((each) => ({ ...each, args: mapStrings(each.args, (text) => restore(text, true)) })) : received.toolCalls,
    doneReason: received.doneReason,
    backend: backend.id,
    location: decision.location,
    model: target.model.name,
    promptTokens,
    outputTokens,
    usd,
    savedUsd: savedUsd(reference, usd),
    requestId: task.requestId,
    decision,
    line: { ...order.line },
  };
  if (whole(call, anonymised)) call.onText?.(kept.content);
  const warnings = [...course.warnings];
  if (received.promptTokens !== null && received.promptTokens < estimated / 4 && estimated > backend.options.numCtx) {
    warnings.push({ code: "prompt_cut", message: `the backend "${backend.id}" read ${received.promptTokens} tokens of a prompt of about ${estimated}; raise numCtx` });
  }
  const reply: Reply = { ...kept, warnings, served: "model" };
  const valid = call.validate?.(reply) ?? true;
  const settlement = account ? { reservationId: account.record.attemptId, usd, promptTokens, outputTokens } : null;
  const isFallback = course.cloudFailed !== null || course.localFailed.size > 0;
  const used = usageRow(task, at, { calls: 1, succeeded: valid ? 1 : 0, promptTokens, outputTokens, referenceNano: toNano(reference ?? usd), fallbacks: isFallback ? 1 : 0, ms });
  const stored = await parts.memo.put(task, order.hash, kept, valid, settlement, used);
  if (!stored) parts.usage.note(used);
  if (account) {
    account.charge = { usd, promptTokens, outputTokens };
    account.isSettled = stored;
    await book(account, { outcome: "answered", latencyMs: ms }, parts);
  }
  if (valid) await parts.cache.set(task, kept, order.asked, parameters);
  counted.request(at, valid ? "answered" : "invalid");
  counted.answer(at, promptTokens, outputTokens, ms);
  parts.latency.add(decision.location, task.taskType, ms);
  parts.registry.report(backend.id, "up", target.model.name);
  await parts.answered(task.tier, backend.id, target.model.name);
  if (call.signal.aborted) throw cancelled(call.signal);
  if (task.classification === "public" && received.thinking) parts.log.debug({ event: "thinking", request_id: task.requestId, task_id: task.taskId, text: received.thinking });
  return reply;
}
