import type { Class } from "../../../data/classification.ts";
import { isStricter, type EdgeKind, type Properties, type Row } from "./document-rows.ts";

/** A row as it is stored; `key` ends with `@since`. */
export interface StoredRow {
  kind: EdgeKind;
  type: string | null;
  key: string;
  since: number;
  until: number | null;
  class: Class;
  /** The class that holds once revision `nextSince` is committed. */
  nextClass: Class | null;
  nextSince: number | null;
  properties: Properties;
}

export interface Difference {
  /** Rows that are to be created. */
  added: Row[];
  /** Rows that an earlier attempt at the same revision wrote otherwise. */
  rewritten: { row: StoredRow; wanted: Row }[];
  /** Keys with revision, by kind and relation type. */
  ended: StoredRow[];
  classes: { row: StoredRow; class: Class; next: Class | null }[];
}

/**
 * What a revision has to write. A row that is there as wanted is kept, unless it was written by a revision that may never
 * have been committed (`committed` < since < revision): another writer may yet take that one back, so it is written anew.
 * What is told anew with a stricter class is strict at once in the old telling too.
 */
export function difference(wanted: readonly Row[], stored: readonly StoredRow[], revision: number, committed: number): Difference {
  const byKey = Map.groupBy(stored, (row) => row.key.slice(0, row.key.lastIndexOf("@")));
  const result: Difference = { added: [], rewritten: [], ended: [], classes: [] };
  const kept = new Set<StoredRow>();
  for (const row of wanted) {
    const same = byKey.get(row.key)?.find((each) => each.until === null && (each.since <= committed || each.since === revision) && equal(each.properties, row.properties));
    if (!same) {
      const earlier = byKey.get(row.key)?.find((each) => each.since === revision);
      if (earlier) result.rewritten.push({ row: earlier, wanted: row });
      else result.added.push(row);
      continue;
    }
    kept.add(same);
    const now = isStricter(row.class, same.class) ? row.class : same.class;
    const next = isStricter(now, row.class) ? row.class : null;
    if (now !== same.class || next !== same.nextClass || (next && same.nextSince !== revision)) result.classes.push({ row: same, class: now, next });
  }
  const strictest = new Map<unknown, Class>();
  for (const row of wanted) strictest.set(subject(row), row.class);
  for (const { row } of result.rewritten) kept.add(row);
  for (const row of stored) {
    if (kept.has(row)) continue;
    if (row.until === null || (row.until > committed && row.until < revision)) result.ended.push(row);
    const now = strictest.get(subject(row));
    if (now && isStricter(now, row.class)) result.classes.push({ row, class: now, next: null });
  }
  return result;
}

/** A chunk that moved under another heading is the same chunk. */
const subject = (row: Row | StoredRow): unknown => (row.kind === "HAS_CHUNK" ? row.properties["chunk"] : "since" in row ? row.key.slice(0, row.key.lastIndexOf("@")) : row.key);

function equal(one: Properties, other: Properties): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));
}
