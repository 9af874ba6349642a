import type { Location } from "../data/decision.ts";
import type { Thresholds } from "./options.ts";
import type { AppliedRule } from "./rules.ts";

/** Why a cloud cannot be asked at all. */
export type CloudFault = "disabled" | "no_key" | "placeholder_key" | "no_model" | "down" | "unpriced" | "token_limit";

/** All that guards and strategies may look at besides the task: read before, logged with the decision, so that it can be replayed. */
export interface Facts {
  strategy: "cost_optimized" | "quality_optimized" | "latency_optimized" | "hybrid";
  thresholds: Thresholds;
  /** The messages were anonymised and the result, read again, was clean. */
  anonymisedClean: boolean;
  pictures: number;
  /** `vision.cloud`. */
  picturesMayLeave: boolean;
  cloud: { backend: string | null; model: string | null; fault: CloudFault | null };
  /** USD; `spent` includes what is reserved. */
  budget: { spentDay: number; spentMonth: number; tenantSpentDay: number; tenantSpentMonth: number; estimate: number; day: number; month: number; tenantDay: number; tenantMonth: number };
  breakerOpen: boolean;
  /** The rollout percentage includes this task. */
  rolledOut: boolean;
  /** Share of the local GPU in use, 0..1; null is unknown, and unknown is not busy. */
  gpuLoad: number | null;
  /** Measured p95 of this task type, ms; null without history, and where no strategy asks for it. */
  p95: Record<Location, number | null>;
  /** A local backend that has not failed this call is there. */
  localLeft: boolean;
  localToCloud: boolean;
  /** Kind of failure that ruled the cloud out for this call. */
  cloudFailed: string | null;
  /** The line of the rule table that holds for this call. */
  rule: AppliedRule | null;
}

/** What a guard or a strategy says. */
export interface Verdict {
  location: Location;
  reason: string;
  confidence: number;
  rule: string;
}
