import { describe, expect, test } from "vitest";
import { randomId, sha256 } from "../../../src/data/identity.ts";
import type { Bench } from "./bench.ts";

export function auditContract(bench: Bench): void {
  describe("audit", () => {
    const linesOf = async (chain: string) => {
      const lines: { line: string; hmac: string }[] = [];
      for await (const each of bench.ledger.audit.rows(chain)) lines.push(each);
      return lines;
    };

    test("a chain has no gap and no fork, whoever appends at once; head and length are kept beside it", async () => {
      const chain = randomId();
      const append = (words: string) => bench.ledger.audit.append(chain, (previous, length) => ({ line: `${length} ${words}`, hmac: sha256(previous + words) }));
      await Promise.all(Array.from({ length: 30 }, (_, place) => append(`words ${place}`)));
      await bench.reopen();
      await append("after the restart");
      const lines = await linesOf(chain);
      let head = "";
      for (const [place, { line, hmac }] of lines.entries()) {
        expect(line.startsWith(`${place} `)).toBe(true);
        head = sha256(head + line.slice(line.indexOf(" ") + 1));
        expect(hmac).toBe(head);
      }
      expect((await bench.ledger.audit.chains()).find((each) => each.chain === chain)).toEqual({ chain, head, length: 31 });
    });

    test("what becomes of a reservation is written with its line, or neither is", async () => {
      const { spend, audit } = bench.ledger;
      const [chain, id] = [randomId(), randomId()];
      const now = new Date(bench.now).toISOString();
      await spend.reserve({ id, tenant: id, backend: "cloud", model: "large", usd: 1, tokens: 10, documentId: null, taskType: "extraction", expiresAt: new Date(bench.now + 1000).toISOString() }, { dayUsd: Infinity, monthUsd: Infinity }, null);
      const line = (words: string) => () => ({ line: words, hmac: sha256(words) });
      const charge = { usd: 0.25, promptTokens: 7, outputTokens: 3 };
      await audit.append(chain, line("intent"), { id, charge: null });
      await expect(audit.append(chain, () => { throw new Error("no key"); }, { id, charge })).rejects.toThrow("no key");
      expect((await spend.totals(id, now)).reservedUsd).toBe(1);
      await expect(audit.append(chain, line("of nothing"), { id: randomId(), charge })).rejects.toMatchObject({ code: "not_found" });
      await audit.append(chain, line("outcome"), { id, charge });
      await audit.append(chain, line("once more"), { id, charge });
      expect(await spend.totals(id, now)).toMatchObject({ dayUsd: 0.25, reservedUsd: 0 });
      expect((await linesOf(chain)).map((each) => each.line)).toEqual(["intent", "outcome", "once more"]);
    });

    test("a line that cannot be made leaves the chain as it was", async () => {
      const chain = randomId();
      await expect(bench.ledger.audit.append(chain, () => { throw new Error("no key"); })).rejects.toThrow("no key");
      expect(await linesOf(chain)).toEqual([]);
    });
  });
}
