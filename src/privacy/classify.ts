import { type Class, type Reason, type Signal, strictest, type Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import type { Log } from "../telemetry.ts";
import { counter, histogram } from "../telemetry.ts";
import { openThreadPool } from "../workers/thread-pool.ts";
import { siblingModule } from "../workers/package-root.ts";
import type { PrivacyOptions } from "./options.ts";
import { classOf, policyOf, type PolicyTable } from "./policy.ts";
import type { Passage } from "./privacy.ts";
import type { Scanned, ScanRequest } from "./scan.ts";

export interface Classifier {
  scan(passages: Passage[], scope: Scope): Promise<Verdict[]>;
  close(): Promise<void>;
}

const found = counter("privacy_signals_total", "Findings of the privacy detectors", ["kind", "class"]);
const texts = counter("privacy_scans_total", "Texts read by the privacy detectors", ["class", "complete"]);
const failures = counter("privacy_detector_failures_total", "Detectors that threw, hung or ran out of memory", ["detector"]);
const seconds = histogram("privacy_scan_seconds", "Time one scan took", [], [0.005, 0.02, 0.1, 0.5, 2, 10, 60]);

/** The detectors in threads that can be killed; what they do not finish is `pii`. */
export function openClassifier(options: PrivacyOptions, table: PolicyTable, parts: { log: Log; moreDetectors: string[] }): Classifier {
  const pool = openThreadPool({
    module: siblingModule(import.meta.url, "scan-thread"),
    size: options.threads,
    deadline: options.deadline,
    resourceLimits: { maxOldGenerationSizeMb: options.memory },
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

  return {
    async scan(passages, scope) {
      if (passages.length === 0) return [];
      const policy = policyOf(options, scope);
      const end = seconds.startTimer();
      const scanned = await attempt({ passages: passages.map(({ text, context, role }) => ({ text, context, role })), terms: policy.terms, allow: policy.allow, scores });
      end();
      for (const detector of new Set(scanned.flatMap((each) => each.failed))) failures.inc({ detector });
      return scanned.map((each) => verdictOf(each, (kind) => classOf(table, kind, policy.policy), strictest(policy.clean, policy.floor)));
    },
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
    found.inc({ kind: signal.kind, class: signal.class });
  }
  const unknown: Reason[] = scanned.failed.map((detector) => ({ kind: "unknown", class: "pii", count: 1, detector }));
  if (scanned.unknownLanguage) unknown.push({ kind: "unknown_language", class: "pii", count: 1, detector: "language" });
  const all = [...unknown, ...reasons.values()];
  const complete = unknown.length === 0;
  const verdict: Verdict = { class: strictest(lowest, ...all.map((each) => each.class)), signals, reasons: all, complete, language: scanned.language };
  texts.inc({ class: verdict.class, complete: String(complete) });
  return verdict;
}
