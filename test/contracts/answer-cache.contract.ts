import { describe, expect, it } from "vitest";
import { Task } from "../../src/data/decision.ts";
import { randomId, sha256 } from "../../src/data/identity.ts";
import { openAnswerCache, type Parameters } from "../../src/models/answer-cache.ts";
import type { Kept } from "../../src/models/memo.ts";
import type { Cache } from "../../src/stores/cache/cache.ts";
import { metrics } from "../../src/telemetry.ts";

export const task = (changes: Partial<Task> = {}) => Task.parse({ taskType: "extraction", tier: "fast", classification: "public", tenant: "t", step: "s", requestId: "r", taskId: "i", ...changes });
export const kept = (changes: Partial<Kept> = {}): Kept => ({
  content: "an answer", toolCalls: [], doneReason: "stop", backend: "b", location: "local", model: "m", promptTokens: 5, outputTokens: 3, usd: 0, savedUsd: 0, requestId: "r",
  decision: { location: "local", backend: "b", model: "m", reason: "default_local", confidence: 0.7, rule: "hybrid.default", considered: [] }, ...changes,
});
export const parameters: Parameters = { tier: "fast", temperature: 0, numPredict: 4096, think: "off", format: undefined, tools: undefined, stop: undefined };
export const producer = { backend: "b", model: "m" };

/** What the router's cache promises, on any driver; `open` gives a new and empty one each time. */
export function answerCacheContract(driver: string, open: () => Promise<Cache>): void {
  describe(`the cache between documents: ${driver}`, () => {
    it("never keeps an answer that was cut off, is empty or came at another temperature", async () => {
      const cache = openAnswerCache(await open(), { enabled: true, ttlSeconds: 60 });
      const hash = sha256("x");
      for (const bad of [kept({ doneReason: "length" }), kept({ content: "" }), kept({ doneReason: "content_filter" })]) await cache.set(task(), bad, hash, parameters);
      await cache.set(task(), kept(), hash, { ...parameters, temperature: 0.7 });
      expect(await cache.get(task(), producer, hash, parameters)).toBeNull();
    });

    it("goes with any of the documents it was made from", async () => {
      const store = await open();
      const cache = openAnswerCache(store, { enabled: true, ttlSeconds: 60 });
      const [own, source] = [randomId(), randomId()];
      for (const erased of [own, source]) {
        const about = task({ documentId: own, sources: [source] });
        await cache.set(about, kept(), sha256("q"), parameters);
        expect(await cache.get(about, producer, sha256("q"), parameters)).not.toBeNull();
        await store.eraseDocuments([erased]);
        expect(await cache.get(about, producer, sha256("q"), parameters)).toBeNull();
      }
    });

    it("is of one tenant: what one was answered is not another's, though all else is the same", async () => {
      const cache = openAnswerCache(await open(), { enabled: true, ttlSeconds: 60 });
      await cache.set(task({ tenant: "a" }), kept(), sha256("w"), parameters);
      expect(await cache.get(task({ tenant: "b" }), producer, sha256("w"), parameters)).toBeNull();
      expect(await cache.get(task({ tenant: "a" }), producer, sha256("w"), parameters)).toEqual(kept());
    });

    it("is found only under the same tenant, class, model, messages and parameters", async () => {
      const cache = openAnswerCache(await open(), { enabled: true, ttlSeconds: 60 });
      const hash = sha256("y");
      await cache.set(task(), kept(), hash, parameters);
      const misses: LookUp[] = [
        [task({ tenant: "other" }), producer, hash, parameters], [task({ classification: "internal" }), producer, hash, parameters], [task({ localOnly: true }), producer, hash, parameters],
        [task(), { ...producer, model: "n" }, hash, parameters], [task(), { ...producer, backend: "c" }, hash, parameters], [task(), producer, sha256("z"), parameters],
        [task(), producer, hash, { ...parameters, stop: ["x"] }], [task(), producer, hash, { ...parameters, format: {} }], [task(), producer, hash, { ...parameters, numPredict: 1 }], [task(), producer, hash, { ...parameters, think: "low" }],
      ];
      for (const miss of misses) expect(await cache.get(...miss)).toBeNull();
      expect((await cache.get(task(), producer, hash, parameters))?.content).toBe("an answer");
      expect(Number(/^llm_cache_hit_ratio (\S+)$/m.exec(await metrics.metrics())?.[1])).toBeCloseTo(1 / 11, 5);
    });
  });
}

type LookUp = [Task, { backend: string; model: string }, string, Parameters];
