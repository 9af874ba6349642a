import { expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { structuredDetectors } from "../../src/privacy/detectors/registry.ts";
import { scanPassages } from "../../src/privacy/scan.ts";
import { hostileTexts } from "./hostile-texts.ts";

// Quadratic work on these sizes takes far longer than the runner's limit; the time for 1 MB is measured in bench/.
it.each(hostileTexts(120_000))("the detectors end on %s", (_name, text) => {
  const [scanned] = scanPassages({ passages: [{ text }], terms: ["Projekt Falke"], allow: [], scores: {} }, structuredDetectors, openLanguage().identify, () => {});
  expect(scanned!.failed).toEqual([]);
});
