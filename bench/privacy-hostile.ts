import { openLanguage } from "../src/language/open-language.ts";
import { allDetectors } from "../src/privacy/detectors/registry.ts";
import { scanPassages } from "../src/privacy/scan.ts";
import { hostileTexts } from "../test/privacy/hostile-texts.ts";

/** ms that the slowest detector and all of them take on 1 MB of each hostile text: `node bench/privacy-hostile.ts`. The promise is one second a detector. */
const language = openLanguage();
const detectors = allDetectors(language);
for (const [name, text] of hostileTexts(1_000_000)) {
  const times: { id: string; ms: number }[] = [];
  let running = "view";
  let since = performance.now();
  const next = (id: string): void => {
    times.push({ id: running, ms: Math.round(performance.now() - since) });
    running = id;
    since = performance.now();
  };
  scanPassages({ passages: [{ text }], terms: ["Projekt Falke"], allow: [], scores: {} }, detectors, (part) => language.identify(part), (index) => next(detectors[index]!.id));
  next("");
  const slowest = times.toSorted((a, b) => b.ms - a.ms)[0]!;
  console.log(`${name.padEnd(16)} all ${String(times.reduce((sum, each) => sum + each.ms, 0)).padStart(6)}  slowest ${slowest.id} ${slowest.ms}${slowest.ms > 1000 ? "  OVER" : ""}`);
}
