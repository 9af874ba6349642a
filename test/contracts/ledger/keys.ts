import { describe, expect, test } from "vitest";
import { randomId, sha256 } from "../../../src/data/identity.ts";
import { freshTenant, type Bench } from "./bench.ts";

export function keyContract(bench: Bench): void {
  describe("keys", () => {
    test("a key is found by the hash of its secret until it is revoked, by its own tenant only", async () => {
      const { keys } = bench.ledger;
      const [tenant, secret] = [freshTenant(), randomId()];
      const before = await keys.count();
      const key = await keys.create({ id: randomId(), tenant, name: "ci", prefix: "slu_12", roles: ["reader"], classes: ["public", "internal"] }, sha256(secret));
      expect(await keys.find(sha256(secret))).toEqual(key);
      expect(await keys.find(sha256("other"))).toBeNull();
      expect(await keys.list(tenant)).toEqual([key]);
      expect(await keys.count()).toBe(before + 1);
      expect(await keys.revoke(freshTenant(), key.id)).toBe(false);
      expect(await keys.revoke(tenant, key.id)).toBe(true);
      expect(await keys.revoke(tenant, key.id)).toBe(false);
      expect(await keys.find(sha256(secret))).toBeNull();
      expect((await keys.list(tenant))[0]!.revokedAt).not.toBeNull();
      expect(await keys.count()).toBe(before);
    });
  });

  describe("tiers", () => {
    test("what answered once is remembered until it is forgotten, by backend or model", async () => {
      const { tiers } = bench.ledger;
      await tiers.answered("fast", "ollama", "small:1b");
      await tiers.answered("fast", "ollama", "small:1b");
      await tiers.answered("strong", "rack", "large:70b");
      await bench.reopen();
      expect((await bench.ledger.tiers.seen()).map(({ tier, backend, model }) => [tier, backend, model])).toEqual([["fast", "ollama", "small:1b"], ["strong", "rack", "large:70b"]]);
      expect(await bench.ledger.tiers.forget("large:70b")).toBe(1);
      expect(await bench.ledger.tiers.forget("ollama")).toBe(1);
      expect(await bench.ledger.tiers.seen()).toEqual([]);
    });
  });

  test("the engine says its name and version", async () => {
    const engine = await bench.ledger.engine();
    expect(engine.name).not.toBe("");
    expect(engine.version).toMatch(/^\d+\./);
  });
}
