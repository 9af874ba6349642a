import type { Task } from "../../data/decision.ts";
import type { Facts, Verdict } from "../facts.ts";

/** The side whose measured p95 for this task type meets the requirement, the cheaper first; without history, local. */
export function latency(task: Task, { p95 }: Facts): Verdict {
  if (p95.local === null && p95.cloud === null) return { location: "local", reason: "no_latency_history", confidence: 0.7, rule: "latency.no_history" };
  const required = task.latencyMs ?? Infinity;
  if (p95.local !== null && p95.local <= required) return { location: "local", reason: "latency_met", confidence: 0.9, rule: "latency.local" };
  if (p95.cloud !== null && p95.cloud <= required) return { location: "cloud", reason: "latency_met", confidence: 0.9, rule: "latency.cloud" };
  if (p95.local === null) return { location: "local", reason: "no_latency_history", confidence: 0.7, rule: "latency.no_local_history" };
  const cloudIsFaster = p95.cloud !== null && p95.cloud < p95.local;
  return { location: cloudIsFaster ? "cloud" : "local", reason: "latency_not_met", confidence: 0.5, rule: "latency.fastest" };
}
