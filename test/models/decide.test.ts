import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Task } from "../../src/data/decision.ts";
import { decide } from "../../src/models/decide.ts";
import type { CloudFault, Facts } from "../../src/models/facts.ts";
import { anyFacts, anyTask, facts, task } from "./any-decision.ts";

const money = (changes: Partial<Facts["budget"]>): Partial<Facts> => ({ budget: { ...facts().budget, ...changes } });
/** A task that every strategy but cost would send away. */
const hard = { quality: "high", complexity: "high" } as const;
const said = (ruling: ReturnType<typeof decide>) => [ruling.location, ruling.reason, ruling.confidence];

describe("guards keep a task local before any strategy is asked", () => {
  const rows: [string, Partial<Task>, Partial<Facts>, string][] = [
    ["confidential text", { classification: "confidential" }, {}, "sensitive_data"],
    ["personal text", { classification: "pii" }, {}, "sensitive_data"],
    ["text of unknown class", { classification: null }, {}, "sensitive_data"],
    ["a call marked as local only", { localOnly: true }, {}, "sensitive_data"],
    ["pictures while vision.cloud is off", {}, { pictures: 1 }, "pictures_stay_local"],
    ["pictures of internal documents even while it is on", { classification: "internal" }, { pictures: 1, picturesMayLeave: true, anonymisedClean: true }, "pictures_stay_local"],
    ["internal text that was not anonymised", { classification: "internal" }, {}, "internal_not_anonymised"],
    ["embeddings", { taskType: "embedding" }, {}, "embeddings_stay_local"],
    ["anything of the embedding tier", { tier: "embedding" }, {}, "embeddings_stay_local"],
    ...(["disabled", "no_key", "placeholder_key", "no_model", "down", "unpriced", "token_limit"] as CloudFault[]).map(
      (fault): [string, Partial<Task>, Partial<Facts>, string] => [`a cloud with the fault ${fault}`, {}, { cloud: { backend: null, model: null, fault } }, "cloud_unavailable"],
    ),
    ["a call over the day's budget", {}, money({ spentDay: 4.995 }), "budget_exceeded"],
    ["a call over the month's budget", {}, money({ spentMonth: 99.995 }), "budget_exceeded"],
    ["a call over the tenant's day", {}, money({ tenantSpentDay: 4.995 }), "budget_exceeded"],
    ["a call over the tenant's month", {}, money({ tenantSpentMonth: 99.995 }), "budget_exceeded"],
    ["a call whose cost is not a number", {}, money({ estimate: Number.NaN }), "budget_exceeded"],
    ["a model whose breaker is open", {}, { breakerOpen: true }, "circuit_open"],
    ["a task outside the rollout", {}, { rolledOut: false }, "rollout"],
  ];
  it.each(rows)("%s", (_what, taskChanges, factChanges, reason) => {
    for (const strategy of ["hybrid", "quality_optimized"] as const) {
      expect(said(decide(task({ ...hard, ...taskChanges }), facts({ strategy, ...factChanges })))).toEqual(["local", reason, 1]);
    }
  });

  it("lets a call pass whose estimate uses up the budget to the last cent", () => {
    expect(decide(task(hard), facts(money({ spentDay: 4, estimate: 1 }))).location).toBe("cloud");
  });

  it("lets internal text pass that was anonymised and read again", () => {
    expect(decide(task({ ...hard, classification: "internal" }), facts({ anonymisedClean: true })).location).toBe("cloud");
  });

  it("names privacy before money, and money before weather", () => {
    const everything = { ...money({ spentDay: 99 }), breakerOpen: true };
    expect(decide(task({ ...hard, classification: "pii" }), facts(everything)).reason).toBe("sensitive_data");
    expect(decide(task(hard), facts(everything)).reason).toBe("budget_exceeded");
  });
});

