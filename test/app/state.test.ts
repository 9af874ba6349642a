import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureCheckpoints } from "../../bench/checkpoint.ts";
import { noModelServer } from "./open-test-app.ts";

describe("the checkpoints of a document of 1,000 passages", () => {
  let measured: Awaited<ReturnType<typeof measureCheckpoints>>;
  beforeAll(async () => {
    measured = await measureCheckpoints([noModelServer]);
  }, 120_000);
  afterAll(() => measured.end());

  it("are no more than 50 KB", () => {
    expect(measured.passages).toBe(1000);
    expect(measured.bytes).toBeLessThanOrEqual(50 * 1024);
  });

  it("hold no text, name, quote or file name of it", async () => {
    const names = (await readdir(measured.folder)).filter((name) => name.startsWith("checkpoints.sqlite"));
    expect(names).toContain("checkpoints.sqlite");
    for (const name of names) {
      const content = (await readFile(join(measured.folder, name))).toString("latin1").toLowerCase();
      for (const word of ["crane", "velden", "marine", "ostwick", "harbour"]) expect([name, word, content.includes(word)]).toEqual([name, word, false]);
    }
  });
});
