import { totalmem } from "node:os";
import { Tier } from "../data/decision.ts";
import { gauge, type Log } from "../telemetry.ts";
import type { Backend, EmbeddingBackend, OfferedModel } from "./backends/backend.ts";
import { Failure } from "./failure.ts";
import type { ModelsOptions } from "./options.ts";
import { pickModel } from "./pick-model.ts";
import { keyFault } from "./secret.ts";

export interface Entry {
  backend: Backend;
  state: "up" | "down" | "quarantined";
  offered: OfferedModel[];
  /** Model of each tier, when the backend has one. */
  chosen: Partial<Record<Tier, OfferedModel>>;
  /** A misconfiguration the operator has to mend (wrong key, missing model), or null. */
  degraded: string | null;
  detail: string;
  /** Model → when it answered last, in this process. */
  lastUsed: Map<string, string>;
}

/** What every backend has, and which model of it serves which tier. */
export interface Registry {
  local(): (Entry & { backend: EmbeddingBackend })[];
  cloud(): Entry[];
  find(backend: string): Entry | undefined;
  refresh(): Promise<void>;
  /** A call told us how the backend stands; with the model that answered. */
  report(backend: string, state: "up" | "down", model?: string): void;
  degrade(backend: string, why: string): void;
  /** The server says that it would forward this model: it is not asked again. `forwarded`: it did so, and nothing of the server is asked again. Until a restart. */
  quarantine(backend: string, model: string, forwarded: boolean): void;
  close(): void;
}

export interface RegistryParts {
  backends: { local: EmbeddingBackend[]; cloud: Backend[] };
  log: Log;
  /** What of backends and tiers was told already, and what was wrong with each. */
  told: Map<string, string | null>;
  onChange: () => void;
  /** The alarm: a server called local sent text to another host, or was about to. */
  onQuarantine: (alarm: { backend: string; model: string; forwarded: boolean }) => void;
}

/** A server on this machine has no more memory than the machine; of another we do not know. */
const roomOf = ({ backend: { options } }: Entry): number => (/^(localhost|127\.|\[::1\])/u.test(new URL(options.url).host) ? totalmem() : Infinity);

/** Something that answers, and not as a model server does. */
const isStranger = (error: unknown): boolean => error instanceof SyntaxError || (error instanceof Failure && ["missing", "bad_request", "redirect"].includes(error.kind));

/** A server that says nothing for so long is down; a change of configuration is to be done in 10 s. */
const discoverMs = 8000;

const quarantineGauge = gauge("llm_quarantined", "1 while a local backend is not asked any more, since it forwarded text", ["backend"]);

const upGauge = gauge("llm_backend_up", "1 while the backend answers and can be used, 0 while it is down, misconfigured or left alone", ["backend", "location"]);
const tierGauge = gauge("llm_tier_backends", "backends that can be asked for a model of the tier now", ["tier"]);

