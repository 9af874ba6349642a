import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readPrices } from "../../src/app/read-prices.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-prices-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, `${crypto.randomUUID()}.yaml`);
  writeFileSync(path, text);
  return path;
}

it("the package's own prices are read", () => expect(readPrices(null).length).toBeGreaterThan(3));

it("prices of one's own are read in their place", () => {
  expect(readPrices(file("- { model: m, from: 2025-01-01, input: 1, output: 2 }"))).toMatchObject([{ model: "m", input: 1, peak: [] }]);
  expect(readPrices(file("# none yet\n"))).toEqual([]);
});

it.each([
  ["a gap", "- { model: m, from: 2025-01-01, until: 2025-02-01, input: 1, output: 2 }\n- { model: m, from: 2025-03-01, input: 1, output: 2 }", /row 1 \(m\): m has no price from 2025-02-01 until 2025-03-01/],
  ["a typo", "- { model: m, from: 2025-01-01, input: 1, ouput: 2 }", /row 1 \(m\).*output/],
  ["no YAML", "- { model: [", /valid YAML/],
])("a file with %s is a configuration error that names file and row", (_what, text, message) => {
  const path = file(text);
  expect(() => readPrices(path)).toThrow(expect.objectContaining({ code: "config", message: expect.stringMatching(message) }));
  expect(() => readPrices(path)).toThrow(path);
});

it("a file that is not there is named with its key", () => expect(() => readPrices(join(folder, "absent.yaml"))).toThrow(/budgets\.prices/));
