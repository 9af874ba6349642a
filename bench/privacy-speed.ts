import { readFileSync } from "node:fs";
import { openLanguage } from "../src/language/open-language.ts";
import type { Detector } from "../src/privacy/detectors/detector.ts";
import { allDetectors, structuredDetectors } from "../src/privacy/detectors/registry.ts";
import { scanPassages } from "../src/privacy/scan.ts";

/**
 * How fast the detectors read, in MB (of UTF-16 units) a second of processor time: `node bench/privacy-speed.ts FILE…`, files of plain
 * text or of lines `{ text }` (`.jsonl`), a line a passage. Printed: the structured kinds, all with names, ms for a chunk of 2,000
 * characters, and what each detector takes of a MB.
 */
const files = process.argv.slice(2);
if (files.length === 0) throw new Error("usage: node bench/privacy-speed.ts FILE…");
const lines = files.flatMap((file) => {
  const rows = readFileSync(file, "utf8").split("\n");
  return file.endsWith(".jsonl") ? rows.filter(Boolean).map((row) => (JSON.parse(row) as { text: string }).text) : rows;
});
const language = openLanguage();
const now = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const scan = (passages: string[], detectors: readonly Detector[], starts: (detector: number) => void = () => {}): void =>
  void scanPassages({ passages: passages.map((text) => ({ text })), terms: [], allow: [], scores: {} }, detectors, language.identify, starts);

for (const [label, detectors] of [["structured", structuredDetectors], ["with names", allDetectors(language)]] as const) {
  scan(lines.slice(0, 500), detectors);
  const spent = new Map<string, number>();
  let [running, since] = ["view", now()];
  const start = since;
  const next = (id: string): void => {
    spent.set(running, (spent.get(running) ?? 0) + now() - since);
    [running, since] = [id, now()];
  };
  scan(lines, detectors, (detector) => next(detectors[detector]!.id));
  next("");
  const megabytes = lines.reduce((sum, line) => sum + line.length, 0) / 1e6;
  const text = lines.join("\n");
  const chunks = Array.from({ length: Math.min(200, Math.floor(text.length / 2000)) }, (_, index) => text.slice(index * 2000, (index + 1) * 2000));
  const before = now();
  for (const chunk of chunks) scan([chunk], detectors);
  const chunk = (now() - before) / chunks.length;
  console.log(`${label.padEnd(10)} ${(megabytes / ((since - start) / 1000)).toFixed(2)} MB/s, a chunk ${chunk.toFixed(2)} ms; ms a MB: ${[...spent].toSorted((a, b) => b[1] - a[1]).slice(0, 12).map(([id, ms]) => `${id} ${Math.round(ms / megabytes)}`).join(", ")}`);
}
