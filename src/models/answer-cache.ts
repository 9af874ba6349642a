import type { Task } from "../data/decision.ts";
import { sha256 } from "../data/identity.ts";
import type { Cache } from "../stores/cache/cache.ts";
import { counter, gauge } from "../telemetry.ts";
import { type Kept, readKept } from "./memo.ts";

const results = counter("llm_cache_total", "look-ups in the cache between documents", ["result"]);

const ratio = gauge("llm_cache_hit_ratio", "share of this process's look-ups that found an answer");

/** Everything besides the messages that changes an answer. */
export interface Parameters {
  tier: string;
  temperature: number;
  numPredict: number;
  think: string;
  format: unknown;
  tools: unknown;
  stop: unknown;
}

/** Answers shared between documents of one tenant, under the model that really gave them. */
export interface AnswerCache {
  get(task: Task, producer: { backend: string; model: string }, hash: string, parameters: Parameters): Promise<Kept | null>;
  set(task: Task, kept: Kept, hash: string, parameters: Parameters): Promise<void>;
}

export function openAnswerCache(cache: Cache, options: { enabled: boolean; ttlSeconds: number }): AnswerCache {
  // Another than zero temperature means that somebody wants another answer each time; a retry asks again on purpose.
  const applies = (parameters: Parameters) => options.enabled && parameters.temperature === 0;
  const keyOf = (task: Task, producer: { backend: string; model: string }, hash: string, parameters: Parameters) =>
    sha256(JSON.stringify([1, task.tenant, task.classification ?? "pii", task.localOnly, producer.backend, producer.model, hash, parameters, task.documentId === null ? 0 : task.generation]));

  let looked = 0;
  let found = 0;
  return {
    async get(task, producer, hash, parameters) {
      if (!applies(parameters)) return null;
      const value = await cache.get(task.tenant, keyOf(task, producer, hash, parameters)).catch(() => null); // a cache may be lost at any time
      const kept = value === null ? null : readKept(value);
      results.inc({ result: kept ? "hit" : "miss" });
      looked++;
      if (kept) found++;
      ratio.set(found / looked);
      return kept;
    },
    async set(task, kept, hash, parameters) {
      if (!applies(parameters) || kept.doneReason !== "stop" || (kept.content === "" && !kept.toolCalls.length)) return;
      const documentIds = [...(task.documentId === null ? [] : [task.documentId]), ...(task.sources ?? [])];
      await cache.set(task.tenant, keyOf(task, kept, hash, parameters), JSON.stringify(kept), { ttlSeconds: options.ttlSeconds, documentIds }).catch(() => undefined);
    },
  };
}
