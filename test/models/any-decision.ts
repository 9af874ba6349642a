import * as fc from "fast-check";
import { Class } from "../../src/data/classification.ts";
import { Level, Task, TaskType, Tier } from "../../src/data/decision.ts";
import type { CloudFault, Facts } from "../../src/models/facts.ts";
import { Thresholds } from "../../src/models/options.ts";

/** A public text for the fast tier, and a cloud that may take it. */
export const task = (changes: Partial<Task> = {}): Task =>
  Task.parse({ taskType: "extraction", tier: "fast", classification: "public", tenant: "t", step: "s", requestId: "r", taskId: "i", ...changes });

export const facts = (changes: Partial<Facts> = {}): Facts => ({
  strategy: "hybrid", thresholds: Thresholds.parse({}), anonymisedClean: false, pictures: 0, picturesMayLeave: false,
  cloud: { backend: "cloud", model: "gpt-oss:120b", fault: null },
  budget: { spentDay: 0, spentMonth: 0, tenantSpentDay: 0, tenantSpentMonth: 0, estimate: 0.01, day: 5, month: 100, tenantDay: 5, tenantMonth: 100 },
  breakerOpen: false, rolledOut: true, gpuLoad: null, p95: { local: null, cloud: null }, localLeft: true, localToCloud: false, cloudFailed: null, rule: null, ...changes,
});

/** `measure`: thresholds and latencies; `amount`: money. */
export const anyFacts = (measure: fc.Arbitrary<number>, amount: fc.Arbitrary<number>): fc.Arbitrary<Facts> =>
  fc.record({
    strategy: fc.constantFrom("cost_optimized", "quality_optimized", "latency_optimized", "hybrid"),
    thresholds: fc.record({ lowLatencyMs: measure, modelSizeGb: measure, batch: measure, gpuBusy: fc.double({ min: 0, max: 1, noNaN: true }) }),
    anonymisedClean: fc.boolean(), pictures: fc.nat(3), picturesMayLeave: fc.boolean(),
    cloud: fc.record({ backend: fc.constant("c"), model: fc.constant("m"), fault: fc.option(fc.constantFrom<CloudFault>("disabled", "no_key", "unpriced", "token_limit", "down")) }),
    budget: fc.record({ spentDay: amount, spentMonth: amount, tenantSpentDay: amount, tenantSpentMonth: amount, estimate: amount, day: amount, month: amount, tenantDay: amount, tenantMonth: amount }),
    breakerOpen: fc.boolean(), rolledOut: fc.boolean(), gpuLoad: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    p95: fc.record({ local: fc.option(measure), cloud: fc.option(measure) }),
    localLeft: fc.boolean(), localToCloud: fc.boolean(), cloudFailed: fc.option(fc.constantFrom("server", "empty", "blocked")),
    rule: fc.option(fc.record({ name: fc.constant("r"), location: fc.constantFrom("local" as const, "cloud" as const) })),
  });

export const anyTask: fc.Arbitrary<Task> = fc
  .record({
    taskType: fc.constantFrom(...TaskType.options), tier: fc.constantFrom(...Tier.options), complexity: fc.constantFrom(...Level.options), quality: fc.constantFrom(...Level.options),
    latencyMs: fc.option(fc.nat(5000)), batchSize: fc.nat(100), modelSizeGb: fc.option(fc.nat(100)), classification: fc.option(fc.constantFrom(...Class.options)), localOnly: fc.boolean(),
  })
  .map(task);
