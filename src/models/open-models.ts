import { ask, promptNamed, stream } from "./ask.ts";
import { openAudit } from "./audit.ts";
import type { Call } from "./call.ts";
import { readCosts } from "./costs.ts";
import { openGpuProbe } from "./gpu.ts";
import { LatencyHistory } from "./latency-history.ts";
import { openMemo } from "./memo.ts";
import { modelRows } from "./model-rows.ts";
import { type Kept, type ModelSet, openModelSet } from "./model-set.ts";
import type { Models } from "./models.ts";
import { ModelsOptions, type ModelsInput } from "./options.ts";
import type { ModelsParts } from "./parts.ts";
import { preview } from "./preview.ts";
import { pullModel } from "./pull-model.ts";
import { RoutingChatModel } from "./router.ts";
import { statusOf } from "./status.ts";
import { Calibration } from "./tokens.ts";
import { openUsage } from "./usage.ts";

/** The models of a configuration, and of each that takes its place. Throws `config`. */
export async function openModels(input: ModelsInput | ModelsOptions, parts: ModelsParts): Promise<Models> {
  const options = ModelsOptions.parse(input);
  const kept: Kept = {
    memo: openMemo(parts.memo),
    audit: options.auditKey ? openAudit(parts.audit, options.auditKey) : null,
    usage: openUsage(parts.usage, parts.log),
    latency: new LatencyHistory(),
    calibration: new Calibration(),
    gpu: openGpuProbe(),
    limiters: new Map(),
    told: new Map(),
  };
  await parts.spend.expire(new Date().toISOString());
  let current = await openModelSet(options, parts, kept);
  let turn: Promise<unknown> = Promise.resolve();
  const leaving = new Set<ModelSet>();
  // Each call takes the set that stands when it begins.
  const answer = (call: Call) => current.answer(call);

  async function replace(changed: ModelsInput | ModelsOptions): Promise<void> {
    const next = await openModelSet(ModelsOptions.parse(changed), parts, kept);
    const before = current;
    current = next;
    parts.log.info({ event: "models_reloaded", backends: next.options.backends.filter((each) => each.enabled).map((each) => each.id) }, "the models follow the changed configuration");
    leaving.add(before);
    void before.empty().then(() => {
      leaving.delete(before);
      return before.close();
    });
  }

  return {
    chat: (task) => new RoutingChatModel(task, answer),
    ask: (asked) => ask(asked, current.prompts, answer),
    stream: (asked) => stream(asked, current.prompts, answer),
    tier: (tier, classification) => current.tiers.state(tier, classification),
    keeps: (tier) => current.options.cache.enabled && current.options.tiers[tier].temperature === 0,
    embeddings: () => current.embeddings(),
    cloudEnabled: () => current.options.backends.some((each) => each.enabled && each.location === "cloud"),
    async refresh() {
      await parts.spend.expire(new Date().toISOString());
      await Promise.all([current.registry.refresh(), current.tiers.refresh()]);
    },
    status: () => statusOf(current),
    decisions: kept.memo.decisions,
    list: () => modelRows(current.registry),
    pull: (name, pulling) => pullModel(name, pulling, current.registry),
    async forget(backendOrModel) {
      const count = await parts.tiers.forget(backendOrModel);
      await current.tiers.refresh();
      return count;
    },
    resetBreakers: (backend) => current.breakers.reset(backend),
    reload(changed) {
      const done = turn.then(() => replace(changed));
      turn = done.catch(() => undefined);
      return done;
    },
    preview: (call) => preview({ ...call, prompt: promptNamed(current.prompts, call.prompt) }, current.router),
    async costs(query) {
      await kept.usage.flush();
      return readCosts(query, { usage: parts.usage, spend: parts.spend, alerts: parts.alerts, budgets: current.options.budgets });
    },
    async close() {
      await turn;
      await Promise.all([current, ...leaving].map((each) => each.close()));
      await kept.usage.close();
    },
  };
}
