import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Decision } from "../data/decision.ts";
import type { Entity } from "../data/entity.ts";
import { sha256 } from "../data/identity.ts";
import type { Principal } from "../data/principal.ts";
import type { Warning } from "../data/warning.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import { counter } from "../telemetry.ts";
import { mostDescribed, summariseEntity, type Summary } from "./summarise-entity.ts";

export const SummaryOptions = z.strictObject({
  enabled: z.boolean().default(true),
  /** Characters of descriptions above which an entity that somebody reads is summarised. */
  above: z.number().int().min(1).max(mostDescribed).default(1000),
  /** How long a reader waits. The summary goes on behind them, for the next one. */
  waitMs: z.number().int().min(1).max(600_000).default(15_000),
  /** After a failure nobody is asked for the same summary for so long: every look at the entity would be another call. */
  retryMs: z.number().int().min(1).default(60_000),
});
export type SummaryOptions = z.infer<typeof SummaryOptions>;

export interface DescribeParts {
  models: Pick<Models, "ask" | "tier" | "keeps">;
  knowledge: Pick<KnowledgeStore, "sources">;
  documents: Pick<Ledger["documents"], "row">;
  options: SummaryOptions;
}

/** How an entity is described to one caller: by a model, or as the rule joined what was said. */
export interface Described {
  description: string;
  summarised: boolean;
  decision: Decision | null;
  /** Why there is no summary where one is due. */
  warnings: Warning[];
}

export interface EntityDescriber {
  describe(principal: Principal, entity: Entity, requestId: string): Promise<Described>;
  close(): void;
}

interface Failed {
  failed: string;
}
type Outcome = Summary | Failed;

const outcomes = counter("entity_summaries_total", "Entities that were read and had more descriptions than are shown whole", ["outcome"]);

/**
 * Summaries of what each caller sees, made when an entity is read. They are kept where all answers are, under the exact
 * descriptions and their class; readers of the same ones at the same time wait for one call.
 */
export function openEntityDescriber(parts: DescribeParts): EntityDescriber {
  const { models, options } = parts;
  const closing = new AbortController();
  const inFlight = new Map<string, Promise<Outcome>>();
  const failures = new LRUCache<string, Failed>({ max: 10_000, ttl: options.retryMs });

  function begin(key: string, work: () => Promise<Summary>): Promise<Outcome> {
    const begun = inFlight.get(key) ?? work().catch(failedOf).finally(() => inFlight.delete(key));
    inFlight.set(key, begun);
    // Its reader may have left.
    begun.then((outcome) => "failed" in outcome && failures.set(key, outcome)).catch(() => undefined);
    return begun;
  }

  return {
    async describe(principal, entity, requestId) {
      const byRule = (warnings: Warning[] = []): Described => ({ description: entity.description, summarised: false, decision: null, warnings });
      const without = (outcome: string, message: string): Described => {
        outcomes.inc({ outcome });
        return byRule([{ code: "not_summarised", message: `the description is cut by rule: ${message}` }]);
      };
      if (!options.enabled) return byRule();
      const sources = await parts.knowledge.sources(principal, entity.id, mostDescribed);
      const document = sources?.documents[0] === undefined ? null : await parts.documents.row(sources.documents[0]);
      if (!sources || !document || (!sources.more && lengthOf(sources.descriptions) <= options.above)) return byRule();
      if (!models.keeps("fast")) return without("not_kept", "a summary is made only where it is kept (models.cache, and temperature 0 of the tier fast)");
      const state = models.tier("fast", sources.class);
      if (state === "absent") return without("absent", "no language model has answered yet; `ollama pull qwen3:8b` for summaries");
      if (state === "down") return without("down", "the language model is down");

      const scope = { tenant: principal.tenant, collection: document.collection };
      const { name, type, class: value, descriptions } = sources;
      const key = sha256(JSON.stringify([scope, value, name, type, descriptions]));
      const context = { scope, userId: principal.keyId, requestId, signal: closing.signal };
      const made = failures.get(key) ?? (await within(options.waitMs, begin(key, () => summariseEntity(sources, context, parts))));
      if (made === "late") return without("late", `the summary was not ready in ${options.waitMs} ms (summaries.waitMs); a server goes on with it for the next reader`);
      if ("failed" in made) return without("failed", made.failed);
      outcomes.inc({ outcome: "summarised" });
      return { description: made.text, summarised: true, decision: made.decision, warnings: made.warnings };
    },
    close: () => closing.abort(),
  };
}

/** Reading an entity never fails for want of a summary. */
function failedOf(error: unknown): Failed {
  if (error instanceof SluiceError) return { failed: error.message };
  throw error;
}

const lengthOf = (descriptions: string[]): number => descriptions.reduce((sum, { length }) => sum + length, 0);

async function within<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  const over = new AbortController();
  try {
    return await Promise.race([work, pause(ms, "late" as const, { ref: false, signal: over.signal })]);
  } finally {
    over.abort();
  }
}
