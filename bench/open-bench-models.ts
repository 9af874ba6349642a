import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomId } from "../src/data/identity.ts";
import type { Task } from "../src/data/decision.ts";
import type { Gate } from "../src/models/dispatch.ts";
import { openModels } from "../src/models/open-models.ts";
import type { ModelsInput } from "../src/models/options.ts";
import { makeClearedRequest } from "../src/privacy/cleared-request.ts";
import { openCache } from "../src/stores/cache/open-cache.ts";
import { openLedger } from "../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../src/stores/ledger/schema.ts";
import { openSqlite } from "../src/stores/sqlite/open-sqlite.ts";
import { silentLog } from "../src/telemetry.ts";

/** What of a local and a paid backend the product would have, both at one address. */
export const prices = [{ model: "m:latest", from: "2025-01-01", input: 0.1, output: 0.2 }];
export const local = (url: string, more: object = {}) => ({ id: "ollama", location: "local" as const, url, ...more });
export const cloud = (url: string, more: object = {}) => ({ id: "cloud", location: "cloud" as const, url, apiKey: "bench-key", ...more });

/** Lets everything through: the gate's reading is measured by `bench/privacy.ts`. */
export const openGate: Gate = async (body) => makeClearedRequest(Buffer.from(body), "");

/** Models with a ledger and a cache in files, as the product has them, in a folder of its own. */
export async function openBenchModels(input: ModelsInput, gate: Gate = openGate) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const database = await openSqlite({ path: join(folder, "ledger.db"), schemas: [ledgerSchema] });
  const cache = await openCache({ path: join(folder, "cache.db") });
  const ledger = openLedger(database);
  const models = await openModels(
    { prices, auditKey: "bench", budgets: { dayUsd: 1e6, monthUsd: 1e6, tenantDayUsd: 1e6, tenantMonthUsd: 1e6 }, ...input },
    { ...ledger, cache, gate, log: silentLog, anonymise: async (messages) => ({ messages, clean: false, restore: (same) => same }) },
  );
  return {
    models,
    ledger,
    async close(): Promise<void> {
      await models.close();
      await database.close();
      await cache.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A public call; with quality high the hybrid strategy sends it to a cloud. */
export const benchTask = (changes: Partial<Task> = {}): Task => ({
  taskType: "extraction", tier: "fast", complexity: "low", quality: "low", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: "public", localOnly: false, tenant: "default",
  collection: "default", documentId: null, chunkId: null, step: "bench", generation: 0, userId: null, requestId: randomId(), taskId: randomId(), maxOutputTokens: null, priority: "question",
  ...changes,
});

/** A prompt of about so many tokens. */
export const textOf = (tokens: number): string => "The grid of Nordlicht was extended. ".repeat(Math.ceil(tokens / 8));
