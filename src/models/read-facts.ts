import type { Task } from "../data/decision.ts";
import { sha256 } from "../data/identity.ts";
import type { OfferedModel } from "./backends/backend.ts";
import type { Breakers } from "./breaker.ts";
import type { Budget, Spending } from "./budget.ts";
import type { Course } from "./call.ts";
import type { CloudFault, Facts } from "./facts.ts";
import type { GpuProbe } from "./gpu.ts";
import type { LatencyHistory } from "./latency-history.ts";
import type { Limiter } from "./limiter.ts";
import type { ModelsOptions } from "./options.ts";
import type { AppliedRule } from "./rules.ts";
import type { Entry, Registry } from "./registry.ts";
import { isPlaceholder } from "./secret.ts";

export interface Target {
  entry: Entry;
  model: OfferedModel;
}

export interface Reading {
  facts: Facts;
  local: Target | null;
  cloud: Target | null;
}

export interface FactParts {
  options: ModelsOptions;
  registry: Registry;
  budget: Budget;
  breakers: Breakers;
  limiters: Map<string, Limiter>;
  latency: LatencyHistory;
  gpu: GpuProbe;
}

const nothingSpent: Spending = { spentDay: 0, spentMonth: 0, tenantSpentDay: 0, tenantSpentMonth: 0 };

/** Reads everything that guards and strategies look at. Money is read only where the class leaves a way out at all. */
export async function readFacts(call: { task: Task; rule: AppliedRule | null; pictures: number; promptTokens: (model: string) => number; outputTokens: number }, course: Course, parts: FactParts): Promise<Reading> {
  const { task, rule } = call;
  const { options, breakers, budget } = parts;
  const local = localTarget(task, rule, course, parts);
  const mayLeave = (task.classification === "public" || task.classification === "internal") && !task.localOnly && task.taskType !== "embedding";
  const cloud = mayLeave ? pickCloud(task, rule, parts) : { target: null, fault: "disabled" as CloudFault };
  const { target } = cloud;
  const estimate = target ? budget.estimate(target.entry.backend.id, target.model.name, call.promptTokens(target.model.name), call.outputTokens) : 0;
  const open = target !== null && breakers.isOpen(target.entry.backend.id, target.model.name);
  let fault = cloud.fault ?? (estimate === null ? "unpriced" : null);
  if (target && !fault && !(await budget.tokensLeft(target.entry.backend.id))) fault = "token_limit";
  const spending = target && !fault ? await budget.spending(task.tenant) : nothingSpent;
  const { budgets, routing } = options;
  const facts: Facts = {
    strategy: routing.strategy,
    thresholds: routing.thresholds,
    anonymisedClean: false,
    pictures: call.pictures,
    picturesMayLeave: options.visionCloud,
    cloud: { backend: target?.entry.backend.id ?? null, model: target?.model.name ?? null, fault },
    budget: { ...spending, estimate: estimate ?? 0, day: budgets.dayUsd, month: budgets.monthUsd, tenantDay: budgets.tenantDayUsd, tenantMonth: budgets.tenantMonthUsd },
    breakerOpen: open,
    rolledOut: included(task.documentId ?? task.requestId, routing.rollout[task.taskType] ?? routing.rolloutPercent),
    gpuLoad: parts.gpu.load() ?? ownLoad(parts),
    p95: routing.strategy === "latency_optimized" ? { local: parts.latency.p95("local", task.taskType), cloud: parts.latency.p95("cloud", task.taskType) } : { local: null, cloud: null },
    localLeft: local !== null,
    localToCloud: routing.localToCloud,
    cloudFailed: course.cloudFailed,
    rule,
  };
  return { facts, local, cloud: fault ? null : target };
}

/** A stable share of the documents: the same one is always in or always out. */
export const included = (id: string, percent: number): boolean => percent >= 100 || (Number.parseInt(sha256(id).slice(0, 8), 16) / 2 ** 32) * 100 < percent;