export function openRegistry(options: ModelsOptions, parts: RegistryParts): Registry {
  const { told } = parts;
  const quarantined = new Set<string>();
  const entry = <B extends Backend>(backend: B) => ({ backend, state: "down" as Entry["state"], offered: [] as OfferedModel[], chosen: {} as Entry["chosen"], degraded: null as string | null, detail: "not asked yet", lastUsed: new Map<string, string>() });
  const local = parts.backends.local.map(entry);
  const cloud = parts.backends.cloud.map(entry);
  const all: Entry[] = [...local, ...cloud];
  let probing: NodeJS.Timeout | null = null;

  /** How things are stands in the metrics; what changed since it was told last in the log. How all was found at the start is for whoever opened the models to say. */
  function show(): void {
    const isFirst = told.size === 0;
    for (const { backend: { id, options: { location } }, state, degraded, detail } of all) {
      const fault = state === "up" ? degraded : detail;
      upGauge.set({ backend: id, location }, fault === null ? 1 : 0);
      tell(`backend ${id}`, fault, { event: fault === null ? "backend_up" : "backend_unusable", backend: id, state, cause: fault }, "what a backend can be asked for has changed", isFirst);
    }
    for (const tier of Tier.options) {
      const count = all.filter((each) => each.state === "up" && !each.degraded && each.chosen[tier]).length;
      tierGauge.set({ tier }, count);
      tell(`tier ${tier}`, count === 0 ? "none" : null, { event: count === 0 ? "tier_without_model" : "tier_has_model", tier }, "whether a tier has a model has changed", isFirst);
    }
  }

  function tell(name: string, fault: string | null, line: object, message: string, isFirst: boolean): void {
    const before = told.get(name) ?? null;
    told.set(name, fault);
    if (before !== fault) parts.log[fault === null || isFirst ? "info" : "warn"](line, message);
  }

  const changed = () => {
    show();
    parts.onChange();
  };

  async function ask(each: Entry): Promise<void> {
    if (each.state === "quarantined") return;
    try {
      const offered = await each.backend.discover(AbortSignal.timeout(Math.min(discoverMs, each.backend.options.timeoutMs)));
      each.offered = offered.filter((model) => !quarantined.has(JSON.stringify([each.backend.id, model.name])));
      each.state = "up";
      each.detail = [`${each.offered.length} models`, each.backend.note()].filter(Boolean).join("; ");
      each.degraded = each.backend.options.location === "cloud" ? keyFault(each.backend.options) : null;
    } catch (error) {
      each.state = "down";
      each.detail = isStranger(error) ? `what answers there is no server for driver: ${each.backend.options.driver}` : error instanceof Failure ? error.message : `no answer (${(error as { code?: string }).code ?? (error as Error).name})`;
      if (error instanceof Failure && error.kind === "auth") each.degraded = error.message;
      if (each.backend.options.location === "cloud") each.degraded = keyFault(each.backend.options) ?? each.degraded;
    }
    choose(each);
  }

  function choose(each: Entry): void {
    const isLocal = each.backend.options.location === "local";
    const usable = each.offered.filter((model) => !isLocal || !model.forwards);
    each.chosen = {};
    for (const tier of Tier.options) {
      if (!isLocal && tier === "embedding") continue;
      const wanted = each.backend.options.models[tier] ?? (isLocal ? options.tiers[tier].local : options.tiers[tier as "fast"].cloud);
      const model = pickModel(usable, tier, wanted, isLocal ? null : { prices: options.prices, backend: each.backend.id }, roomOf(each));
      if (model) each.chosen[tier] = model;
    }
  }

  async function refresh(): Promise<void> {
    await Promise.all(all.map(ask));
    changed();
    watch();
  }

  /** While something is down it is probed more often than it is refreshed, so that what waits goes on soon. */
  function watch(): void {
    if (probing || all.every((each) => each.state !== "down")) return;
    probing = setTimeout(() => {
      probing = null;
      void Promise.all(all.filter((each) => each.state === "down").map(ask)).then(() => {
        changed();
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
    report(id, state, model) {
      const each = find(id);
      if (each && model !== undefined) {
        each.lastUsed.set(model, new Date().toISOString());
        const used = each.offered.find((offered) => offered.name === model);
        if (used) used.resident = true;
      }
      if (!each || each.state === state || each.state === "quarantined") return;
      each.state = state;
      if (state === "down") each.detail = "did not answer a call";
      changed();
      watch();
    },
    degrade(id, why) {
      const each = find(id);
      if (!each || each.degraded === why) return;
      each.degraded = why;
      show();
      parts.log.error({ event: "backend_degraded", backend: id, cause: why }, "a backend is misconfigured; its calls are answered locally");
    },
    quarantine(id, model, forwarded) {
      const each = find(id);
      if (!each) return;
      quarantined.add(JSON.stringify([id, model]));
      each.offered = each.offered.filter((offered) => offered.name !== model);
      choose(each);
      if (forwarded || Object.keys(each.chosen).length === 0) {
        each.state = "quarantined";
        each.chosen = {};
        quarantineGauge.set({ backend: id }, 1);
      }
      each.detail = forwarded ? `it sent a call for ${model} to another host` : `it would send calls for ${model} to another host`;
      parts.log.error({ event: "backend_quarantined", backend: id, model, forwarded }, "a server called local sends calls to another host; it is not asked again");
      changed();
      parts.onQuarantine({ backend: id, model, forwarded });
    },
    close() {
      clearInterval(timer);
      if (probing) clearTimeout(probing);
    },
  };
}
