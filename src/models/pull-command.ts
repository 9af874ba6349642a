import type { Tier } from "../data/decision.ts";
import type { BackendOptions, ModelsOptions } from "./options.ts";

const usual: Record<Tier, string> = { fast: "qwen3:4b", strong: "qwen3:8b", vision: "qwen2.5vl:7b", embedding: "bge-m3" };

/** What gets the missing model of a tier, to the letter: the one the configuration names, else a good one. */
export function pullCommand(options: Pick<ModelsOptions, "tiers" | "backends">, tier: Tier, backend?: BackendOptions): string {
  const local = backend ?? options.backends.find((each) => each.location === "local" && each.enabled);
  const wanted = local?.models[tier] ?? options.tiers[tier].local;
  if (local?.driver === "openai") return wanted === "auto" ? `name a model under models.${tier} of the backend "${local.id}"` : `start ${local.url} with the model ${wanted}`;
  return `ollama pull ${wanted === "auto" ? usual[tier] : wanted}`;
}
