import { z } from "zod";
import { Class } from "../data/classification.ts";
import { Level, Location, type Task, TaskType, Tier } from "../data/decision.ts";

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]).transform((value) => (Array.isArray(value) ? value : [value]));

/** What a rule looks at; everything that is given must hold. */
const When = z.strictObject({
  taskType: oneOrMore(TaskType).optional(),
  step: oneOrMore(z.string().min(1)).optional(),
  tier: oneOrMore(Tier).optional(),
  complexity: oneOrMore(Level).optional(),
  quality: oneOrMore(Level).optional(),
  content: oneOrMore(z.enum(["text", "code", "references"])).optional(),
  class: oneOrMore(Class).optional(),
  tenant: oneOrMore(z.string().min(1)).optional(),
  collection: oneOrMore(z.string().min(1)).optional(),
  /** Tokens of the prompt, estimated. */
  minTokens: z.number().int().optional(),
  maxTokens: z.number().int().optional(),
});

/** A line of the table: which tier, model, backend or side answers. The guards go before it: a rule lets nothing leave that they keep. */
export const Rule = z.strictObject({
  name: z.string().min(1),
  when: When,
  use: z.strictObject({ tier: Tier.exclude(["embedding"]).optional(), model: z.string().min(1).optional(), backend: z.string().min(1).optional(), location: Location.optional() }).refine((use) => Object.keys(use).length > 0, "names neither a tier, a model, a backend nor a location"),
  priority: z.number().int().default(0),
});
export type Rule = z.infer<typeof Rule>;

/** The rule that holds for a call. */
export type AppliedRule = { name: string } & Rule["use"];

/** The first that holds, the highest priority first and then in the order of the file; null when none does, and for embeddings. */
export function ruleFor(task: Task, promptTokens: number, rules: readonly Rule[]): AppliedRule | null {
  if (rules.length === 0 || task.tier === "embedding") return null;
  let best: Rule | null = null;
  for (const rule of rules) if ((best === null || rule.priority > best.priority) && holds(rule, task, promptTokens)) best = rule;
  return best && { name: best.name, ...best.use };
}

/** A rule's tier takes the place of the prompt's. */
export const underRule = (task: Task, rule: AppliedRule | null): Task => (rule?.tier ? { ...task, tier: rule.tier } : task);

function holds({ when }: Rule, task: Task, promptTokens: number): boolean {
  const is = <T>(list: readonly T[] | undefined, value: T) => list === undefined || list.includes(value);
  return (
    is(when.taskType, task.taskType) &&
    is(when.step, task.step) &&
    is(when.tier, task.tier) &&
    is(when.complexity, task.complexity) &&
    is(when.quality, task.quality) &&
    is(when.content, task.content ?? "text") &&
    is(when.class, task.classification ?? "pii") &&
    is(when.tenant, task.tenant) &&
    is(when.collection, task.collection ?? "default") &&
    promptTokens >= (when.minTokens ?? 0) &&
    promptTokens <= (when.maxTokens ?? Infinity)
  );
}
