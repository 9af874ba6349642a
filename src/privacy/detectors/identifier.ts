import { hasContext, type Detector, type Found, type TextView } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

/** One kind of official number: how it looks, how it is checked, what words announce it. */
export interface Identifier {
  kind: string;
  /** ISO 3166 code of the country, for readers of the table. */
  country: string;
  /** Bounded, not global. */
  pattern: RegExp;
  /** Gets the value without blanks, dots, dashes and slashes. */
  valid?(plain: string): boolean;
  words: RegExp;
  /** A cheap sign that the words may stand in a text; a row that never counts alone is skipped where it is missing. Not global. */
  sign?: RegExp;
  /** Score of a valid value with no words around; 0: it never counts alone. */
  alone: number;
  /** Score of a well-formed value with words around and a failing checksum. Default .8. */
  mistyped?: number;
}

/** A detector over a table of identifiers: a well-formed number with its words around counts even when its checksum fails. */
export function identifierDetector(id: string, rows: readonly Identifier[]): Detector {
  const compiled = rows.map((row) => ({ ...row, guarded: guarded(row.pattern) }));
  return {
    id,
    kinds: [...new Set(rows.map((row) => row.kind))],
    joins: true,
    *find(view) {
      for (const row of compiled) {
        let announced = row.sign === undefined || row.alone > 0;
        for (const match of matchesIn(view, row.guarded)) {
          announced ||= row.sign!.test(view.text) || view.passages.some((each) => row.sign!.test(each.context));
          if (!announced) break;
          const found = judge(view, row, match.index, match[0]);
          if (found) yield found;
        }
      }
    },
  };
}

function judge(view: TextView, row: Identifier, start: number, value: string): Found | null {
  const plain = value.replace(/[\s./-]/g, "");
  if (/^(\d)\1*$/.test(plain)) return null;
  const end = start + value.length;
  const valid = row.valid?.(plain) ?? false;
  if (hasContext(view, start, end, row.words)) {
    return { kind: row.kind, start, end, score: valid || !row.valid ? 0.95 : (row.mistyped ?? 0.8), checked: valid };
  }
  if (row.alone === 0 || (row.valid && !valid)) return null;
  return { kind: row.kind, start, end, score: row.alone, checked: valid };
}
