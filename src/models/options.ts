import { z } from "zod";
import { Location, TaskType } from "../data/decision.ts";
import { locationFault, type Place } from "./location.ts";
import { PriceTable } from "./prices.ts";
import { Rule } from "./rules.ts";
import { Secret } from "./secret.ts";

const SecretInput = z.union([z.string(), z.instanceof(Secret)]).transform((value) => (value instanceof Secret ? value : new Secret(value)));

function checkPlace(place: Place, context: z.RefinementCtx): void {
  if (!URL.canParse(place.url)) return; // said already
  const fault = locationFault(place);
  if (fault) context.addIssue({ code: "custom", message: fault, path: ["url"] });
}

/** One model server. `slots`: calls at once; `numCtx`: context tokens, one value per instance, since a change reloads the model. */
export const BackendOptions = z
  .strictObject({
    id: z.string().min(1),
    /** `openai`: any server that speaks OpenAI's protocol, vLLM, llama.cpp, LM Studio or a cloud. */
    driver: z.enum(["ollama", "openai"]).default("ollama"),
    location: Location,
    url: z.url(),
    apiKey: SecretInput.nullable().default(null),
    enabled: z.boolean().default(true),
    /** Why a public address counts as local. */
    trusted: z.string().min(1).nullable().default(null),
    slots: z.number().int().min(1).max(1024).default(4),
    maxQueued: z.number().int().min(1).default(10_000),
    timeoutMs: z.number().int().min(1).default(300_000),
    numCtx: z.number().int().min(512).default(16_384),
    /** Tokens of this backend in a month; 0 or less means no limit. */
    monthTokens: z.number().int().default(0),
    /** Names of this backend's own models, per tier; they go before those of `tiers`. */
    models: z.strictObject({ fast: z.string().min(1).optional(), strong: z.string().min(1).optional(), vision: z.string().min(1).optional(), embedding: z.string().min(1).optional() }).prefault({}),
    /** Driver openai: how the form of an answer is asked for; `prompt` where the server takes no `response_format`. */
    structured: z.enum(["json_schema", "json_object", "prompt"]).default("json_schema"),
    /** Driver openai: the field that bounds an answer; OpenAI's own newer models take the second only. */
    outputLimit: z.enum(["max_tokens", "max_completion_tokens"]).default("max_tokens"),
  })
  .superRefine(checkPlace);
export type BackendOptions = z.infer<typeof BackendOptions>;

export const Thinking = z.enum(["off", "low", "medium", "high"]);
export type Thinking = z.infer<typeof Thinking>;

/** Model names per location; `auto` picks from what is installed, or on a cloud from what is offered and priced. */
export const TierOptions = z.strictObject({
  local: z.string().min(1).default("auto"),
  cloud: z.string().min(1).default("auto"),
  think: Thinking.default("off"),
  temperature: z.number().min(0).max(2).default(0),
});
export type TierOptions = z.infer<typeof TierOptions>;

export const TiersOptions = z.strictObject({
  fast: TierOptions.prefault({}),
  strong: TierOptions.prefault({}),
  vision: TierOptions.prefault({}),
  /** Embeddings are local only. */
  embedding: z.strictObject({ local: z.string().min(1).default("auto") }).prefault({}),
});
export type TiersOptions = z.infer<typeof TiersOptions>;

export const Thresholds = z.strictObject({
  lowLatencyMs: z.number().default(500),
  modelSizeGb: z.number().default(10),
  batch: z.number().default(10),
  /** Share of the local GPU in use, 0..1. */
  gpuBusy: z.number().min(0).max(1).default(0.8),
});
export type Thresholds = z.infer<typeof Thresholds>;

export const RoutingOptions = z.strictObject({
  strategy: z.enum(["cost_optimized", "quality_optimized", "latency_optimized", "hybrid"]).default("hybrid"),
  thresholds: Thresholds.prefault({}),
  onRateLimit: z.enum(["queue", "local"]).default("queue"),
  /** How often one call waits for a rate limit to pass before it goes local. */
  rateLimitWaits: z.number().int().min(0).default(5),
  /** May a call that no local model can answer go to a cloud, through all guards. */
  localToCloud: z.boolean().default(false),
  /** Share of the tasks that may go to a cloud at all. */
  rolloutPercent: z.number().min(0).max(100).default(100),
  /** The same for single task types; a document that is in stays in when the share grows. */
  rollout: z.partialRecord(TaskType, z.number().min(0).max(100)).default({}),
  /** Which tier, model or side answers what; see `Rule`. */
  rules: z
    .array(Rule)
    .default([])
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, "two rules have the same name"),
  /** Longest pause before the one retry; the pause is drawn evenly from half of it upwards. */
  retryDelayMs: z.number().min(0).default(500),
  breaker: z.strictObject({ failures: z.number().int().min(1).default(5), halfOpenMs: z.number().int().min(1).default(30_000) }).prefault({}),
});
export type RoutingOptions = z.infer<typeof RoutingOptions>;

/** Where budget alerts are posted; it has a location as every address has one. */
export const Webhook = z
  .strictObject({ url: z.url(), location: Location, trusted: z.string().min(1).nullable().default(null), apiKey: SecretInput.nullable().default(null) })
  .superRefine(checkPlace);
export type Webhook = z.infer<typeof Webhook>;

/** USD by UTC day and month, for all and for each tenant. `reference`: the model that savings are counted against, per tier. */
export const BudgetsOptions = z.strictObject({
  dayUsd: z.number().min(0).default(5),
  monthUsd: z.number().min(0).default(100),
  tenantDayUsd: z.number().min(0).default(5),
  tenantMonthUsd: z.number().min(0).default(100),
  /** Percent; each is given once in its period. */
  alerts: z.array(z.number().int().min(1).max(100)).default([50, 80, 90, 100]),
  webhook: Webhook.nullable().default(null),
  /** File of prices; null is the package's own. */
  prices: z.string().min(1).nullable().default(null),
  reference: z.strictObject({ fast: z.string().optional(), strong: z.string().optional(), vision: z.string().optional() }).prefault({ fast: "gpt-oss:20b", strong: "gpt-oss:120b", vision: "qwen3-vl:235b" }),
});
export type BudgetsOptions = z.infer<typeof BudgetsOptions>;

/** The part under `models:` in the configuration. */
export const ModelsSection = z.strictObject({
  backends: z
    .array(BackendOptions)
    .default([])
    .refine((all) => new Set(all.map((each) => each.id)).size === all.length, "two backends have the same id"),
  tiers: TiersOptions.prefault({}),
  cache: z.strictObject({ enabled: z.boolean().default(true), ttlSeconds: z.number().int().min(1).default(86_400) }).prefault({}),
  refreshMs: z.number().int().min(1000).default(300_000),
});

/** All that `openModels` needs; `config.ts` puts it together from `models`, `routing`, `budgets`, `vision` and `prices.yaml`. */
export const ModelsOptions = ModelsSection.extend({
  routing: RoutingOptions.prefault({}),
  budgets: BudgetsOptions.prefault({}),
  prices: PriceTable.prefault([]),
  /** `vision.cloud`: may pictures of public documents leave. */
  visionCloud: z.boolean().default(false),
  /** Key of the audit chain; needed as soon as a cloud is enabled. */
  auditKey: SecretInput.nullable().default(null),
  /** Folder of the prompt files; by default the package's own. */
  prompts: z.string().nullable().default(null),
});
export type ModelsOptions = z.infer<typeof ModelsOptions>;
/** What a caller may leave out. */
export type ModelsInput = z.input<typeof ModelsOptions>;
