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

    test("a line that cannot be made leaves the chain as it was", async () => {
      const chain = randomId();
      await expect(bench.ledger.audit.append(chain, () => { throw new Error("no key"); })).rejects.toThrow("no key");
      expect(await linesOf(chain)).toEqual([]);
    });
  });
}
