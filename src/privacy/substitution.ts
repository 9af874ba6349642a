import type { Signal } from "../data/classification.ts";
import { withoutTitles, type Numbering } from "./numbering.ts";
import { exactPlaceholders, placeholder, placeholdersIn } from "./placeholders.ts";
import type { PolicyTable } from "./policy.ts";
import type { VaultEntry } from "./vault.ts";

export interface Place {
  start: number;
  end: number;
  type: string;
}

/** Findings without overlaps and without the placeholders they swallow: first the one that starts first, then the longest. */
export function spansToReplace(text: string, signals: Signal[], table: PolicyTable): Place[] {
  const ours = exactPlaceholders(text);
  const places: Place[] = [];
  for (const signal of signals.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    let from = Math.max(signal.start, places.at(-1)?.end ?? 0);
    for (const each of [...ours.filter((one) => one.end > from && one.start < signal.end), { start: signal.end, end: signal.end }]) {
      if (/[\p{L}\p{N}]/u.test(text.slice(from, Math.max(from, each.start)))) places.push({ start: from, end: each.start, type: table[signal.kind]!.replace! });
      from = Math.max(from, each.end);
    }
  }
  return places;
}

/** Names known from elsewhere in the document, their single words too ("Lang" of "Eva Lang"), where the detectors passed over them. */
export function knownNames(text: string, entries: VaultEntry[]): Place[] {
  const known = new Set<string>();
  for (const { value } of entries.filter((each) => each.type === "PERSON")) {
    const words = withoutTitles(value).match(/[\p{L}][\p{L}\p{M}'-]{2,40}/gu) ?? [];
    for (const name of [value, ...words]) if (name.length >= 3 && /^\p{Lu}/u.test(name)) known.add(name);
  }
  if (known.size === 0) return [];
  const ours = exactPlaceholders(text);
  const words = [...known].toSorted((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`, "gu"))]
    .map((match) => ({ start: match.index, end: match.index + match[0].length, type: "PERSON" }))
    .filter((place) => !ours.some((each) => each.start < place.end && place.start < each.end));
}

/** What stands in the text and reads like a placeholder of ours gets one of its own, so that restoring leaves it as it was. */
export function hideLiterals(text: string, numbering: Numbering): string {
  const known = new Set(numbering.entries.map((each) => `${each.type} ${each.number}`));
  const places = placeholdersIn(text)
    .filter((each) => known.has(`${each.type} ${each.number}`))
    .map(({ start, end }) => ({ start, end, type: "LITERAL" }));
  return substitute(text, places, numbering);
}

export function substitute(text: string, places: Place[], numbering: Numbering): string {
  const entries = numbering.assign(places.map((place) => ({ type: place.type, value: text.slice(place.start, place.end) })));
  let result = "";
  let from = 0;
  for (const place of places) {
    result += text.slice(from, place.start) + placeholder(entries.get(`${place.type} ${text.slice(place.start, place.end)}`)!);
    from = place.end;
  }
  return result + text.slice(from);
}
