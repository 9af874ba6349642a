import { describe, expect, test } from "vitest";
import { randomId } from "../../../src/data/identity.ts";
import type { UsageRow } from "../../../src/stores/ledger/ledger.ts";
import { freshTenant, reserve, type Bench } from "./bench.ts";

export function usageContract(bench: Bench): void {
  const row = (tenant: string, more: Partial<UsageRow> = {}): UsageRow => ({
    tenant, location: "local", backend: "ollama", model: "m", taskType: "extraction", calls: 1, succeeded: 1, promptTokens: 100, outputTokens: 10,
    referenceNano: 7, latencyMs: 50, fallbacks: 0, cacheHits: 0, latencies: { 80: 1 }, ...more,
  });
  const today = () => new Date(bench.now).toISOString().slice(0, 10);
  const sums = async (tenant: string | null, from = today(), to = today()) => (await bench.ledger.usage.sums(tenant, from, to)).toSorted((a, b) => (a.taskType < b.taskType ? -1 : 1));

  describe("usage", () => {
    test("adds up by location, backend, model and task type, whoever writes at once", async () => {
      const tenant = freshTenant();
      const rows = Array.from({ length: 20 }, (_, place) => row(tenant, place % 2 ? { taskType: "vision", latencies: { [place]: 1 }, succeeded: 0 } : {}));
      await Promise.all([bench.ledger.usage.add(rows), ...rows.map((each) => bench.ledger.usage.add([each]))]);
      const [extraction, vision] = await sums(tenant);
      expect(extraction).toMatchObject({ calls: 20, succeeded: 20, promptTokens: 2000, outputTokens: 200, referenceNano: 140, latencyMs: 1000, latencies: { 80: 20 }, nano: 0 });
      expect(vision).toMatchObject({ calls: 20, succeeded: 0, latencies: { 1: 2, 3: 2, 19: 2 } });
    });

    test("counts on the day it is written, per tenant, and in whole spans of days", async () => {
      const tenant = freshTenant();
      await bench.ledger.usage.add([row(tenant)]);
      const first = today();
      bench.now += 86_400_000;
      await bench.ledger.usage.add([row(tenant)]);
      expect((await sums(tenant))[0]!.calls).toBe(1);
      expect((await sums(tenant, first))[0]!.calls).toBe(2);
      expect(await sums(freshTenant(), first)).toEqual([]);
      expect((await sums(null, first))[0]!.calls).toBeGreaterThanOrEqual(2);
    });

    test("what paid calls cost is the ledger's own sum, by their task type, and of a failed call too", async () => {
      const tenant = freshTenant();
      const reserved = async (taskType: string) => {
        const id = randomId();
        await reserve(bench.ledger, { id, tenant, backend: "cloud", model: "large", usd: 1, tokens: 10, documentId: null, taskType, expiresAt: new Date(bench.now + 60_000).toISOString() });
        return id;
      };
      const [one, other] = [await reserved("extraction"), await reserved("generation")];
      await bench.ledger.usage.add([row(tenant, { location: "cloud", backend: "cloud", model: "large" })]);
      await bench.ledger.spend.settle(one, { usd: 0.1, promptTokens: 1, outputTokens: 1 });
      await bench.ledger.spend.settle(other, { usd: 0.2, promptTokens: 1, outputTokens: 1 });
      expect(await sums(tenant)).toMatchObject([{ taskType: "extraction", location: "cloud", calls: 1, nano: 100_000_000 }, { taskType: "generation", location: "cloud", calls: 0, nano: 200_000_000 }]);
      const left: string[] = [];
      for (let after = ""; ; after = left.at(-1)!) {
        const page = await bench.ledger.spend.left(after, 7);
        left.push(...page);
        if (page.length < 7) break;
      }
      expect(left).toEqual(expect.arrayContaining([one, other]));
    });

    test("written with an answer it counts once, however often the answer is written", async () => {
      const tenant = freshTenant();
      const answer = { documentId: randomId(), chunkId: randomId(), step: "s", messagesHash: "h", attempt: 1, generation: 0, valid: true, answer: "{}" };
      for (const text of ["{}", '{"later":1}']) await bench.ledger.memo.put({ ...answer, answer: text }, null, row(tenant));
      expect((await sums(tenant))[0]!.calls).toBe(1);
      expect((await bench.ledger.memo.get(answer))!.answer).toBe('{"later":1}');
    });
  });

  describe("alerts", () => {
    test("belong to the one that reports them first, and to it again when it asks again", async () => {
      const alert = { period: `${new Date(bench.now).getUTCFullYear()}-07-01`, tenant: freshTenant(), percent: 80 };
      const firsts = await Promise.all(["a", "b", "c", "d"].map(async (token) => [token, await bench.ledger.alerts.first(alert, token)] as const));
      const [winner, ...others] = firsts.filter(([, first]) => first);
      expect(others).toEqual([]);
      await bench.reopen();
      expect(await bench.ledger.alerts.first(alert, winner![0])).toBe(true);
      expect(await bench.ledger.alerts.first(alert, "e")).toBe(false);
      expect(await bench.ledger.alerts.first({ ...alert, percent: 90 }, "e")).toBe(true);
      expect(await bench.ledger.alerts.first({ ...alert, tenant: null }, "e")).toBe(true);
      expect((await bench.ledger.alerts.list(alert.tenant, alert.period)).map(({ percent }) => percent).sort()).toEqual([80, 90]);
      expect((await bench.ledger.alerts.list(null, alert.period)).some(({ tenant }) => tenant === null)).toBe(true);
      expect(await bench.ledger.alerts.list(alert.tenant, `${alert.period}9`)).toEqual([]);
    });
  });
}
