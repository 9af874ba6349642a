import type { Tier } from "../data/decision.ts";
import type { BackendStatus } from "./models.ts";
import type { BackendOptions, ModelsOptions } from "./options.ts";
import type { Entry, Registry } from "./registry.ts";
import { isPlaceholder } from "./secret.ts";

const pulls: Record<Tier, string> = { fast: "ollama pull qwen3:4b", strong: "ollama pull qwen3:8b", vision: "ollama pull qwen2.5vl:7b", embedding: "ollama pull bge-m3" };

/** One row a backend: what is there, what is missing, and what to do about it. */
export function statusOf(options: ModelsOptions, registry: Registry): BackendStatus[] {
  return options.backends.map((backend) => {
    const entry = registry.find(backend.id);
    const common = { backend: backend.id, location: backend.location, url: backend.url };
    if (!entry) return { ...common, state: "disabled" as const, models: {}, detail: "not enabled", hint: null };
    const models = Object.fromEntries(Object.entries(entry.chosen).map(([tier, model]) => [tier, model.name]));
    return { ...common, state: entry.state, models, detail: entry.degraded ?? entry.detail, hint: hintFor(backend, entry) };
  });
}

function hintFor(backend: BackendOptions, entry: Entry): string | null {
  if (entry.state === "quarantined") return "remove the forwarded model, or set location: cloud; then restart";
  if (backend.location === "cloud") {
    if (!backend.apiKey || isPlaceholder(backend.apiKey)) return "set apiKey, or enabled: false";
    if (entry.degraded) return "check apiKey and the model names of models.tiers";
    return entry.state === "down" ? `is ${backend.url} reachable from here?` : null;
  }
  if (entry.state === "down") return `start it (\`ollama serve\`), or correct url; models come with \`${pulls.strong}\``;
  const missing = (Object.keys(pulls) as Tier[]).filter((tier) => !entry.chosen[tier]);
  return missing.length ? missing.map((tier) => `no ${tier} model: \`${pulls[tier]}\``).join("; ") : null;
}
