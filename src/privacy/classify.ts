import { type Class, type Reason, type Signal, strictest, type Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import type { Log } from "../telemetry.ts";
import { counter, histogram } from "../telemetry.ts";
import { openThreadPool } from "../workers/thread-pool.ts";
import { siblingModule } from "../workers/package-root.ts";
import type { PrivacyOptions } from "./options.ts";
import { classOf, policyOf, type PolicyTable } from "./policy.ts";
import type { Passage, Privacy } from "./privacy.ts";
import type { ReleasedValues, ReleaseHash } from "./released-values.ts";
import { fold, type Scanned, type ScanRequest } from "./scan.ts";

export interface Classifier {
  add: Privacy["add"];
  scan(passages: Passage[], scope: Scope, released?: ReleasedValues): Promise<Verdict[]>;
  /** Starts a thread now, so that the first text does not wait for word lists. */
  warm(): void;
  close(): Promise<void>;
}

const foundTotal = counter("privacy_signals_total", "Findings of the privacy detectors", ["kind", "class"]);
const texts = counter("privacy_scans_total", "Texts read by the privacy detectors", ["class", "complete"]);
const failures = counter("privacy_detector_failures_total", "Detectors that threw, hung or ran out of memory", ["detector"]);
const seconds = histogram("privacy_scan_seconds", "Time one scan took", [], [0.005, 0.02, 0.1, 0.5, 2, 10, 60]);

/** The detectors in threads that can be killed; what they do not finish is `pii`. */
export function openClassifier(options: PrivacyOptions, table: PolicyTable, parts: { log: Log; moreDetectors: string[]; releaseHash: ReleaseHash }): Classifier {
  const pool = openThreadPool({
    module: siblingModule(import.meta.url, "scan-thread"),
    size: options.threads,
    deadline: options.deadline,
    // What is young moves over at once: more of it than the room Node leaves above the limit (some MB) would end the process, not the thread.
    resourceLimits: { maxOldGenerationSizeMb: options.memory, maxYoungGenerationSizeMb: 8 },
    workerData: { moreDetectors: parts.moreDetectors },
  });
  const scores = Object.fromEntries(Object.entries(table).map(([kind, row]) => [kind, row.score]));
  let ids: string[] = [];

  async function attempt(request: ScanRequest): Promise<Scanned[]> {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    try {
      const characters = request.passages.reduce((sum, each) => sum + each.text.length, 0);
      if (ids.length === 0) ids = await pool.call<string[]>("detectorIds", null);
      return await pool.call<Scanned[]>("scan", { ...request, progress }, { deadline: Math.ceil(options.deadline * Math.max(1, characters / 1e6)) });
    } catch (error) {
      const detector = ids[Atomics.load(progress, 0) - 1] ?? "scanner";
      parts.log.error({ event: "privacy_scan_failed", detector, passages: request.passages.length, code: (error as { code?: string }).code }, "a detector did not finish; the text counts as pii");
      return request.passages.map(() => ({ found: [], failed: [detector], language: null, unknownLanguage: false }));
    }
  }

  /** Without what a reviewer let pass. */
  function unreleased(scanned: Scanned, text: string, released: ReleasedValues): Scanned {
    return { ...scanned, found: scanned.found.filter((each) => !parts.releaseHash.isIn(released, each.kind, text.slice(each.start, each.end))) };
  }

  return {
    add(verdicts, passages, found, { scope, released = new Set(), incomplete }) {
      const policy = policyOf(options, scope);
      const allowed = new Set(policy.allow.map(fold));
      return verdicts.map((verdict, index) => {
        const text = passages[index]!.text;
        const more = found.filter((each) => each.passage === index).map((each) => each.signal);
        const counting = more.filter(({ kind, start, end }) => !allowed.has(fold(text.slice(start, end))) && !parts.releaseHash.isIn(released, kind, text.slice(start, end)));
        const scanned = { found: counting, failed: incomplete === null ? [] : [incomplete], language: null, unknownLanguage: false };
        const added = verdictOf(scanned, (kind) => classOf(table, kind, policy.policy), "public");
        return { ...verdict, class: strictest(verdict.class, added.class), signals: [...verdict.signals, ...added.signals], reasons: [...verdict.reasons, ...added.reasons], complete: verdict.complete && added.complete };
      });
    },
    async scan(passages, scope, released) {
      if (passages.length === 0) return [];
      const policy = policyOf(options, scope);
      const end = seconds.startTimer();
      const all = await attempt({ passages: passages.map(({ text, context, role }) => ({ text, context, role })), terms: policy.terms, allow: policy.allow, scores });
      end();
      const scanned = released?.size ? all.map((each, index) => unreleased(each, passages[index]!.text, released)) : all;
      for (const detector of new Set(scanned.flatMap((each) => each.failed))) failures.inc({ detector });
      return scanned.map((each) => verdictOf(each, (kind) => classOf(table, kind, policy.policy), strictest(policy.clean, policy.floor)));
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
  };
}

/** `lowest`: the class of a text in which nothing was found. */
function verdictOf(scanned: Scanned, classOfKind: (kind: string) => Class, lowest: Class): Verdict {
  const signals: Signal[] = scanned.found.map((each) => ({ ...each, class: classOfKind(each.kind) }));
  const reasons = new Map<string, Reason>();
  for (const signal of signals) {
    const key = `${signal.kind} ${signal.detector}`;
    const reason = reasons.get(key);
    if (reason) reason.count++;
    else reasons.set(key, { kind: signal.kind, class: signal.class, count: 1, detector: signal.detector });
    foundTotal.inc({ kind: signal.kind, class: signal.class });
  }
  const unknown: Reason[] = scanned.failed.map((detector) => ({ kind: "unknown", class: "pii", count: 1, detector }));
  if (scanned.unknownLanguage) unknown.push({ kind: "unknown_language", class: "pii", count: 1, detector: "language" });
  const all = [...unknown, ...reasons.values()];
  const complete = unknown.length === 0;
  const verdict: Verdict = { class: strictest(lowest, ...all.map((each) => each.class)), signals, reasons: all, complete, language: scanned.language };
  texts.inc({ class: verdict.class, complete: String(complete) });
  return verdict;
}
