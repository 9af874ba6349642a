import { SluiceError } from "../../errors.ts";

/** Where a page ended, as one opaque word: the sort values of its last row. */
export const toCursor = (...values: string[]): string => Buffer.from(JSON.stringify(values)).toString("base64url");

/** The `count` sort values in a cursor; throws `invalid_input` on anything `toCursor` did not make. */
export function fromCursor(cursor: string, count: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(values) && values.length === count && values.every((each) => typeof each === "string")) return values;
  } catch {
    // answered below, like any other cursor that is not ours
  }
  throw new SluiceError("invalid_input", "the cursor was not made by this list; leave it out to begin again");
}

/** One row more than `limit` was asked for: it says whether there is a next page. */
export function toPage<Row, T>(rows: Row[], limit: number, make: (row: Row) => T, cursorOf: (row: Row) => string): { items: T[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(make), next: rows.length > limit ? cursorOf(shown.at(-1)!) : null };
}
