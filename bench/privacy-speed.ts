import { readFileSync } from "node:fs";
import { openLanguage } from "../src/language/open-language.ts";
import type { Detector } from "../src/privacy/detectors/detector.ts";
import { allDetectors, structuredDetectors } from "../src/privacy/detectors/registry.ts";
import { scanPassages } from "../src/privacy/scan.ts";

/**
 * How fast the detectors read, in MB (of UTF-16 units) a second: `node bench/privacy-speed.ts FILE…`, files of plain text or of
 * lines `{ text }` (`.jsonl`), a line a passage. Printed: the structured kinds, all with names, ms for a chunk of 2,000
 * characters, and what each detector takes of a MB (the first that seeks by openings pays for the pass that finds them). Each
 * figure is the best of several passes, the first of which only warm up: what else the machine does can only make a pass longer.
 */
const files = process.argv.slice(2);
if (files.length === 0) throw new Error("usage: node bench/privacy-speed.ts FILE…");
const lines = files.flatMap((file) => {
  const rows = readFileSync(file, "utf8").split("\n");
  return file.endsWith(".jsonl") ? rows.filter(Boolean).map((row) => (JSON.parse(row) as { text: string }).text) : rows;
});
const language = openLanguage();
const passes = 8;
const megabytes = lines.reduce((sum, line) => sum + line.length, 0) / 1e6;
const scan = (passages: string[], detectors: readonly Detector[], starts: (detector: number) => void = () => {}): void =>
  void scanPassages({ passages: passages.map((text) => ({ text })), terms: [], allow: [], scores: {} }, detectors, language.identify, starts);

/** The shortest of several runs, ms. */
function best(run: () => void): number {
  let least = Infinity;
  for (let pass = 0; pass < passes; pass++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

for (const [label, detectors] of [["structured", structuredDetectors], ["with names", allDetectors(language)]] as const) {
  const spent = new Map<string, number>();
  let [running, since] = ["view", 0];
  const next = (id: string): void => {
    spent.set(running, Math.min(spent.get(running) ?? Infinity, performance.now() - since));
    [running, since] = [id, performance.now()];
  };
  const whole = best(() => {
    [running, since] = ["view", performance.now()];
    scan(lines, detectors, (detector) => next(detectors[detector]!.id));
    next("");
  });
  const text = lines.join("\n");
  const chunks = Array.from({ length: Math.min(200, Math.floor(text.length / 2000)) }, (_, index) => text.slice(index * 2000, (index + 1) * 2000));
  const chunk = best(() => chunks.forEach((each) => scan([each], detectors))) / chunks.length;
  const slowest = [...spent].toSorted((a, b) => b[1] - a[1]).slice(0, 12);
  console.log(`${label.padEnd(10)} ${(megabytes / (whole / 1000)).toFixed(2)} MB/s, a chunk ${chunk.toFixed(2)} ms; ms a MB: ${slowest.map(([id, ms]) => `${id} ${(ms / megabytes).toFixed(1)}`).join(", ")}`);
}
