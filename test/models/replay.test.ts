import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { decide } from "../../src/models/decide.ts";
import { decisionLine, replayDecision } from "../../src/models/decision-line.ts";
import { randomId } from "../../src/data/identity.ts";
import { anyFacts, anyTask, facts, task } from "./any-decision.ts";
import { listen } from "./listen.ts";
import { askPerson, openWorld, personAnswer, type World } from "./open-test-models.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe("a decision made again from its line of the log", () => {
  it("is the same, after a failure, for private text and for money as well", async () => {
    const { log, decisions } = listen();
    world = await openWorld({ ownLedger: true, parts: { log }, cloud: { faults: [{ kind: "bad-request", times: 1 }] }, models: { budgets: { dayUsd: 0.02, monthUsd: 100, tenantDayUsd: 100, tenantMonthUsd: 100 } } });
    for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 20 }, () => ({ content: personAnswer, thinking: "word ".repeat(3000) })));
    for (const changes of [{}, { classification: "pii" as const }, { classification: null }, { batchSize: 20, quality: "low" as const }, {}, {}, {}]) await askPerson(world.models, changes);
    const replays = decisions().map((line) => replayDecision(line));
    expect(replays.length).toBeGreaterThan(7);
    expect(replays.every((each) => each.same)).toBe(true);
    expect(new Set(replays.map((each) => each.recorded.reason))).toEqual(new Set(["high_quality_extraction", "fallback_used", "sensitive_data", "batch", "budget_exceeded"]));
    expect(decisions().join("")).not.toContain("Ann");
  });

  it("is kept with the answer, and can be listed for a document's job", async () => {
    world = await openWorld({ ownLedger: true });
    world.local.setScript([personAnswer]);
    const documentId = randomId();
    await askPerson(world.models, { documentId, chunkId: randomId(), requestId: "job-1", classification: "pii" });
    const kept = await world.models.decisions(documentId, "job-1");
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ step: "test", line: { location: "local", reason: "sensitive_data", rule: "guard.pii" } });
    expect(replayDecision(kept[0]!.line!).same).toBe(true);
    expect(await world.models.decisions(documentId, "another-job")).toEqual([]);
  });

  it("is kept for an attempt that failed too, and for an answer of the cache, which is the document's own from then on", async () => {
    world = await openWorld({ ownLedger: true, models: { cache: { enabled: true } } });
    world.local.setScript([personAnswer]);
    const [first, second, chunkId] = [randomId(), randomId(), randomId()];
    await askPerson(world.models, { documentId: first, chunkId, requestId: "job-1" });
    const kept = await world.models.decisions(first, "job-1");
    // The ledger does not know the document, so that nothing of it is let out.
    expect(kept.map(({ decision, failure }) => [decision.location, failure])).toEqual([["cloud", "refused"], ["local", null]]);
    expect(kept.every(({ line }) => replayDecision(line!).same)).toBe(true);

    const asking = { documentId: second, chunkId, requestId: "job-2", classification: "public" as const };
    await askPerson(world.models, { ...asking, quality: "low" });
    expect(await world.models.decisions(second, "job-2")).toMatchObject([{ fromCache: true, decision: { location: "local" } }]);
    const withoutCache = await world.reopen({ cache: { enabled: false } });
    expect((await askPerson(withoutCache, { ...asking, quality: "low" })).served).toBe("memo");
    expect(world.asked(world.local)).toHaveLength(1);
  });

  it("of a question that fails again and again is kept a few times only", async () => {
    world = await openWorld({ ownLedger: true, withoutCloud: true, local: { faults: [{ kind: "internal", path: "/api/chat" }] }, models: { routing: { breaker: { failures: 100, halfOpenMs: 1000 } } } });
    const documentId = randomId();
    for (let round = 0; round < 20; round++) await askPerson(world.models, { documentId, chunkId: documentId, requestId: "job" }).catch(() => undefined);
    expect(await world.models.decisions(documentId, "job")).toHaveLength(8);
  });

  it("shows where it would come out otherwise, and refuses any other line", () => {
    const line = { event: "execution_routing", ...decisionLine(task({ quality: "high" }), facts({}), { backend: "c", model: "m", ...decide(task({ quality: "high" }), facts({})) }) };
    expect(replayDecision(JSON.stringify(line)).same).toBe(true);
    expect(replayDecision({ ...line, reason: "batch" }).same).toBe(false);
    for (const other of ['{"event":"attempt_failed"}', "not json", "{}"]) expect(() => replayDecision(other)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

const amount = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
const plain = fc.double({ min: 0, max: 1e6, noNaN: true });

it("any decision is the same when it is made again from its line, not-a-numbers included", () => {
  fc.assert(
    fc.property(anyTask, anyFacts(plain, amount), (anyone, given) => {
      const line = JSON.stringify(decisionLine(anyone, given, { backend: null, model: null, ...decide(anyone, given) }));
      expect(replayDecision(line).same).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

describe("whatever the configuration, the class and the history of failures", () => {
  it("restricted text is seen by no cloud", async () => {
    const { log, decisions } = listen();
    const faults = ["internal", "cut-stream", "empty", "usage-limit", "bad-request", "unauthorized"] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          strategy: fc.constantFrom("cost_optimized" as const, "quality_optimized" as const, "latency_optimized" as const, "hybrid" as const),
          localToCloud: fc.boolean(), onRateLimit: fc.constantFrom("queue" as const, "local" as const), rolloutPercent: fc.constantFrom(0, 100),
          rules: fc.boolean().map((away) => (away ? [{ name: "away", when: {}, use: { location: "cloud" as const, model: "gpt-oss:120b" } }] : [])),
        }),
        fc.constantFrom("internal" as const, "confidential" as const, "pii" as const, null),
        fc.option(fc.constantFrom(...faults)),
        fc.option(fc.constantFrom(...faults)),
        async (routing, classification, localFault, cloudFault) => {
          const at = await openWorld({ parts: { log }, models: { routing }, local: { faults: localFault ? [{ kind: localFault, path: "/api/chat" }] : [] }, cloud: { faults: cloudFault ? [{ kind: cloudFault }] : [] } });
          try {
            at.local.setScript(Array.from({ length: 4 }, () => personAnswer));
            for (let call = 0; call < 2; call++) await askPerson(at.models, { classification, complexity: "high", batchSize: 99 }).catch(() => undefined);
            expect(at.asked(at.cloud)).toEqual([]);
          } finally {
            await at.close();
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(decisions().every((line) => replayDecision(line).same)).toBe(true);
  });

  it("internal text leaves only as it came out clean under other names, and vectors never leave", async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.boolean(), fc.option(fc.constantFrom("internal" as const, "cut-stream" as const)), async (clean, localToCloud, fault) => {
        const renamed = (text: string) => text.replaceAll("Ann", "[PERSON_1]");
        const anonymise = async (messages: { role: string; text: string }[]) => ({ messages: messages.map((each) => ({ ...each, text: renamed(each.text) })), clean, restore: (text: string) => text.replaceAll("[PERSON_1]", "Ann") });
        const at = await openWorld({ parts: { anonymise }, models: { routing: { localToCloud } }, cloud: { faults: fault ? [{ kind: fault, times: 1 }] : [] } });
        try {
          for (const server of [at.local, at.cloud]) server.setScript(Array.from({ length: 6 }, () => '{"name":"[PERSON_1]","age":3}'));
          const asked = await askPerson(at.models, { classification: "internal" });
          expect(asked.value.name).toBe(asked.decision.location === "cloud" ? "Ann" : "[PERSON_1]");
          await at.models.embeddings()!.embed(["Ann"], new AbortController().signal);
          const sent = at.asked(at.cloud);
          expect(sent.length > 0).toBe(clean);
          expect(sent.join("")).not.toContain("Ann");
          expect(at.cloud.requests.some((each) => each.path.includes("embed"))).toBe(false);
        } finally {
          await at.close();
        }
      }),
      { numRuns: 12 },
    );
  });
});
