import { describe, expect, test } from "vitest";
import { randomId } from "../../../src/data/identity.ts";
import type { Bench } from "./bench.ts";

const hour = 3_600_000;

export function holdContract(bench: Bench): void {
  describe("holds", () => {
    const leftOf = async (account: string) => (await bench.ledger.holds.list()).find((each) => each.account === account)?.ms;

    test("stand over a restart until their time is over, the longest counts, and can be ended", async () => {
      const account = randomId();
      await bench.ledger.holds.put(account, 5 * hour);
      await bench.ledger.holds.put(account, hour);
      await bench.reopen();
      expect(await leftOf(account)).toBeGreaterThan(4.9 * hour);
      bench.now += 4.5 * hour;
      expect(await leftOf(account)).toBeLessThan(0.6 * hour);
      await bench.ledger.holds.put(account, hour);
      expect(await leftOf(account)).toBeGreaterThan(0.9 * hour);
      bench.now += 2 * hour;
      expect(await leftOf(account)).toBeUndefined();
      await bench.ledger.holds.put(account, hour);
      await bench.ledger.holds.end(account);
      expect(await leftOf(account)).toBeUndefined();
    });

    test("are never longer than they were made, though the clock went back", async () => {
      const account = randomId();
      await bench.ledger.holds.put(account, hour);
      bench.now -= 48 * hour;
      expect(await leftOf(account)).toBeLessThanOrEqual(hour);
      bench.now += 48 * hour;
    });
  });
}
