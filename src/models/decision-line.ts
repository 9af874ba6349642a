import { z } from "zod";
import { Decision, Location, Task } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";
import { decide, type Ruling } from "./decide.ts";
import type { Facts } from "./facts.ts";
import { Thresholds } from "./options.ts";

/** JSON has no word for what is not a number. */
const Num = z.number().nullable().transform((value) => value ?? Number.NaN);

const FactsLine = z.object({
  strategy: z.enum(["cost_optimized", "quality_optimized", "latency_optimized", "hybrid"]),
  thresholds: Thresholds,
  anonymisedClean: z.boolean(),
  pictures: z.number(),
  picturesMayLeave: z.boolean(),
  cloud: z.object({ backend: z.string().nullable(), model: z.string().nullable(), fault: z.enum(["disabled", "no_key", "placeholder_key", "no_model", "down", "unpriced", "token_limit"]).nullable() }),
  budget: z.object({ spentDay: Num, spentMonth: Num, tenantSpentDay: Num, tenantSpentMonth: Num, estimate: Num, day: Num, month: Num, tenantDay: Num, tenantMonth: Num }),
  breakerOpen: z.boolean(),
  rolledOut: z.boolean(),
  gpuLoad: z.number().nullable(),
  p95: z.object({ local: z.number().nullable(), cloud: z.number().nullable() }),
  localLeft: z.boolean(),
  localToCloud: z.boolean(),
  cloudFailed: z.string().nullable(),
  rule: z.object({ name: z.string(), location: Location.optional() }).loose().nullable().default(null),
});

/** What the guards and strategies read of a task: no id, no name, no text. */
const TaskLine = Task.pick({ taskType: true, tier: true, complexity: true, quality: true, latencyMs: true, batchSize: true, modelSizeGb: true, classification: true, localOnly: true, content: true });

/** A decision with all that it was made of: a line of the log, and kept with the answer. */
export const DecisionLine = z.object({ task: TaskLine, facts: FactsLine, ...Decision.shape });
export type DecisionLine = z.infer<typeof DecisionLine>;

export function decisionLine(task: Task, facts: Facts, decision: Decision): Record<string, unknown> {
  const { taskType, tier, complexity, quality, latencyMs, batchSize, modelSizeGb, classification, localOnly, content } = task;
  return { task: { taskType, tier, complexity, quality, latencyMs, batchSize, modelSizeGb, classification, localOnly, content }, facts, ...decision };
}

export interface Replay {
  recorded: Decision;
  again: Ruling;
  /** The same guard or strategy says the same, with what it had before it then. */
  same: boolean;
}

/** Makes a decision again from its line of the log (`execution_routing`), text or object. Throws `invalid_input` for any other line. */
export function replayDecision(line: string | object): Replay {
  let read;
  try {
    read = DecisionLine.safeParse(typeof line === "string" ? JSON.parse(line) : line);
  } catch (cause) {
    throw new SluiceError("invalid_input", "this line of the log is not JSON", { cause });
  }
  if (!read.success) throw new SluiceError("invalid_input", `this is no line of a decision (event "execution_routing"): ${read.error.issues[0]?.path.join(".")}`);
  const { task, facts, ...recorded } = read.data;
  const again = decide({ ...Task.parse({ ...task, tenant: "", step: "", requestId: "", taskId: "" }) }, facts as Facts);
  const same = (["location", "reason", "confidence", "rule"] as const).every((key) => again[key] === recorded[key]) && JSON.stringify(again.considered) === JSON.stringify(recorded.considered);
  return { recorded, again, same };
}
