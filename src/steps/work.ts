import { z } from "zod";
import { Class, Reason } from "../data/classification.ts";
import { Cost, type Decision, DecisionCount, noCost, type TaskType } from "../data/decision.ts";
import { DocumentCounts } from "../data/document.ts";
import type { Scope } from "../data/identity.ts";
import { Warning } from "../data/warning.ts";
import type { Lease } from "../stores/document-writer.ts";

/** A document as it travels through the ingest graph: ids, counts and classes, never its text or name. */
export const WorkDocument = z.object({
  id: z.string(),
  version: z.number().int(),
  /** Of the original: names its file. */
  sha256: z.string(),
  parentId: z.string().nullable(),
  format: z.string(),
  class: Class.nullable(),
  reasons: z.array(Reason),
  /** The class the other shipped policy would give: the job says what it would change. */
  balancedClass: Class.nullable(),
  language: z.string().nullable(),
  pages: z.number().int(),
  counts: DocumentCounts,
  /** Why this one could not be read, while the rest of its job goes on. */
  failed: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type WorkDocument = z.infer<typeof WorkDocument>;

/** What every step of a run is told besides its input. */
export interface Run {
  jobId: string;
  scope: Scope;
  generation: number;
  userId: string | null;
  signal: AbortSignal;
  lease(): Lease;
  /** `done` of `total` units of the stage. */
  progress(stage: string, done: number, total: number): void;
}

/** What a step adds to the run's account. */
export const Account = z.object({ warnings: z.array(Warning), decisions: z.array(DecisionCount), cost: Cost });
export type Account = z.infer<typeof Account>;

export const emptyAccount = (): Account => ({ warnings: [], decisions: [], cost: noCost });

export function addAccounts(a: Account, b: Account): Account {
  const warnings = new Map([...a.warnings, ...b.warnings].map((each) => [`${each.code}|${each.message}|${each.chunkId ?? ""}`, each]));
  const decisions = new Map<string, DecisionCount>();
  for (const each of [...a.decisions, ...b.decisions]) {
    const key = [each.task, each.location, each.backend, each.model, each.reason].join("|");
    const known = decisions.get(key);
    decisions.set(key, known ? { ...known, calls: known.calls + each.calls } : each);
  }
  return { warnings: [...warnings.values()], decisions: [...decisions.values()], cost: addCosts(a.cost, b.cost) };
}

const mostOfOneCode = 20;

/** What a state keeps of a step's warnings: of each code the first 20 and the number of the others; artifacts name every passage. */
export function boundWarnings(warnings: Warning[], step: string): Warning[] {
  return [...Map.groupBy(warnings, (each) => each.code)].flatMap(([code, alike]) => {
    const others = alike.length - mostOfOneCode;
    return others > 0 ? [...alike.slice(0, mostOfOneCode), { code, message: `and ${others} more of this kind in ${step}` }] : alike;
  });
}

const addCosts = (a: Cost, b: Cost): Cost => ({
  usd: a.usd + b.usd,
  promptTokens: a.promptTokens + b.promptTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  savedUsd: a.savedUsd + b.savedUsd,
});

/** One answered call, as an account: a job that goes on after an interruption counts what it had asked before. */
export function accountOf(step: TaskType | string, answer: { decision: Decision; cost: Cost; earlier: Cost | null; warnings: Warning[] }): Account {
  const { location, backend, model, reason, rule } = answer.decision;
  return { warnings: answer.warnings, decisions: [{ task: step, location, backend, model, reason, rule, calls: 1 }], cost: addCosts(answer.cost, answer.earlier ?? noCost) };
}
