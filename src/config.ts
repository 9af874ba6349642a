import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { Level } from "./data/decision.ts";
import { SluiceError } from "./errors.ts";
import { HttpOptions } from "./http/options.ts";
import { BudgetsOptions, ModelsSection, RoutingOptions } from "./models/options.ts";
import { PolicyOptions, PrivacyOptions } from "./privacy/options.ts";
import { VaultOptions } from "./privacy/vault-key.ts";
import { StoresOptions } from "./stores/options.ts";
import { ChunkOptions } from "./steps/chunk-options.ts";
import { SummaryOptions } from "./steps/describe-entity.ts";
import { ExtractionOptions } from "./steps/extract-parts.ts";
import { ParseOptions } from "./steps/parse-options.ts";
import { SecondLookOptions } from "./steps/second-look.ts";
import { VisionOptions } from "./steps/vision.ts";
import { packageRoot } from "./workers/package-root.ts";

/** One complete configuration: keys in the order of the pipeline, the schema of each section beside the code that reads it. */
export const Config = z.strictObject({
  data: z.strictObject({ directory: z.string().default("./data") }).prefault({}),
  server: HttpOptions.prefault({}),
  stores: StoresOptions.prefault({}),
  jobs: z.strictObject({ concurrency: z.number().int().min(0).max(256).default(16), maxQueued: z.number().int().min(1).default(10_000), leaseMs: z.number().int().min(500).default(30_000), waitMs: z.number().int().min(100).default(30_000), maxAttempts: z.number().int().min(1).default(5) }).prefault({}),
  verify: z.strictObject({ everyHours: z.number().min(0).default(24), repair: z.boolean().default(false) }).prefault({}),
  parsing: ParseOptions.prefault({}),
  vault: VaultOptions.prefault({}),
  privacy: z.strictObject({ ...PrivacyOptions.omit({ collections: true }).shape, secondLook: SecondLookOptions.prefault({}) }).prefault({}),
  collections: z.array(z.strictObject({ id: z.string().min(1), tenant: z.string().default("default"), ...PolicyOptions.pick({ policy: true, clean: true, floor: true, terms: true, allow: true }).partial().shape })).default([]),
  chunks: ChunkOptions.prefault({}),
  models: ModelsSection.prefault({}),
  routing: RoutingOptions.prefault({}),
  budgets: BudgetsOptions.prefault({}),
  extraction: ExtractionOptions.prefault({}),
  answer: z.strictObject({ quality: Level.default("medium") }).prefault({}),
  summaries: SummaryOptions.prefault({}),
  vision: VisionOptions.prefault({}),
  audit: z.strictObject({ keepText: z.literal(false).default(false), anchor: z.string().min(1).nullable().default(null) }).prefault({}),
  approve: z.enum(["never", "always"]).default("never"),
  studio: z.strictObject({ origins: z.array(z.url()).default([]), port: z.number().int().default(2024) }).prefault({}),
  telemetry: z.strictObject({ langsmith: z.boolean().default(false), log: z.enum(["silent", "error", "warn", "info", "debug"]).default("warn") }).prefault({}),
});
export type Config = z.infer<typeof Config>;

/** Reads `config/default.yaml` and the overlays over it. `data` wins over `data.directory`. Throws `config` with every mistake. */
export function loadConfig(options: { overlays?: string[]; data?: string; values?: unknown[]; environment?: Record<string, string | undefined> } = {}): Config {
  const environment = options.environment ?? process.env;
  const files = [join(packageRoot, "config", "default.yaml"), ...(options.overlays ?? []).map((file) => resolve(file))];
  let merged: unknown = {};
  for (const file of files) merged = merge(merged, readYaml(file));
  for (const value of options.values ?? []) merged = merge(merged, value);
  const parsed = Config.safeParse(withSecrets(merged, [], environment, files));
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(root)"}: ${issue.message}`).join("\n");
    throw new SluiceError("config", `the configuration has mistakes (${files.join(", ")}):\n${mistakes}`);
  }
  const directory = resolve(options.data ?? parsed.data.data.directory);
  return { ...parsed.data, data: { directory } };
}

/** YAML files of the package: vocabulary, prices, the privacy table. */
export const packageYaml = (name: string): unknown => readYaml(join(packageRoot, "config", name));

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new SluiceError("config", `cannot read the configuration file ${file}; check the path after --config`, { cause });
  }
  try {
    return parseYaml(text) ?? {};
  } catch (cause) {
    throw new SluiceError("config", `${file} is not valid YAML: ${cause instanceof Error ? cause.message.split("\n")[0] : ""}`, { cause });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const hasIds = (list: unknown[]): list is { id: string }[] => list.length > 0 && list.every((each) => isObject(each) && typeof each.id === "string");

/** Objects merge by key, lists of objects with an `id` by id; anything else is replaced. */
export function merge(base: unknown, over: unknown): unknown {
  if (isObject(base) && isObject(over)) {
    const result: Record<string, unknown> = { ...base };
    for (const [key, value] of Object.entries(over)) result[key] = key in base ? merge(base[key], value) : value;
    return result;
  }
  if (Array.isArray(base) && Array.isArray(over) && hasIds(base) && hasIds(over)) {
    const known = new Set(base.map((each) => each.id));
    const changed = base.map((each) => merge(each, over.find((other) => other.id === each.id) ?? {}));
    return [...changed, ...over.filter((each) => !known.has(each.id))];
  }
  return over === undefined ? base : over;
}

/** Fills `${VAR}`, only in entries that are enabled; a missing variable there is an error with its key and name. */
function withSecrets(value: unknown, path: string[], environment: Record<string, string | undefined>, files: string[]): unknown {
  if (Array.isArray(value)) return value.map((each, index) => withSecrets(each, [...path, String(index)], environment, files));
  if (isObject(value)) {
    if (value.enabled === false) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeof each === "string" && /^\$\{.*\}$/.test(each) ? null : each]));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withSecrets(each, [...path, key], environment, files)]));
  }
  const name = typeof value === "string" ? /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1] : undefined;
  if (!name) return value;
  const secret = environment[name];
  if (!secret) throw new SluiceError("config", `${path.join(".")} needs the environment variable ${name}, which is not set (read from ${files.join(", ")})`);
  return secret;
}
