import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cache } from "../../src/stores/cache/cache.ts";

/** What every driver of `Cache` promises. `advance` moves the driver's clock by seconds; `maxBytes` is its bound. */
export function cacheContract(driver: string, open: () => Promise<{ cache: Cache; advance(seconds: number): void; maxBytes: number }>): void {
  describe(`cache: ${driver}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => void (opened = await open()));
    afterAll(() => opened.cache.close());
    const forever = { ttlSeconds: 86_400, documentIds: [] };

    test("an answer is found by its tenant alone", async () => {
      const { cache } = opened;
      await cache.set("a", "key", "answer", forever);
      expect(await cache.get("a", "key")).toBe("answer");
      expect(await cache.get("b", "key")).toBeNull();
      await cache.set("a", "key", "newer", forever);
      expect(await cache.get("a", "key")).toBe("newer");
    });

    test("an answer ends when its time is over", async () => {
      const { cache, advance } = opened;
      await cache.set("a", "short", "answer", { ttlSeconds: 10, documentIds: [] });
      advance(9);
      expect(await cache.get("a", "short")).toBe("answer");
      advance(2);
      expect(await cache.get("a", "short")).toBeNull();
    });

    test("erasing a document takes every answer made from it, in every tenant", async () => {
      const { cache } = opened;
      await cache.set("a", "one", "1", { ttlSeconds: 60, documentIds: ["d1"] });
      await cache.set("a", "both", "2", { ttlSeconds: 60, documentIds: ["d1", "d2"] });
      await cache.set("b", "other", "3", { ttlSeconds: 60, documentIds: ["d2"] });
      await cache.eraseDocuments(["d1"]);
      expect(await Promise.all([cache.get("a", "one"), cache.get("a", "both"), cache.get("b", "other")])).toEqual([null, null, "3"]);
    });

    test("a set without the old documents forgets them", async () => {
      const { cache } = opened;
      await cache.set("a", "moved", "1", { ttlSeconds: 60, documentIds: ["d8"] });
      await cache.set("a", "moved", "2", { ttlSeconds: 60, documentIds: ["d9"] });
      await cache.eraseDocuments(["d8"]);
      expect(await cache.get("a", "moved")).toBe("2");
    });

    test("it stays inside its bound, and what was used last stays longest", async () => {
      const { cache, maxBytes } = opened;
      const value = "v".repeat(Math.floor(maxBytes / 10));
      await cache.set("a", "kept", value, forever);
      for (let count = 0; count < 30; count++) {
        await cache.set("a", `filler ${count}`, value, forever);
        expect(await cache.get("a", "kept")).toBe(value);
      }
      expect(await cache.get("a", "filler 0")).toBeNull();
      expect(await cache.get("a", "filler 29")).toBe(value);
      await cache.set("a", "too large", "v".repeat(maxBytes + 1), forever);
      expect(await cache.get("a", "too large")).toBeNull();
      expect(await cache.get("a", "filler 29")).toBe(value);
    });
  });
}
