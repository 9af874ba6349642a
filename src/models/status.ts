import { Tier } from "../data/decision.ts";
import type { ModelSet } from "./model-set.ts";
import type { BackendStatus } from "./models.ts";
import type { BackendOptions, ModelsOptions } from "./options.ts";
import { pullCommand } from "./pull-command.ts";
import type { Entry } from "./registry.ts";
import { keyFault } from "./secret.ts";

/** One row a backend: what is there, what is missing, and what to do about it. */
export function statusOf({ options, registry, limiters, breakers }: Pick<ModelSet, "options" | "registry" | "limiters" | "breakers">): BackendStatus[] {
  const open = breakers.list();
  return options.backends.map((backend) => {
    const entry = registry.find(backend.id);
    const common = { backend: backend.id, location: backend.location, url: backend.url };
    if (!entry) return { ...common, state: "disabled" as const, degraded: false, models: {}, detail: "not enabled", hint: null };
    const models = Object.fromEntries(Object.entries(entry.chosen).map(([tier, model]) => [tier, model.name]));
    const limiter = limiters.get(backend.id)!;
    const held = open.filter((each) => each.backend === backend.id).map(({ backend: _id, ...rest }) => rest);
    const load = { slots: backend.slots, inFlight: limiter.inFlight(), queued: limiter.queued(), breakers: held };
    return { ...common, load, state: entry.state, degraded: entry.degraded !== null, models, detail: entry.degraded ?? entry.detail, hint: hintFor(backend, entry, options) };
  });
}

function hintFor(backend: BackendOptions, entry: Entry, options: ModelsOptions): string | null {
  if (entry.state === "quarantined") return "it is no local server: find out where it sends calls, remove the forwarded model or set location: cloud; then restart";
  if (backend.location === "cloud") {
    if (keyFault(backend)) return "set apiKey, or enabled: false";
    if (entry.degraded) return "check apiKey and the model names of models.tiers";
    return entry.state === "down" ? `is ${backend.url} reachable from here?` : null;
  }
  if (entry.state === "down" && entry.detail.includes("for driver:")) return "correct url or driver";
  if (entry.state === "down") return backend.driver === "openai" ? "start it, or correct url" : `start it (\`ollama serve\`), or correct url; models come with \`${pullCommand(options, "strong", backend)}\``;
  const missing = Tier.options.filter((tier) => !entry.chosen[tier]);
  return missing.length ? missing.map((tier) => `no ${tier} model: \`${pullCommand(options, tier, backend)}\``).join("; ") : null;
}
