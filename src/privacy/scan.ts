import type { Detector, Found, TextView } from "./detectors/detector.ts";
import { openingsOf } from "./detectors/openings.ts";
import { relate } from "./detectors/relate.ts";
import { rereadDigits, type Reread } from "./misread-digits.ts";
import { type Joined, joinLines } from "./normalised-text.ts";
import type { Passage } from "./privacy.ts";
import { viewOf } from "./text-view.ts";
import { countBefore } from "./sorted.ts";

export interface ScanRequest {
  passages: Passage[];
  terms: string[];
  allow: string[];
  /** Score from which a finding of a kind counts; a kind that is not listed always counts. */
  scores: Record<string, number>;
}

/** What was found in one passage: places and scores, never values. */
export interface Scanned {
  found: { kind: string; start: number; end: number; score: number; detector: string }[];
  /** Detectors that threw. */
  failed: string[];
  language: string | null;
  unknownLanguage: boolean;
}

interface Named extends Found {
  detector: string;
}

/** Runs the detectors over the passages as one text. `starts` is told the number of each detector before it runs. */
export function scanPassages(request: ScanRequest, detectors: readonly Detector[], identify: (text: string) => string | null, starts: (detector: number) => void): Scanned[] {
  const view = viewOf(request.passages, request.terms, identify);
  const failed: string[] = [];
  const all: Named[] = [];
  const joined = joinedView(view);
  const reread = rereadView(view);
  for (const [index, detector] of detectors.entries()) {
    starts(index);
    try {
      const first = all.length;
      for (const found of detector.find(view)) all.push({ ...sound(found, view.text.length), detector: detector.id });
      if (joined && detector.joins) for (const found of acrossLines(detector, joined, all.slice(first))) all.push(found);
      if (reread && detector.joins) for (const found of amongMisread(detector, reread)) all.push(found);
    } catch {
      failed.push(detector.id); // its message may quote the text
    }
  }
  const related = relate(view, all) as Named[];
  const allowed = new Set(request.allow.map(fold));
  const kept = merge(related.filter((each) => each.score >= (request.scores[each.kind] ?? 0) && !allowed.has(fold(view.text.slice(each.start, each.end)))));
  const scanned: Scanned[] = request.passages.map((_, passage) => ({
    found: [],
    failed,
    language: view.languageOf(passage),
    unknownLanguage: view.unknownIn(passage),
  }));
  for (const each of kept) {
    for (const place of view.locate(each.start, each.end)) {
      scanned[place.passage]!.found.push({ kind: each.kind, start: place.start, end: place.end, score: each.score, detector: each.detector });
    }
  }
  return scanned;
}

/** A finding that is nowhere or of no score says that its detector is out of order: what else it missed nobody knows. */
function sound(found: Found, length: number): Found {
  const { kind, start, end, score } = found;
  if (typeof kind !== "string" || !Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end <= start || end > length || !(score >= 0 && score <= 1)) throw new TypeError("a finding without a place");
  return found;
}

export const fold = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

/** A text made of another, as the detectors read it; `of` leads back. */
interface Derived<Source> {
  view: TextView;
  of: Source;
}

function derived<Source extends { text: string; at(index: number): number }>(view: TextView, of: Source): Derived<Source> {
  const sections = [{ start: 0, end: of.text.length, language: null }];
  return { of, view: { ...view, text: of.text, openings: openingsOf(of.text), sections, passages: [], contextAt: (offset) => view.contextAt(of.at(offset)) } };
}

function joinedView(view: TextView): Derived<Joined> | null {
  const joined = joinLines(view.text);
  return joined.text === "" ? null : derived(view, joined);
}

function rereadView(view: TextView): Derived<Reread> | null {
  const reread = rereadDigits(view.text);
  return reread.text === "" ? null : derived(view, reread);
}

/** Values that a line break or cell border cuts in two: only what a checksum, a grammar or its label confirms. `before`: what the detector found in the text itself. */
function* acrossLines(detector: Detector, { view, of: joined }: Derived<Joined>, before: Named[]): Generator<Named> {
  const whole = before.filter((each) => each.checked || each.announced).toSorted((a, b) => a.start - b.start);
  for (const found of detector.find(view)) {
    if (!(found.checked || found.announced) || !joined.crosses(found.start, found.end)) continue;
    const start = joined.at(found.start);
    const end = joined.at(found.end - 1) + 1;
    // "…@nordlicht.de" at the end of a line is whole; the next line's first word is no part of it.
    if (!overlaps(whole, start, end)) yield { ...found, start, end, detector: detector.id };
  }
}

/** Numbers in which letters were read for digits: what a checksum confirms or words announce. */
function* amongMisread(detector: Detector, { view, of: reread }: Derived<Reread>): Generator<Named> {
  for (const found of detector.find(view)) {
    if (!reread.changed(found.start, found.end) || (!found.checked && found.score < 0.8)) continue;
    yield { ...found, start: reread.at(found.start), end: reread.at(found.end - 1) + 1, detector: detector.id };
  }
}

/** `sorted` by place, without overlaps among themselves or nearly so. */
function overlaps(sorted: Named[], start: number, end: number): boolean {
  const next = sorted[countBefore(sorted, (each) => each.end <= start)];
  return next !== undefined && next.start < end;
}

/** Numbers that a checksum explains are not also telephones, plates or places. */
const explained = new Set(["iban", "card", "social_security", "national_id", "health_insurance", "tax_id", "medical_record", "device_id", "sole_trader_number", "company_number"]);
const loose = new Set(["phone", "private_phone", "plate", "address", "business_address", "vat"]);

/** One finding for overlapping ones of a kind: the longest span, the best score. */
function merge(found: Named[]): Named[] {
  const sorted = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const lastOf = new Map<string, Named>();
  const merged: Named[] = [];
  for (const each of sorted) {
    const last = lastOf.get(each.kind);
    if (last && each.start < last.end) {
      last.end = Math.max(last.end, each.end);
      if (each.score > last.score) Object.assign(last, { score: each.score, detector: each.detector });
      continue;
    }
    const copy = { ...each };
    lastOf.set(each.kind, copy);
    merged.push(copy);
  }
  return withoutExplained(merged);
}

function withoutExplained(found: Named[]): Named[] {
  const strong = found.filter((each) => explained.has(each.kind) && each.score >= 0.8);
  let from = 0;
  return found.filter((each) => {
    if (!loose.has(each.kind)) return true;
    while (from < strong.length && strong[from]!.end < each.start - 200) from++;
    for (let index = from; index < strong.length && strong[index]!.start <= each.start; index++) {
      if (strong[index]!.end >= each.end) return false;
    }
    return true;
  });
}
