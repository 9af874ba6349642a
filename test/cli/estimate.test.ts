import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyEstimate } from "../http/memory-services.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();

test("ingest --estimate tells what it would come to, names what would fail, and stores nothing", async () => {
  for (const name of ["a.txt", "b.xyz", "c.pdf"]) await writeFile(join(fresh.folder, name), "words");
  const span = { low: 1, high: 2 };
  fresh.memory.app.documents.estimate = async (_principal, files) => ({
    ...emptyEstimate, documents: files.length - 2, chunks: 3, calls: { low: 5, high: 6 }, usd: { low: 0.01, high: 0.02 },
    unreadable: [{ file: 1, code: "unsupported_type", message: "no parser" }, { file: 2, code: "unreadable", message: "it is damaged" }],
    stages: [{ stage: "extractEntities", location: "cloud", anonymised: true, backend: "c", model: "m", reason: "batch", calls: span, promptTokens: span, outputTokens: span, usd: span, ms: { low: 1000, high: 100_000 } }],
    warnings: [{ code: "budget_may_end", message: "it may not fit" }],
  });
  const shown = await sluice(fresh.memory, ["ingest", fresh.folder, "--estimate"]);
  expect(shown.code).toBe(1);
  expect(shown.stdout).toMatch(/^1 document, .*3 chunks.*1 file of other formats skipped/);
  expect(shown.stdout).toMatch(/extractEntities\s+cloud, anonymised\s+m on c\s+batch\s+1–2\s+1–2\s+1–2\s+1\.00–2\.00\s+1 s–2 min/);
  expect(shown.stdout).toContain("all of it: 5–6 calls, 0.0100–0.0200 USD");
  expect(shown.stdout).toContain(`would fail: ${join(fresh.folder, "c.pdf")}: it is damaged`);
  expect(shown.stdout).not.toContain("b.xyz");
  expect(shown.stdout).toContain("warning: it may not fit");
  expect(fresh.memory.state.uploads).toEqual([]);
  expect(fresh.memory.opened[0]!.workers).toBe(false);
  expect((await sluice(fresh.memory, ["ingest", fresh.folder, "--estimate", "--json"])).lines()).toMatchObject([{ estimate: { documents: 1, skipped: 1 } }]);
});
