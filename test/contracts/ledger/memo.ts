import { describe, expect, test } from "vitest";
import { randomId } from "../../../src/data/identity.ts";
import { freshTenant, reserve, type Bench } from "./bench.ts";

export function memoContract(bench: Bench): void {
  describe("memo", () => {
    const row = () => ({ documentId: randomId(), chunkId: "", step: "extract-entities", messagesHash: "hash", attempt: 1, generation: 0, valid: true, answer: '{"content":"an answer"}' });

    test("an answer is found by document, chunk, step, messages and generation", async () => {
      const each = row();
      await bench.ledger.memo.put(each, null);
      await bench.reopen();
      expect(await bench.ledger.memo.get(each)).toEqual(each);
      for (const other of [{ chunkId: "c" }, { step: "s" }, { messagesHash: "h" }, { generation: 1 }, { documentId: "d" }]) expect(await bench.ledger.memo.get({ ...each, ...other })).toBeNull();
    });

    test("a failed answer is not served, the next attempt is", async () => {
      const each = row();
      await bench.ledger.memo.put(each, null);
      await bench.ledger.memo.invalidate(each);
      expect(await bench.ledger.memo.get(each)).toBeNull();
      await bench.ledger.memo.put({ ...each, attempt: 2, answer: "second" }, null);
      await bench.ledger.memo.put({ ...each, attempt: 3, valid: false, answer: "third" }, null);
      expect(await bench.ledger.memo.get(each)).toMatchObject({ attempt: 2, answer: "second" });
    });

    test("answer and cost are written together or not at all", async () => {
      const [each, tenant, id] = [row(), freshTenant(), randomId()];
      const expiresAt = new Date(bench.now + 60_000).toISOString();
      await reserve(bench.ledger, { id, tenant, backend: "cloud", model: "m", usd: 1, tokens: 10, documentId: each.documentId, taskType: "extraction", expiresAt });
      await expect(bench.ledger.memo.put(each, { reservationId: "absent", usd: 1, promptTokens: 1, outputTokens: 1 })).rejects.toMatchObject({ code: "not_found" });
      expect(await bench.ledger.memo.get(each)).toBeNull();
      await bench.ledger.memo.put(each, { reservationId: id, usd: 0.25, promptTokens: 8, outputTokens: 2 });
      expect(await bench.ledger.memo.get(each)).not.toBeNull();
      expect(await bench.ledger.spend.totals(tenant, new Date(bench.now).toISOString())).toEqual({ dayUsd: 0.25, monthUsd: 0.25, reservedUsd: 0 });
    });
  });
}
