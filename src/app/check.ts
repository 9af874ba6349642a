import type { Config } from "../config.ts";
import { Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { CheckLine } from "./check-line.ts";
import { checkMoney } from "./check-money.ts";
import { destinations } from "./destinations.ts";
import { type Engine, readEngines } from "./engines.ts";
import { readPrices } from "./read-prices.ts";

export interface CheckParts {
  config: Config;
  engines: Engine[];
  models: Models;
}

/** One line each, with what to do; at the end every place that private text can reach. */
export async function* check(parts: CheckParts, signal: AbortSignal): AsyncIterable<CheckLine> {
  const { config, models } = parts;
  yield { name: "configuration", state: "ok", detail: `policy ${config.privacy.policy}, strategy ${config.routing.strategy}`, hint: null };
  for (const each of await readEngines(parts.engines)) yield { name: `stores.${each.store}`, state: each.ok ? "ok" : "failed", detail: each.detail, hint: each.ok ? null : `is the server of stores.${each.store} up, and its address right?` };
  await models.refresh();
  for (const backend of models.status()) {
    const state = backend.state === "up" || backend.state === "disabled" ? "ok" : backend.state === "quarantined" ? "failed" : "warning";
    const names = Object.entries(backend.models).map(([tier, model]) => `${tier}: ${model}`).join(", ");
    yield { name: `backend ${backend.backend} (${backend.location})`, state, detail: [backend.state, names, backend.detail].filter(Boolean).join("; "), hint: backend.hint };
  }
  for (const tier of ["fast", "strong"] as const) {
    signal.throwIfAborted();
    yield await checkTier(tier, models, signal);
  }
  const embeddings = models.embeddings();
  yield embeddings ? { name: "embeddings", state: "ok", detail: `${embeddings.model.name}, ${embeddings.model.dimension} dimensions`, hint: null } : { name: "embeddings", state: "warning", detail: "none: search by meaning is off", hint: "ollama pull bge-m3, then sluice reindex" };
  yield* checkMoney(config, readPrices(config.budgets.prices), models.status());
  yield { name: "private text can reach", state: "ok", detail: reach(config).join("; "), hint: null };
}

/** Asks the model of a tier for one token. */
async function checkTier(tier: "fast" | "strong", models: Models, signal: AbortSignal): Promise<CheckLine> {
  const name = `model ${tier}`;
  const state = models.tier(tier);
  if (state === "absent") return { name, state: "warning", detail: "none has answered yet: the built-in language processing does the work", hint: "ollama pull qwen3:8b" };
  if (state === "down") return { name, state: "warning", detail: "down: jobs wait until it answers", hint: "start the model server" };
  try {
    const task = Task.parse({ taskType: "generation", tier, classification: "pii", tenant: "default", step: "check", requestId: randomId(), taskId: randomId(), maxOutputTokens: 1, priority: "question" });
    const started = performance.now();
    await models.chat(task).invoke("Say: ok", { signal });
    return { name, state: "ok", detail: `answers in ${Math.round(performance.now() - started)} ms`, hint: null };
  } catch (error) {
    return { name, state: "failed", detail: error instanceof SluiceError ? error.message : "no answer", hint: "see the model server's own log" };
  }
}

/** Every address that may see private text; clouds only what the gate clears. */
function reach(config: Config): string[] {
  const backends = config.models.backends.filter((each) => each.enabled);
  return [
    `the folder ${config.data.directory}`,
    ...destinations(config).filter((each) => each.location === "local").map((each) => `${each.address} (${each.key}${each.trusted ? `, trusted: ${each.trusted}` : ""})`),
    ...backends.filter((each) => each.location === "cloud").map((each) => `${each.url}: never private text; public text${config.privacy.policy === "balanced" ? " and anonymised internal text" : ""}`),
    ...(config.telemetry.langsmith ? ["LangSmith: runs without restricted documents"] : []),
    `whoever may call http://${config.server.host}:${config.server.port} (auth: ${config.server.auth})`,
  ];
}
