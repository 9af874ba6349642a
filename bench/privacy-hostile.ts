import { openLanguage } from "../src/language/open-language.ts";
import { allDetectors } from "../src/privacy/detectors/registry.ts";
import { scanPassages } from "../src/privacy/scan.ts";
import { hostileTexts } from "../test/privacy/hostile-texts.ts";

/**
 * Processor time in ms that all detectors and the slowest of them take on each hostile text:
 * `node bench/privacy-hostile.ts [MB] [NAME]`. The promise is a second for 1 MB, and for 10 MB at most eleven times that.
 */
const megabytes = Number(process.argv[2] ?? 1);
const language = openLanguage();
const detectors = allDetectors(language);
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

function measure(text: string): { all: number; id: string; ms: number } {
  const times: { id: string; ms: number }[] = [];
  let running = "view";
  let since = now();
  const next = (id: string): void => {
    times.push({ id: running, ms: Math.round(now() - since) });
    running = id;
    since = now();
  };
  scanPassages({ passages: [{ text }], terms: ["Projekt Falke"], allow: [], scores: {} }, detectors, (part) => language.identify(part), (index) => next(detectors[index]!.id));
  next("");
  return { all: times.reduce((sum, each) => sum + each.ms, 0), ...times.toSorted((a, b) => b.ms - a.ms)[0]! };
}

measure("Anna Schmidt, 12 Mill Lane.".repeat(4000));
let over = 0;
const texts = hostileTexts(megabytes * 1_000_000).filter(([name]) => !process.argv[3] || name === process.argv[3]);
for (const [name, text] of texts) {
  const { all, id, ms } = measure(text);
  if (all > megabytes * 1000) over++;
  console.log(`${name.padEnd(16)} all ${String(all).padStart(6)}  slowest ${id} ${ms}${all > megabytes * 1000 ? "  OVER" : ""}`);
}
console.log(`${over} of ${texts.length} over ${megabytes} s`);
