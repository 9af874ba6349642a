import type { Task } from "../data/decision.ts";
import type { Facts, Verdict } from "./facts.ts";

type Guard = (task: Task, facts: Facts) => Verdict | null;

const local = (reason: string, rule: string): Verdict => ({ location: "local", reason, confidence: 1, rule: `guard.${rule}` });

const classification: Guard = (task, facts) => {
  if (task.localOnly) return local("sensitive_data", "local_only");
  if (task.classification === "public" || task.classification === "internal") {
    const mayLeave = facts.pictures === 0 || (facts.picturesMayLeave && task.classification === "public");
    return mayLeave ? null : local("pictures_stay_local", "pictures");
  }
  return local("sensitive_data", task.classification ?? "unknown_class");
};

const anonymised: Guard = (task, facts) => (task.classification === "internal" && !facts.anonymisedClean ? local("internal_not_anonymised", "anonymised") : null);

const embedding: Guard = (task) => (task.taskType === "embedding" || task.tier === "embedding" ? local("embeddings_stay_local", "embedding") : null);

const availability: Guard = (_task, facts) => (facts.cloud.fault ? local("cloud_unavailable", `cloud.${facts.cloud.fault}`) : null);

const budget: Guard = (_task, { budget: money }) => {
  const over = (spent: number, limit: number) => !(spent + money.estimate <= limit); // not a number is over, too
  if (over(money.spentDay, money.day)) return local("budget_exceeded", "budget.day");
  if (over(money.spentMonth, money.month)) return local("budget_exceeded", "budget.month");
  if (over(money.tenantSpentDay, money.tenantDay)) return local("budget_exceeded", "budget.tenant_day");
  if (over(money.tenantSpentMonth, money.tenantMonth)) return local("budget_exceeded", "budget.tenant_month");
  return null;
};

const breaker: Guard = (_task, facts) => {
  if (facts.breakerOpen) return local("circuit_open", "breaker");
  return facts.rolledOut ? null : local("rollout", "rollout");
};

/** In the order of routing.md; 1 to 3 come first because nothing may outrank privacy. */
const guards: readonly Guard[] = [classification, anonymised, embedding, availability, budget, breaker];

/**
 * The verdict of the first guard that keeps a task local, or null when it may leave. Runs on every attempt; no option
 * turns one off.
 */
export function guard(task: Task, facts: Facts): Verdict | null {
  for (const each of guards) {
    const verdict = each(task, facts);
    if (verdict) return verdict;
  }
  return null;
}
