import { join } from "node:path";
import type { Class } from "../data/classification.ts";
import type { Tier } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";
import type { Cache } from "../stores/cache/cache.ts";
import type { AuditLedger, MemoLedger, SpendLedger, TierLedger } from "../stores/ledger/ledger.ts";
import type { Log } from "../telemetry.ts";
import { packageRoot } from "../workers/package-root.ts";
import { openAnswerCache } from "./answer-cache.ts";
import type { Anonymise } from "./anonymise-call.ts";
import { ask, stream } from "./ask.ts";
import { openAudit } from "./audit.ts";
import { openOllamaCloud } from "./backends/ollama-cloud.ts";
import { openOllamaLocal } from "./backends/ollama-local.ts";
import { openBreakers } from "./breaker.ts";
import { openBudget } from "./budget.ts";
import type { Call } from "./call.ts";
import type { Gate } from "./dispatch.ts";
import { openEmbeddings, type Embeddings } from "./embeddings.ts";
import { openGpuProbe } from "./gpu.ts";
import { LatencyHistory } from "./latency-history.ts";
import { openLimiter } from "./limiter.ts";
import { checkLocation } from "./location.ts";
import { openMemo } from "./memo.ts";
import type { Models } from "./models.ts";
import { ModelsOptions, type ModelsInput } from "./options.ts";
import { readPrompts } from "./prompts.ts";
import { openRegistry, type Registry } from "./registry.ts";
import { route, type RouteEvent, type RouteParts } from "./route.ts";
import { RoutingChatModel } from "./router.ts";
import { statusOf } from "./status.ts";
import { openTiers } from "./tiers.ts";
import { Calibration } from "./tokens.ts";

export type ModelsEvent = RouteEvent | { type: "budget_alert"; period: "day" | "month"; percent: number };

/** What the models stand on; `anonymise` and `gate` are privacy's, handed in by `app.ts`. */
export interface ModelsParts {
  memo: MemoLedger;
  spend: SpendLedger;
  audit: AuditLedger;
  tiers: TierLedger;
  cache: Cache;
  anonymise: Anonymise;
  gate: Gate;
  log: Log;
  onEvent?: (event: ModelsEvent) => void;
}

/** Opens every enabled backend, reads and checks the prompts, and asks the backends what they have. Throws `config`. */
export async function openModels(input: ModelsInput | ModelsOptions, parts: ModelsParts): Promise<Models> {
  const options = ModelsOptions.parse(input);
  const enabled = options.backends.filter((each) => each.enabled);
  await Promise.all(enabled.map(checkLocation));
  const clouds = enabled.filter((each) => each.location === "cloud");
  if (clouds.length && !options.auditKey) throw new SluiceError("config", `the backend "${clouds[0]!.id}" is a cloud and there is no audit key; set one, or disable the backend`);
  const prompts = readPrompts(options.prompts ?? join(packageRoot, "prompts"));
  const emit = parts.onEvent ?? (() => {});

  const clearPlain = (body: string, texts: string[]) =>
    parts.gate(body, { texts, pictures: 0, classification: "public", anonymised: false, scope: { tenant: "default", collection: "default" }, documentId: null });
  const backends = {
    local: enabled.filter((each) => each.location === "local").map((each) => openOllamaLocal(each, (model) => registry.quarantine(each.id, model))),
    cloud: clouds.map((each) => openOllamaCloud(each, clearPlain)),
  };
  let embeddings: Embeddings | null = null;
  const onChange = () => (embeddings = openEmbeddings({ registry, limiters, answered: tiers.answered }));
  const registry: Registry = openRegistry(options, { backends, log: parts.log, onChange });
  const limiters = new Map(enabled.map((each) => [each.id, openLimiter(each)]));
  const breakers = openBreakers(options.routing.breaker);
  const tiers = await openTiers(parts.tiers, registry);
  const budget = openBudget(options, { spend: parts.spend, log: parts.log, onAlert: (alert) => emit({ type: "budget_alert", ...alert }) });
  const router: RouteParts = {
    options, registry, limiters, breakers, budget,
    spend: parts.spend,
    memo: openMemo(parts.memo),
    cache: openAnswerCache(parts.cache, options.cache),
    audit: options.auditKey ? openAudit(parts.audit, options.auditKey) : null,
    anonymise: parts.anonymise,
    gate: parts.gate,
    latency: new LatencyHistory(),
    calibration: new Calibration(),
    gpu: openGpuProbe(),
    answered: tiers.answered,
    log: parts.log,
    onEvent: emit,
  };
  const answer = (call: Call) => route(call, router);
  await parts.spend.expire(new Date().toISOString());
  await Promise.all([registry.refresh(), budget.watch()]);

  return {
    chat: (task) => new RoutingChatModel(task, answer),
    ask: (asked) => ask(asked, prompts, answer),
    stream: (asked) => stream(asked, prompts, answer),
    tier: (tier: Tier, classification?: Class | null) => tiers.state(tier, classification),
    embeddings: () => embeddings,
    cloudEnabled: () => clouds.length > 0,
    async refresh() {
      await parts.spend.expire(new Date().toISOString());
      await Promise.all([registry.refresh(), tiers.refresh()]);
    },
    status: () => statusOf(options, registry),
    async close() {
      registry.close();
      breakers.close();
      for (const backend of [...backends.local, ...backends.cloud]) backend.close();
    },
  };
}
