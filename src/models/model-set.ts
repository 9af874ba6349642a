import { join } from "node:path";
import { sha256 } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import { packageRoot } from "../workers/package-root.ts";
import { openAlertWebhook } from "./alert-webhook.ts";
import { openAnswerCache } from "./answer-cache.ts";
import { openCloud, openLocal } from "./backends/open-backend.ts";
import { openBreakers, type Breakers } from "./breaker.ts";
import { openBudget } from "./budget.ts";
import { type Alert, openBudgetAlerts } from "./budget-alerts.ts";
import type { Call, Reply } from "./call.ts";
import { type Embeddings, openEmbeddings } from "./embeddings.ts";
import { openLimiter, type Limiter } from "./limiter.ts";
import { checkLocation } from "./location.ts";
import type { ModelsEvent, ModelsParts } from "./parts.ts";
import { type BackendOptions, ModelsOptions } from "./options.ts";
import { type Prompt, readPrompts } from "./prompts.ts";
import { openRegistry, type Registry, type RegistryParts } from "./registry.ts";
import { route, type RouteParts } from "./route.ts";
import { Secret } from "./secret.ts";
import { tellingGate } from "./telling-gate.ts";
import { openTiers, type Tiers } from "./tiers.ts";

/** What outlives a change of the configuration: what was learnt, who waits for which slot, and what writes to the ledger. */
export interface Kept extends Pick<RouteParts, "memo" | "audit" | "usage" | "latency" | "calibration" | "gpu"> {
  told: RegistryParts["told"];
  limiters: Map<string, Limiter>;
}

/** All that stands on one configuration. A new one gets a set of its own; calls in flight end on the old. */
export interface ModelSet {
  options: ModelsOptions;
  prompts: Map<string, Prompt>;
  registry: Registry;
  limiters: Map<string, Limiter>;
  breakers: Breakers;
  tiers: Tiers;
  /** What a call is answered with, for whoever looks ahead without calling. */
  router: RouteParts;
  answer(call: Call): Promise<Reply>;
  embeddings(): Embeddings | null;
  /** Resolves when no call is in flight. */
  empty(): Promise<void>;
  /** Ends whatever is in flight. */
  close(): Promise<void>;
}

/** Opens every enabled backend, reads and checks the prompts, and asks the backends what they have. Throws `config`. */
export async function openModelSet(options: ModelsOptions, parts: ModelsParts, kept: Kept): Promise<ModelSet> {
  const enabled = options.backends.filter((each) => each.enabled);
  await Promise.all(enabled.map(checkLocation));
  const clouds = enabled.filter((each) => each.location === "cloud");
  if (clouds.length && !kept.audit) throw new SluiceError("config", `the backend "${clouds[0]!.id}" is a cloud and there is no audit key; set one, or disable the backend`);
  const prompts = readPrompts(options.prompts ?? join(packageRoot, "prompts"));
  const emit = (event: ModelsEvent) => parts.onEvent?.(event);

  const webhook = options.budgets.webhook ? openAlertWebhook(options.budgets.webhook, parts.log) : null;
  const gate = webhook ? tellingGate(parts.gate, webhook) : parts.gate;
  const clearPlain = (body: string, texts: string[]) =>
    gate(body, { texts, pictures: 0, classification: "public", anonymised: false, scope: { tenant: "default", collection: "default" }, documentId: null });
  const backends = {
    local: enabled.filter((each) => each.location === "local").map((each) => openLocal(each, (model, forwarded) => registry.quarantine(each.id, model, forwarded))),
    cloud: clouds.map((each) => openCloud(each, clearPlain)),
  };
  let embeddings: Embeddings | null = null;
  const onChange = () => {
    const opened = openEmbeddings({ registry, limiters, answered: tiers.answered });
    embeddings = opened && { ...opened, embed: (texts, signal) => flight.during(opened.embed(texts, signal)) };
  };
  const registry = openRegistry(options, { backends, log: parts.log, told: kept.told, onChange, onQuarantine: (alarm) => emit({ type: "quarantined", ...alarm }) });
  const limiters = new Map(enabled.map((each) => [each.id, limiterOf(each, kept.limiters)]));
  const breakers = await openBreakers(options.routing.breaker, { holds: parts.holds, accounts: new Map(enabled.map((each) => [each.id, sha256(accountOf(each))])), log: parts.log });
  const tiers = await openTiers(parts.tiers, registry);
  const onAlert = (alert: Alert) => {
    emit({ type: "budget_alert", ...alert });
    void webhook?.send({ event: "budget_alert", ...alert });
  };
  const alerts = openBudgetAlerts(options.budgets, { spend: parts.spend, alerts: parts.alerts, log: parts.log, onAlert });
  const router: RouteParts = {
    ...kept,
    options, registry, limiters, breakers,
    budget: openBudget(options, { spend: parts.spend, alerts }),
    spend: parts.spend,
    cache: openAnswerCache(parts.cache, options.cache),
    anonymise: parts.anonymise,
    gate,
    answered: tiers.answered,
    log: parts.log,
    onEvent: emit,
  };
  const flight = openFlight();
  await Promise.all([registry.refresh(), alerts.look("")]);

  return {
    options, prompts, registry, limiters, breakers, tiers, router,
    answer: (call) => flight.during(route(call, router)),
    embeddings: () => embeddings,
    empty: flight.empty,
    async close() {
      registry.close();
      breakers.close();
      for (const backend of [...backends.local, ...backends.cloud]) backend.close();
      alerts.close();
      await webhook?.close();
    },
  };
}

/** Two backends with one address and key are one account. */
const accountOf = ({ url, apiKey }: BackendOptions): string => JSON.stringify([url, apiKey ? Secret.reveal(apiKey) : null]);

/** One for each account and number of slots: two backends with one address and key share what the account allows. */
function limiterOf(backend: BackendOptions, limiters: Map<string, Limiter>): Limiter {
  const account = JSON.stringify([accountOf(backend), backend.slots, backend.maxQueued]);
  const limiter = limiters.get(account) ?? openLimiter(backend);
  limiters.set(account, limiter);
  return limiter;
}

/** Counts what is on its way. */
function openFlight(): { during<T>(call: Promise<T>): Promise<T>; empty(): Promise<void> } {
  let count = 0;
  const waiting: (() => void)[] = [];
  return {
    async during(call) {
      count++;
      try {
        return await call;
      } finally {
        if (--count === 0) for (const resolve of waiting.splice(0)) resolve();
      }
    },
    empty: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