describe("strategies", () => {
  type Row = [string, Facts["strategy"], Partial<Task>, Partial<Facts>, [string, string, number]];
  const rows: Row[] = [
    ["hybrid: an answer within half a second", "hybrid", { latencyMs: 499, ...hard }, {}, ["local", "low_latency_required", 0.9]],
    ["hybrid: half a second is not low latency", "hybrid", { latencyMs: 500, ...hard }, {}, ["cloud", "high_quality_extraction", 0.95]],
    ["hybrid: a model above 10 GB", "hybrid", { modelSizeGb: 10.1 }, {}, ["cloud", "model_size", 0.95]],
    ["hybrid: a model of 10 GB", "hybrid", { modelSizeGb: 10 }, {}, ["local", "default_local", 0.7]],
    ["hybrid: extraction of high quality", "hybrid", { quality: "high" }, {}, ["cloud", "high_quality_extraction", 0.95]],
    ["hybrid: extraction of high complexity", "hybrid", { complexity: "high" }, {}, ["cloud", "high_quality_extraction", 0.95]],
    ["hybrid: quality matters for extraction only", "hybrid", { taskType: "generation", ...hard }, {}, ["local", "default_local", 0.7]],
    ["hybrid: a batch of 11", "hybrid", { batchSize: 11 }, {}, ["cloud", "batch", 0.85]],
    ["hybrid: a batch of 10", "hybrid", { batchSize: 10 }, {}, ["local", "default_local", 0.7]],
    ["hybrid: a GPU 81 % busy", "hybrid", {}, { gpuLoad: 0.81 }, ["cloud", "local_gpu_busy", 0.85]],
    ["hybrid: a GPU 80 % busy", "hybrid", {}, { gpuLoad: 0.8 }, ["local", "default_local", 0.7]],
    ["hybrid: an unknown GPU is not busy", "hybrid", {}, { gpuLoad: null }, ["local", "default_local", 0.7]],
    ["quality: quality high", "quality_optimized", { quality: "high" }, {}, ["cloud", "high_quality_required", 0.95]],
    ["quality: complexity high", "quality_optimized", { complexity: "high" }, {}, ["cloud", "high_complexity", 0.85]],
    ["quality: else local", "quality_optimized", {}, {}, ["local", "default_local", 0.7]],
    ["cost: local", "cost_optimized", { ...hard, batchSize: 1000 }, { gpuLoad: 1 }, ["local", "cost_optimized", 0.9]],
    ["latency: no history", "latency_optimized", { latencyMs: 100 }, {}, ["local", "no_latency_history", 0.7]],
    ["latency: both meet it, the cheaper side", "latency_optimized", { latencyMs: 1000 }, { p95: { local: 900, cloud: 100 } }, ["local", "latency_met", 0.9]],
    ["latency: only the cloud meets it", "latency_optimized", { latencyMs: 1000 }, { p95: { local: 1100, cloud: 900 } }, ["cloud", "latency_met", 0.9]],
    ["latency: none meets it, the faster side", "latency_optimized", { latencyMs: 100 }, { p95: { local: 1100, cloud: 900 } }, ["cloud", "latency_not_met", 0.5]],
    ["latency: no requirement", "latency_optimized", {}, { p95: { local: 9000, cloud: 10 } }, ["local", "latency_met", 0.9]],
  ];
  it.each(rows)("%s", (_what, strategy, taskChanges, factChanges, expected) => {
    expect(said(decide(task(taskChanges), facts({ strategy, ...factChanges })))).toEqual(expected);
  });
});

describe("after failures", () => {
  it("a cloud that failed this call is not asked again", () => {
    const ruling = decide(task(hard), facts({ cloudFailed: "server" }));
    expect(said(ruling)).toEqual(["local", "fallback_used", 1]);
    expect(ruling.considered).toEqual([{ location: "cloud", reason: "server" }]);
  });

  it("a cloud stands in for missing local models only when that is switched on", () => {
    expect(decide(task(), facts({ localLeft: false })).location).toBe("local");
    expect(said(decide(task(), facts({ localLeft: false, localToCloud: true })))).toEqual(["cloud", "local_unavailable", 1]);
    expect(decide(task({ classification: "pii" }), facts({ localLeft: false, localToCloud: true })).location).toBe("local");
  });
});

const anyNumber = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Number.NaN), fc.constant(Infinity));
describe("for any task, facts, history and strategy", () => {
  it("restricted text, embeddings and pictures leave only as the rules allow", () => {
    fc.assert(
      fc.property(anyTask, anyFacts(anyNumber, anyNumber), (anyone, given) => {
        const { location } = decide(anyone, given);
        if (location === "local") return;
        expect(["public", "internal"]).toContain(anyone.classification);
        if (anyone.classification === "internal") expect(given.anonymisedClean).toBe(true);
        if (given.pictures > 0) expect(given.picturesMayLeave && anyone.classification === "public").toBe(true);
        expect(anyone.localOnly).toBe(false);
        expect(anyone.taskType).not.toBe("embedding");
        expect(anyone.tier).not.toBe("embedding");
        expect(given.cloud.fault).toBeNull();
        expect(given.budget.spentDay + given.budget.estimate).toBeLessThanOrEqual(given.budget.day);
        expect(given.breakerOpen || !given.rolledOut || given.cloudFailed !== null).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it("the same task and facts give the same decision", () => {
    fc.assert(
      fc.property(anyTask, anyFacts(anyNumber, anyNumber), (anyone, given) => {
        expect(decide(anyone, structuredClone(given))).toEqual(decide(anyone, given));
      }),
    );
  });
});
