import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCache } from "../../../src/stores/cache/open-cache.ts";
import { cacheContract } from "../../contracts/cache.contract.ts";
import { freshFolder } from "../folder.ts";

const maxBytes = 100_000;
for (const [driver, pathOf] of [["memory", () => null], ["file", () => join(freshFolder(), "cache.db")]] as const) {
  cacheContract(driver, async () => {
    let now = 1_000_000;
    const cache = await openCache({ path: pathOf(), maxBytes }, () => now);
    return { cache, maxBytes, advance: (seconds) => void (now += seconds * 1000) };
  });
}

test("the file is private, outlives its process, and an erased answer is in none of its bytes", async () => {
  const path = join(freshFolder(), "cache.db");
  const first = await openCache({ path });
  await first.set("a", "kept", "answer", { ttlSeconds: 60, documentIds: [] });
  await first.close();
  const second = await openCache({ path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await second.get("a", "kept")).toBe("answer");
  await second.set("a", "gone", "Zebrafinkenbrut", { ttlSeconds: 60, documentIds: ["d"] });
  await second.eraseDocuments(["d"]);
  expect(Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)]).includes("Zebrafinkenbrut")).toBe(false);
  await second.close();
});

test("a damaged file is begun anew: nothing in a cache is worth failing for", async () => {
  const path = join(freshFolder(), "cache.db");
  writeFileSync(path, Buffer.alloc(8192, "no database"));
  const cache = await openCache({ path });
  await cache.set("a", "key", "answer", { ttlSeconds: 60, documentIds: [] });
  expect(await cache.get("a", "key")).toBe("answer");
  await cache.close();
});
