import type { Location, Task } from "../data/decision.ts";
import type { Facts, Verdict } from "./facts.ts";
import { guard } from "./guards.ts";
import { cost } from "./strategies/cost.ts";
import { hybrid } from "./strategies/hybrid.ts";
import { latency } from "./strategies/latency.ts";
import { quality } from "./strategies/quality.ts";

const strategies = { hybrid, quality_optimized: quality, cost_optimized: cost, latency_optimized: latency };

export interface Ruling extends Verdict {
  considered: { location: Location; reason: string }[];
}

/**
 * Guards, then a rule of the operator's that names a side, then the strategy: pure, so that a decision can be replayed from its log line. A cloud that failed this call is
 * not asked again, and a cloud stands in for a missing local model only where the guards let it and `localToCloud` is on.
 */
export function decide(task: Task, facts: Facts): Ruling {
  const kept = guard(task, facts);
  if (facts.cloudFailed && (!kept || kept.reason === "circuit_open" || kept.reason === "cloud_unavailable")) {
    return { location: "local", reason: "fallback_used", confidence: 1, rule: "fallback", considered: [{ location: "cloud", reason: facts.cloudFailed }] };
  }
  if (kept) return { ...kept, considered: [{ location: "cloud", reason: kept.reason }] };
  if (facts.rule?.location) {
    const { name, location } = facts.rule;
    return { location, reason: "rule", confidence: 1, rule: `rule.${name}`, considered: [{ location: location === "local" ? "cloud" : "local", reason: "rule" }] };
  }
  const chosen = strategies[facts.strategy](task, facts);
  if (chosen.location === "local" && !facts.localLeft && facts.localToCloud) {
    return { location: "cloud", reason: "local_unavailable", confidence: 1, rule: "local_to_cloud", considered: [{ location: "local", reason: "local_unavailable" }] };
  }
  return { ...chosen, considered: [{ location: chosen.location === "local" ? "cloud" : "local", reason: chosen.reason }] };
}
