import { openLanguage } from "../../src/language/open-language.ts";
import { allDetectors } from "../../src/privacy/detectors/registry.ts";
import { readPolicyTable } from "../../src/privacy/policy.ts";
import type { Passage } from "../../src/privacy/privacy.ts";
import { scanPassages } from "../../src/privacy/scan.ts";

const language = openLanguage();
export const detectors = allDetectors(language);
const scores = Object.fromEntries(Object.entries(readPolicyTable()).map(([kind, row]) => [kind, row.score]));

/** What the detectors of the product find in one text, without a thread: `kind: value`. */
export function found(passage: string | Passage, terms: string[] = [], allow: string[] = []): string[] {
  const one = typeof passage === "string" ? { text: passage } : passage;
  const [scanned] = scanPassages({ passages: [one], terms, allow, scores }, detectors, language.identify, () => {});
  if (scanned!.failed.length > 0) throw new Error(`failed: ${scanned!.failed.join()}`);
  return scanned!.found.map((each) => `${each.kind}: ${one.text.slice(each.start, each.end)}`);
}

export const kinds = (passage: string | Passage): string[] => found(passage).map((each) => each.split(":")[0]!);
