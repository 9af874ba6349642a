import type { Task } from "../data/decision.ts";
import type { Course } from "./call.ts";
import { type Failure, type FailureKind, usagePeriodMs } from "./failure.ts";
import type { RoutingOptions } from "./options.ts";

/** What follows a failed attempt. `holdMs`: the backend is left alone for that long; `degraded`: somebody has to mend it. */
export type Next = { do: "again"; waitMs: number } | { do: "cloud_out"; holdMs?: number; degraded?: boolean } | { do: "local_out" } | { do: "fail" };

const retriedOnce = new Set<FailureKind>(["network", "timeout", "server", "broken_stream", "empty"]);

/** Longest that a call waits because a server asks it to. */
const longestWaitMs = 60_000;

/** The fallback table of routing.md: the only place that decides on retries. Counts in `course` what it grants. */
export function afterFailure(failure: Failure, task: Task, course: Course, options: RoutingOptions, random: () => number = Math.random): Next {
  if (failure.kind === "thinking_only" && course.roomRetries < 1) {
    course.roomRetries++;
    return { do: "again", waitMs: 0 };
  }
  // A server that asks for minutes is left alone for them, and others answer meanwhile.
  if (failure.kind === "rate_limit" && failure.location === "cloud" && (failure.retryAfterMs ?? 0) > longestWaitMs) return { do: "cloud_out", holdMs: failure.retryAfterMs! };
  if (failure.kind === "rate_limit" && options.onRateLimit === "queue" && course.rateLimitWaits < options.rateLimitWaits) {
    const waitMs = failure.retryAfterMs !== null ? Math.min(failure.retryAfterMs, longestWaitMs) : Math.min(30_000, options.retryDelayMs * 2 ** course.rateLimitWaits) * (0.5 + random() / 2);
    // Who asked for an answer within a second does not wait half a minute for a slot.
    if (task.latencyMs === null || waitMs <= task.latencyMs) {
      course.rateLimitWaits++;
      return { do: "again", waitMs };
    }
  }
  return failure.location === "cloud" ? afterCloud(failure, course, options, random) : afterLocal(failure);
}

function afterCloud(failure: Failure, course: Course, options: RoutingOptions, random: () => number): Next {
  if (retriedOnce.has(failure.kind) && course.cloudRetries < 1) {
    course.cloudRetries++;
    return { do: "again", waitMs: options.retryDelayMs * (0.5 + random() / 2) };
  }
  if (failure.kind === "usage_limit" || failure.kind === "payment") return { do: "cloud_out", holdMs: usagePeriodMs(failure) };
  if (failure.kind === "auth" || failure.kind === "missing" || failure.kind === "redirect") return { do: "cloud_out", degraded: true };
  return { do: "cloud_out" };
}

/** A request that one local server refuses, the next one refuses too. */
function afterLocal(failure: Failure): Next {
  return failure.kind === "bad_request" ? { do: "fail" } : { do: "local_out" };
}
