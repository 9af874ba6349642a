import { describe, expect, test } from "vitest";
import { randomId, sha256 } from "../../../src/data/identity.ts";
import type { Reservation } from "../../../src/stores/ledger/paid-calls.ts";
import { unlimited, type Bench } from "./bench.ts";

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

    const line = (words: string) => () => ({ line: words, hmac: sha256(words) });
    const ofOneDollar = (id: string, more: Partial<Reservation> = {}): Reservation => ({ id, tenant: id, backend: "cloud", model: "large", usd: 1, tokens: 10, documentId: null, taskType: "extraction", expiresAt: new Date(bench.now + 1000).toISOString(), ...more });

    test("a reservation and what becomes of it are written with their lines, or neither is", async () => {
      const { spend, audit } = bench.ledger;
      const [chain, id] = [randomId(), randomId()];
      const now = new Date(bench.now).toISOString();
      const asked = { reservation: ofOneDollar(id), limits: unlimited, documents: null };
      const noKey = () => { throw new Error("no key"); };
      await audit.append(chain, line("first"));
      await expect(audit.reserve(asked, chain, noKey)).rejects.toThrow("no key");
      expect((await spend.totals(id, now)).reservedUsd).toBe(0);
      expect(await audit.reserve(asked, chain, line("intent"))).toEqual({ ok: true });
      expect(await audit.reserve(asked, chain, line("the same intent"))).toEqual({ ok: true });
      expect(await audit.reserve({ ...asked, reservation: ofOneDollar(randomId()), limits: { dayUsd: 0.5, monthUsd: 9 } }, chain, line("too dear"))).toEqual({ ok: false, reason: "budget_exceeded" });
      const charge = { usd: 0.25, promptTokens: 7, outputTokens: 3 };
      await expect(audit.append(chain, noKey, { id, charge })).rejects.toThrow("no key");
      expect((await spend.totals(id, now)).reservedUsd).toBe(1);
      await expect(audit.append(chain, line("of nothing"), { id: randomId(), charge })).rejects.toMatchObject({ code: "not_found" });
      await audit.append(chain, line("outcome"), { id, charge });
      await audit.append(chain, line("once more"), { id, charge });
      expect(await spend.totals(id, now)).toMatchObject({ dayUsd: 0.25, reservedUsd: 0 });
      expect((await linesOf(chain)).map((each) => each.line)).toEqual(["first", "intent", "outcome", "once more"]);
    });

    test("reservations and other lines of one chain at once leave it without a gap, whatever was refused", async () => {
      const [chain, tenant] = [randomId(), randomId()];
      const make = (previous: string, length: number) => ({ line: `${length}`, hmac: sha256(`${previous} ${length}`) });
      const reserving = Array.from({ length: 20 }, () => bench.ledger.audit.reserve({ reservation: ofOneDollar(randomId(), { tenant }), limits: { ...unlimited, tenantDayUsd: 7 }, documents: null }, chain, make));
      const appending = Array.from({ length: 10 }, () => bench.ledger.audit.append(chain, make));
      const made = (await Promise.all(reserving)).filter(({ ok }) => ok);
      await Promise.all(appending);
      expect(made).toHaveLength(7);
      let head = "";
      for (const [place, { hmac }] of (await linesOf(chain)).entries()) expect(hmac).toBe((head = sha256(`${head} ${place}`)));
      expect((await bench.ledger.audit.chains()).find((each) => each.chain === chain)).toEqual({ chain, head, length: 17 });
    });

    test("a line that cannot be made leaves the chain as it was", async () => {
      const chain = randomId();
      await expect(bench.ledger.audit.append(chain, () => { throw new Error("no key"); })).rejects.toThrow("no key");
      expect(await linesOf(chain)).toEqual([]);
    });
  });
}
