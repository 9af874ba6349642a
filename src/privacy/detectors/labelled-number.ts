import type { Detector } from "./detector.ts";
import { afterLabel, labelledNumbers } from "./number-labels.ts";
import { guarded, matchesIn, valueAt } from "./pattern.ts";

const rows = labelledNumbers.map(({ kind, label, value, whole }) => ({
  kind,
  whole: whole ?? false,
  pattern: guarded(new RegExp(`(?<![\\p{L}\\p{N}])(?:${label})(?!\\p{L})${afterLabel}(?<value>${value})(?![\\p{L}\\p{N}])`, "giu")),
}));

/** Numbers right behind their label, however they are written and whatever their check digits say. */
export const labelledNumber: Detector = {
  id: "labelled-number",
  kinds: [...new Set(rows.map((row) => row.kind))],
  joins: true,
  *find(view) {
    for (const { kind, whole, pattern } of rows) for (const match of matchesIn(view, pattern)) yield { kind, ...valueAt(match), score: 0.8, announced: whole };
  },
};
