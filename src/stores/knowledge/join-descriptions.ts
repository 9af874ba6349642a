import { normaliseName } from "../../data/identity.ts";

/** One text of many (see `distinctDescriptions`), ended at the last whole one within `bound` characters (the first is cut when it alone is longer). */
export function joinDescriptions(counted: Iterable<[description: string, count: number]>, bound: number): string {
  let result = "";
  for (const text of distinctDescriptions(counted)) {
    const next = result === "" ? text : `${result}${/[.!?]$/.test(result) ? "" : "."} ${text}`;
    if (next.length > bound && result !== "") break;
    result = next;
  }
  return result.length <= bound ? result : `${Array.from(result.slice(0, bound - 1)).slice(0, -1).join("")}…`;
}

/** Each said once, what another one contains left out, the most frequent and then the longest first. */
export function* distinctDescriptions(counted: Iterable<[description: string, count: number]>): Generator<string> {
  const distinct = new Map<string, { text: string; count: number }>();
  for (const [description, count] of counted) {
    const text = description.trim();
    const normal = normaliseName(text);
    if (normal === "") continue;
    const known = distinct.get(normal);
    if (known) distinct.set(normal, { text: text < known.text ? text : known.text, count: known.count + count });
    else distinct.set(normal, { text, count });
  }
  const ordered = [...distinct].sort(([, a], [, b]) => b.count - a.count || b.text.length - a.text.length || (a.text < b.text ? -1 : 1));
  for (const [place, [normal, { text }]] of ordered.entries()) {
    if (!ordered.some(([other], at) => at !== place && other.length > normal.length && ` ${other} `.includes(` ${normal} `))) yield text;
  }
}
