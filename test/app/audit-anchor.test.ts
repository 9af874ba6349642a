import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { keepAnchor, readAnchor } from "../../src/app/audit-anchor.ts";
import { silentLog } from "../../src/telemetry.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-anchor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("an anchor gets the heads that have changed, once each, over restarts too", async () => {
  const file = join(folder, "heads.jsonl");
  const chains = [{ chain: "a", head: "1", length: 1 }, { chain: "b", head: null, length: null }];
  const audit = { chains: async () => chains };
  for (const head of ["1", "1", "2"]) {
    chains[0] = { chain: "a", head, length: Number(head) };
    await keepAnchor(file, audit, silentLog).stop();
  }
  expect((await readAnchor(file)).map(({ chain, head, length }) => [chain, head, length])).toEqual([["a", "1", 1], ["a", "2", 2]]);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
});

it("a file that holds something else is refused with its line", async () => {
  const file = join(folder, "other.txt");
  writeFileSync(file, '{"at":"","chain":"a","head":"1","length":1}\nhello\n');
  await expect(readAnchor(file)).rejects.toMatchObject({ code: "config", message: expect.stringContaining("line 2") });
  await expect(readAnchor(join(folder, "absent"))).rejects.toMatchObject({ code: "config" });
});
