import { z } from "zod";
import { Location } from "./decision.ts";

const Sums = z.object({
  /** Attempts that reached the backend; those that their caller ended are left out. */
  calls: z.number().int(),
  succeeded: z.number().int(),
  /** 0..1; null without calls. */
  successRate: z.number().nullable(),
  promptTokens: z.number().int(),
  outputTokens: z.number().int(),
  usd: z.number(),
  /** The same tokens at the price of the reference models (`budgets.reference`): what all of it would have cost in a cloud. */
  referenceUsd: z.number(),
  /** `referenceUsd` less `usd`. */
  savedUsd: z.number(),
  /** Of whole answers; null without any. */
  meanMs: z.number().nullable(),
  /** At most 5 % too high. */
  p95Ms: z.number().nullable(),
  /** Answers in place of a backend that failed. */
  fallbacks: z.number().int(),
  cacheHits: z.number().int(),
});

export const CostItem = Sums.extend({ location: Location, backend: z.string(), model: z.string(), taskType: z.string() });
export type CostItem = z.infer<typeof CostItem>;

/** USD of a budget's present period, spent and reserved: the tenant's own, or that of all. */
export const BudgetState = z.object({ period: z.enum(["day", "month"]), usedUsd: z.number(), limitUsd: z.number() });

/** What the calls of the last days came to, by provider, model and task; days are UTC, today is the last. */
export const Costs = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  items: z.array(CostItem),
  total: Sums,
  budgets: z.array(BudgetState),
  /** Given in these days, newest first; a tenant of null is the budget of all. */
  alerts: z.array(z.object({ period: z.string(), tenant: z.string().nullable(), percent: z.number(), at: z.string() })),
});
export type Costs = z.infer<typeof Costs>;