/** The model that a rule names, where this backend has it; else that of the tier. A local one that is forwarded is none. */
function modelOf(entry: Entry, task: Task, rule: AppliedRule | null): OfferedModel | undefined {
  if (!rule?.model) return entry.chosen[task.tier];
  const named = entry.offered.find((model) => model.name === rule.model || model.name === `${rule.model}:latest`);
  return named && !(named.forwards && entry.backend.options.location === "local") ? named : entry.chosen[task.tier];
}

/** A rule that names a backend of this side, or a model that another of this side has, passes the others over. */
function isPassedOver(entry: Entry, rule: AppliedRule | null, side: Entry[]): boolean {
  if (!rule || (!rule.backend && !rule.model)) return false;
  if (rule.backend && side.some((each) => each.backend.id === rule.backend)) return entry.backend.id !== rule.backend;
  const has = (each: Entry) => rule.model !== undefined && each.offered.some((model) => model.name === rule.model || model.name === `${rule.model}:latest`);
  return side.some((each) => each.state === "up" && has(each)) && !has(entry);
}

let picks = 0;
const pickedAt = new WeakMap<Entry, number>();

/**
 * Least connections; those that are up and whose breaker is closed first. Between equals one that has the model in memory,
 * then the one whose turn is longest ago. A backend that failed this call is not asked again.
 */
function localTarget(task: Task, rule: AppliedRule | null, course: Course, parts: FactParts): Target | null {
  if (task.tier === "embedding") return null; // vectors have a way of their own
  let best: { target: Target; rank: [number, number, number, number] } | null = null;
  for (const entry of parts.registry.local()) {
    if (isPassedOver(entry, rule, parts.registry.local())) continue;
    const model = modelOf(entry, task, rule);
    if (!model || entry.state === "quarantined" || course.localFailed.has(entry.backend.id)) continue;
    const away = entry.state === "down" || parts.breakers.isOpen(entry.backend.id, model.name);
    const rank: [number, number, number, number] = [away ? 1 : 0, parts.limiters.get(entry.backend.id)?.load() ?? 0, model.resident ? 0 : 1, pickedAt.get(entry) ?? 0];
    if (!best || isBefore(rank, best.rank)) best = { target: { entry, model }, rank };
  }
  return best?.target ?? null;
}

/** Chosen at the last moment, right before it queues for its slot: of many calls at the same time each sees those before it. */
export function takeLocal(task: Task, rule: AppliedRule | null, course: Course, parts: FactParts): Target | null {
  const target = localTarget(task, rule, course, parts);
  if (target) pickedAt.set(target.entry, ++picks);
  return target;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value < b[index]!;
  return false;
}

/** The first cloud that can be asked; else the first one, with what is wrong with it. */
function pickCloud(task: Task, rule: AppliedRule | null, parts: FactParts): { target: Target | null; fault: CloudFault | null } {
  let fault: CloudFault | null = null;
  let held: Target | null = null;
  for (const entry of parts.registry.cloud()) {
    const { apiKey } = entry.backend.options;
    if (isPassedOver(entry, rule, parts.registry.cloud())) continue;
    const model = modelOf(entry, task, rule);
    if (!apiKey) fault ??= "no_key";
    else if (isPlaceholder(apiKey)) fault ??= "placeholder_key";
    else if (!model) fault ??= entry.state === "down" ? "down" : "no_model";
    else if (parts.breakers.isOpen(entry.backend.id, model.name)) held ??= { entry, model };
    else return { target: { entry, model }, fault: null };
  }
  return held ? { target: held, fault: null } : { target: null, fault: fault ?? "disabled" };
}

function ownLoad({ registry, limiters }: FactParts): number | null {
  const loads = registry.local().map((entry) => Math.min(1, limiters.get(entry.backend.id)?.load() ?? 0));
  return loads.length ? Math.min(...loads) : null;
}
