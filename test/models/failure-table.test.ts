import { describe, expect, it } from "vitest";
import { Task } from "../../src/data/decision.ts";
import { newCourse } from "../../src/models/call.ts";
import { Failure, type FailureKind } from "../../src/models/failure.ts";
import { afterFailure, type Next } from "../../src/models/failure-table.ts";
import { RoutingOptions } from "../../src/models/options.ts";

const task = (changes: Partial<Task> = {}) => Task.parse({ taskType: "extraction", tier: "fast", tenant: "t", step: "s", requestId: "r", taskId: "i", ...changes });
const options = (changes: object = {}) => RoutingOptions.parse({ rateLimitWaits: 2, retryDelayMs: 100, ...changes });

/** What follows each failure of one call that fails in this way again and again, until it is decided. */
function path(kind: FailureKind, location: "local" | "cloud", given: { routing?: object; task?: Partial<Task>; retryAfterMs?: number; text?: string } = {}): string[] {
  const course = newCourse({ task: task(given.task), messages: [], signal: new AbortController().signal });
  const steps: string[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const failure = new Failure(kind, "", { retryAfterMs: given.retryAfterMs ?? null, cause: new Error(given.text ?? "") });
    failure.location = location;
    const next: Next = afterFailure(failure, task(given.task), course, options(given.routing), () => 1);
    steps.push([next.do, "waitMs" in next && next.waitMs ? `${next.waitMs}` : "", "degraded" in next && next.degraded ? "degraded" : "", "holdMs" in next && next.holdMs ? `hold ${Math.round(next.holdMs / 1000)}` : ""].filter(Boolean).join(" "));
    if (next.do !== "again") return steps;
  }
  return steps;
}

describe("a failure of the cloud", () => {
  const rows: [FailureKind, string[]][] = [
    ["network", ["again 100", "cloud_out"]],
    ["timeout", ["again 100", "cloud_out"]],
    ["server", ["again 100", "cloud_out"]],
    ["broken_stream", ["again 100", "cloud_out"]],
    ["empty", ["again 100", "cloud_out"]],
    ["thinking_only", ["again", "cloud_out"]],
    ["rate_limit", ["again 100", "again 200", "cloud_out"]],
    ["usage_limit", ["cloud_out hold 3600"]],
    ["payment", ["cloud_out hold 3600"]],
    ["auth", ["cloud_out degraded"]],
    ["missing", ["cloud_out degraded"]],
    ["redirect", ["cloud_out degraded"]],
    ["bad_request", ["cloud_out"]],
    ["invalid", ["cloud_out"]],
    ["circuit_open", ["cloud_out"]],
    ["blocked", ["cloud_out"]],
    ["refused", ["cloud_out"]],
  ];
  it.each(rows)("%s", (kind, expected) => expect(path(kind, "cloud")).toEqual(expected));

  it("a wait that the server asks for is kept, up to a minute; above it the server is left alone so long", () => {
    expect(path("rate_limit", "cloud", { retryAfterMs: 7000 })).toEqual(["again 7000", "again 7000", "cloud_out"]);
    expect(path("rate_limit", "cloud", { retryAfterMs: 600_000 })).toEqual(["cloud_out hold 600"]);
  });

  it("a caller in a hurry does not wait, nor one that is told to go local", () => {
    expect(path("rate_limit", "cloud", { task: { latencyMs: 50 } })).toEqual(["cloud_out"]);
    expect(path("rate_limit", "cloud", { routing: { onRateLimit: "local" } })).toEqual(["cloud_out"]);
  });

  it("a usage limit lasts as long as its own words say", () => {
    expect(path("usage_limit", "cloud", { text: "you have reached your weekly usage limit" })).toEqual(["cloud_out hold 604800"]);
    expect(path("usage_limit", "cloud", { text: "daily limit" })).toEqual(["cloud_out hold 86400"]);
  });
});

describe("a failure of a local server", () => {
  const rows: [FailureKind, string[]][] = [
    ...(["network", "timeout", "server", "broken_stream", "empty", "usage_limit", "payment", "auth", "missing", "redirect", "forwarded", "circuit_open"] as FailureKind[]).map((kind): [FailureKind, string[]] => [kind, ["local_out"]]),
    ["thinking_only", ["again", "local_out"]],
    ["rate_limit", ["again 100", "again 200", "local_out"]],
    ["bad_request", ["fail"]],
  ];
  it.each(rows)("%s", (kind, expected) => expect(path(kind, "local")).toEqual(expected));
});
