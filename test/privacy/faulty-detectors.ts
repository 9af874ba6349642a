import type { Detector } from "../../src/privacy/detectors/detector.ts";

/** Detectors that fail in the ways a detector can, each on its own trigger word. */
export const detectors: Detector[] = [
  {
    id: "throws",
    kinds: ["nothing"],
    find(view) {
      if (view.text.includes("THROW")) throw new Error(`a message that quotes: ${view.text}`);
      return [];
    },
  },
  {
    id: "hangs",
    kinds: ["nothing"],
    find(view) {
      while (view.text.includes("HANG"));
      return [];
    },
  },
  {
    id: "eats-memory",
    kinds: ["nothing"],
    find(view) {
      const kept: string[][] = [];
      while (view.text.includes("MEMORY")) kept.push(Array.from({ length: 100_000 }, (_, index) => `${index}`));
      return [];
    },
  },
  {
    id: "crashes",
    kinds: ["nothing"],
    find(view) {
      if (view.text.includes("CRASH")) process.exit(3);
      return [];
    },
  },
  { id: "lies", kinds: ["person"], *find(view) { if (view.text.includes("LIES")) yield { kind: "person", start: Number.NaN, end: 3, score: 0.9 }; } },
  { id: "overshoots", kinds: ["person"], *find(view) { if (view.text.includes("OVER")) yield { kind: "person", start: 0, end: view.text.length + 10, score: 0.9 }; } },
  { id: "unsure", kinds: ["person"], *find(view) { if (view.text.includes("UNSURE")) yield { kind: "person", start: 0, end: 3, score: Number.NaN }; } },
  { id: "no-list", kinds: ["person"], find: (view) => (view.text.includes("NOLIST") ? null : []) as never },
  { id: "new-kind", kinds: ["kind_without_row"], *find(view) { if (view.text.includes("NEWKIND")) yield { kind: "kind_without_row", start: 0, end: 1, score: 0.1 }; } },
];
