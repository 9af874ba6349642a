import type { Tier } from "../data/decision.ts";
import type { Log } from "../telemetry.ts";
import type { Backend, EmbeddingBackend, OfferedModel } from "./backends/backend.ts";
import { Failure } from "./failure.ts";
import type { ModelsOptions } from "./options.ts";
import { pickModel } from "./pick-model.ts";

export interface Entry {
  backend: Backend;
  state: "up" | "down" | "quarantined";
  offered: OfferedModel[];
  /** Model of each tier, when the backend has one. */
  chosen: Partial<Record<Tier, OfferedModel>>;
  /** A misconfiguration the operator has to mend (wrong key, missing model), or null. */
  degraded: string | null;
  detail: string;
}

/** What every backend has, and which model of it serves which tier. */
export interface Registry {
  local(): Entry[];
  cloud(): Entry[];
  find(backend: string): Entry | undefined;
  refresh(): Promise<void>;
  /** A call told us how the backend stands. */
  report(backend: string, state: "up" | "down"): void;
  degrade(backend: string, why: string): void;
  /** The server forwarded text or says that it would: this model is never asked again, until a restart. */
  quarantine(backend: string, model: string): void;
  close(): void;
}

export interface RegistryParts {
  backends: { local: EmbeddingBackend[]; cloud: Backend[] };
  log: Log;
  onChange: () => void;
}

export function openRegistry(options: ModelsOptions, parts: RegistryParts): Registry {
  const quarantined = new Set<string>();
  const entry = (backend: Backend): Entry => ({ backend, state: "down", offered: [], chosen: {}, degraded: null, detail: "not asked yet" });
  const local = parts.backends.local.map(entry);
  const cloud = parts.backends.cloud.map(entry);
  const all = [...local, ...cloud];
  let probing: NodeJS.Timeout | null = null;

  async function ask(each: Entry): Promise<void> {
    try {
      const offered = await each.backend.discover(AbortSignal.timeout(Math.min(10_000, each.backend.options.timeoutMs)));
      each.offered = offered.filter((model) => !quarantined.has(JSON.stringify([each.backend.id, model.name])));
      each.state = "up";
      each.detail = [`${each.offered.length} models`, each.backend.note()].filter(Boolean).join("; ");
      each.degraded = null;
    } catch (error) {
      each.state = "down";
      each.detail = error instanceof Failure ? error.message : `no answer (${(error as { code?: string }).code ?? (error as Error).name})`;
      if (error instanceof Failure && error.kind === "auth") each.degraded = error.message;
    }
    choose(each);
  }

  function choose(each: Entry): void {
    const isLocal = local.includes(each);
    const usable = each.offered.filter((model) => !isLocal || !model.forwards);
    each.chosen = {};
    for (const tier of ["fast", "strong", "vision", "embedding"] as const) {
      if (!isLocal && tier === "embedding") continue;
      const wanted = isLocal ? options.tiers[tier].local : options.tiers[tier as "fast"].cloud;
      const model = pickModel(usable, tier, wanted, isLocal ? null : { prices: options.prices, backend: each.backend.id });
      if (model) each.chosen[tier] = model;
    }
  }

  async function refresh(): Promise<void> {
    await Promise.all(all.map(ask));
    parts.onChange();
    watch();
  }

  /** While something is down it is probed more often than it is refreshed, so that what waits goes on soon. */
  function watch(): void {
    if (probing || all.every((each) => each.state !== "down")) return;
    probing = setTimeout(() => {
      probing = null;
      void Promise.all(all.filter((each) => each.state === "down").map(ask)).then(() => {
        parts.onChange();
        watch();
      });
    }, 10_000);
    probing.unref();
  }

  const timer = setInterval(() => void refresh(), options.refreshMs);
  timer.unref();
  const find = (id: string) => all.find((each) => each.backend.id === id);

  return {
    local: () => local,
    cloud: () => cloud,
    find,
    refresh,
    report(id, state) {
      const each = find(id);
      if (!each || each.state === state || each.state === "quarantined") return;
      each.state = state;
      if (state === "down") each.detail = "did not answer a call";
      parts.onChange();
      watch();
    },
    degrade(id, why) {
      const each = find(id);
      if (!each || each.degraded === why) return;
      each.degraded = why;
      parts.log.error({ event: "backend_degraded", backend: id, cause: why }, "a backend is misconfigured; its calls are answered locally");
    },
    quarantine(id, model) {
      const each = find(id);
      if (!each) return;
      quarantined.add(JSON.stringify([id, model]));
      each.offered = each.offered.filter((offered) => offered.name !== model);
      choose(each);
      if (Object.keys(each.chosen).length === 0) each.state = "quarantined";
      each.detail = `the model ${model} was forwarded to another host`;
      parts.log.error({ event: "backend_quarantined", backend: id, model }, "a server called local forwards a model to another host; the model is not asked again");
    },
    close() {
      clearInterval(timer);
      if (probing) clearTimeout(probing);
    },
  };
}
