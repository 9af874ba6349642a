import { afterAll, describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { allDetectors } from "../../src/privacy/detectors/registry.ts";
import { scanPassages } from "../../src/privacy/scan.ts";
import { openForTest, scope } from "./privacy-parts.ts";

const language = openLanguage();
const detectors = allDetectors(language);
const seeds = { prose: "The harbour crane was delivered to the terminal in Rostock, and Mrs Anna Schmidt signed for it on Monday. ", "one word": "abcdefghij0123456789", numbers: "1234 " };
const lineOf = (seed: string, length: number): string => seed.repeat(length / seed.length);

/** ms of this thread's processor time, the better of two runs. */
function took(text: string): number {
  return Math.min(...[1, 2].map(() => {
    const before = process.threadCpuUsage();
    scanPassages({ passages: [{ text }], terms: [], allow: [], scores: {} }, detectors, language.identify, () => {});
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  }));
}

const tight = openForTest({ memory: 128, deadline: 60_000 });
afterAll(() => tight.end());

describe("a text that is one single line", () => {
  it.each(Object.entries(seeds))("takes a time that grows with its length alone: %s", (_, seed) => {
    took(lineOf(seed, 20_000));
    const small = took(lineOf(seed, 120_000));
    // Eight times the text; work in its square would take 64 times as long.
    expect(took(lineOf(seed, 960_000)) / small).toBeLessThan(24);
  });

  it("is kept here where it does not fit into the memory of a detector's thread, and says so", async () => {
    const [verdict] = await tight.privacy.scan([{ text: lineOf(seeds.prose, 14_000_000) }], scope);
    expect(verdict).toMatchObject({ class: "pii", complete: false, reasons: [{ kind: "unknown" }] });
    expect((await tight.privacy.scan([{ text: "The crane is yellow." }], scope))[0]).toMatchObject({ class: "public", complete: true });
  });
});
