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
export async function readFacts(call: { task: Task; pictures: number; promptTokens: (model: string) => number; outputTokens: number }, course: Course, parts: FactParts): Promise<Reading> {
  const { task } = call;
  const { options, breakers, budget } = parts;
  const local = task.tier === "embedding" ? null : pickLocal(task, course, parts);
  const mayLeave = (task.classification === "public" || task.classification === "internal") && !task.localOnly && task.taskType !== "embedding";
  const cloud = mayLeave ? pickCloud(task, parts) : { target: null, fault: "disabled" as CloudFault };
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
    rolledOut: included(task.documentId ?? task.requestId, routing.rolloutPercent),
    gpuLoad: parts.gpu.load() ?? ownLoad(parts),
    p95: routing.strategy === "latency_optimized" ? { local: parts.latency.p95("local", task.taskType), cloud: parts.latency.p95("cloud", task.taskType) } : { local: null, cloud: null },
    localLeft: local !== null,
    localToCloud: routing.localToCloud,
    cloudFailed: course.cloudFailed,
  };
  return { facts, local, cloud: fault ? null : target };
}

/** A stable share of the documents: the same one is always in or always out. */
export const included = (id: string, percent: number): boolean => percent >= 100 || (Number.parseInt(sha256(id).slice(0, 8), 16) / 2 ** 32) * 100 < percent;

/** Least connections; those that are up and whose breaker is closed first. A backend that failed this call is not asked again. */
function pickLocal(task: Task, course: Course, parts: FactParts): Target | null {
  let best: { target: Target; rank: number } | null = null;
  for (const entry of parts.registry.local()) {
    const model = entry.chosen[task.tier];
    if (!model || entry.state === "quarantined" || course.localFailed.has(entry.backend.id)) continue;
    const away = entry.state === "down" || parts.breakers.isOpen(entry.backend.id, model.name);
    const rank = (away ? 1e9 : 0) + (parts.limiters.get(entry.backend.id)?.load() ?? 0) + Math.random() * 0.01; // even where they are equal
    if (!best || rank < best.rank) best = { target: { entry, model }, rank };
  }
  return best?.target ?? null;
}

/** The first cloud that can be asked; else the first one, with what is wrong with it. */
function pickCloud(task: Task, parts: FactParts): { target: Target | null; fault: CloudFault | null } {
  let fault: CloudFault | null = null;
  let held: Target | null = null;
  for (const entry of parts.registry.cloud()) {
    const { apiKey } = entry.backend.options;
    const model = entry.chosen[task.tier];
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
