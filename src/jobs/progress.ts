import type { JobLedger } from "../stores/ledger/ledger.ts";
import type { Lease } from "../stores/document-writer.ts";

/** Share of a usual run that is over when a stage begins; the stages in order. */
const stages: Record<string, [begin: number, share: number]> = {
  parse: [0, 0.15],
  classify: [0.15, 0.05],
  chunk: [0.2, 0.02],
  embed: [0.22, 0.13],
  extractEntities: [0.35, 0.3],
  deduplicate: [0.65, 0.05],
  extractRelations: [0.7, 0.2],
  vision: [0.9, 0.05],
  store: [0.95, 0.05],
};

/** Writes at most one progress event in `interval` ms, and always the first of a stage; never goes back. */
export function progressReporter(jobs: JobLedger, lease: Lease, onChange: () => void, interval = 300) {
  let last = { stage: "", progress: 0, at: -Infinity };
  let writing: Promise<unknown> = Promise.resolve();
  return {
    report(stage: string, done: number, total: number): void {
      const [begin, share] = stages[stage] ?? [last.progress, 0];
      const progress = Math.max(last.progress, Math.min(1, begin + share * (total > 0 ? done / total : 1)));
      const now = performance.now();
      if (stage === last.stage && now - last.at < interval) return;
      last = { stage, progress, at: now };
      writing = writing
        .then(async () => {
          await jobs.update(lease, { stage, progress });
          await jobs.event(lease.jobId, "progress", { stage, progress });
          onChange();
        })
        .catch(() => undefined); // a lost lease shows at the next renewal
    },
    settled: () => writing,
  };
}
