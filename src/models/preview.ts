import type { Task } from "../data/decision.ts";
import { newCourse } from "./call.ts";
import { decide } from "./decide.ts";
import { picturesIn, plain } from "./messages.ts";
import type { Prompt } from "./prompts.ts";
import { fillPrompt } from "./prompts.ts";
import { type FactParts, readFacts } from "./read-facts.ts";
import { ruleFor, underRule } from "./rules.ts";
import { outputBudget } from "./thinking.ts";
import { estimateTokens } from "./tokens.ts";

/** Where a call would go now, and what it would cost there. */
export interface Preview {
  location: "local" | "cloud";
  /** It would leave under other names, if those come out clean. */
  anonymised: boolean;
  /** Null: nobody would answer. */
  backend: string | null;
  model: string | null;
  reason: string;
  /** Calls at once. */
  slots: number;
  /** An upper count. */
  promptTokens: number;
  usd(promptTokens: number, outputTokens: number): number;
  /** USD that the tightest budget has left; null where no cloud was looked at. */
  budgetLeft: number | null;
}

/** A JSON schema goes with most calls. */
const schemaTokens = 400;

/** Decides as an attempt would, and asks nobody. Internal text counts as clean under other names: that is read call by call. */
export async function preview(call: { prompt: Prompt; inputs: Record<string, string>; pictures: number; task: Omit<Task, "tier"> }, parts: FactParts): Promise<Preview> {
  const given: Task = { ...call.task, tier: call.prompt.tier };
  const messages = fillPrompt(call.prompt, call.inputs);
  const promptTokens = estimateTokens(plain(messages).map((each) => each.text), call.pictures + picturesIn(messages)) + schemaTokens;
  const rule = ruleFor(given, promptTokens, parts.options.routing.rules);
  const task = underRule(given, rule);
  const course = newCourse({ task, messages, signal: new AbortController().signal });
  const reading = await readFacts({ task, rule, pictures: call.pictures, promptTokens: () => promptTokens, outputTokens: outputBudget(parts.options.tiers[call.prompt.tier].think, task.maxOutputTokens) }, course, parts);
  const { location, reason } = decide(task, { ...reading.facts, anonymisedClean: true });
  const target = location === "cloud" ? reading.cloud : reading.local;
  const { budget } = reading.facts;
  return {
    location,
    anonymised: location === "cloud" && task.classification === "internal",
    backend: target?.entry.backend.id ?? null,
    model: target?.model.name ?? null,
    reason,
    slots: target?.entry.backend.options.slots ?? 1,
    promptTokens,
    usd: (prompt, output) => (location === "cloud" && target ? (parts.budget.estimate(target.entry.backend.id, target.model.name, prompt, output) ?? 0) : 0),
    budgetLeft: location === "cloud" ? Math.max(0, Math.min(budget.day - budget.spentDay, budget.month - budget.spentMonth, budget.tenantDay - budget.tenantSpentDay, budget.tenantMonth - budget.tenantSpentMonth)) : null,
  };
}
