import { openModels } from "../../src/models/open-models.ts";
import { makeClearedRequest } from "../../src/privacy/cleared-request.ts";
import { openCache } from "../../src/stores/cache/open-cache.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { silentLog } from "../../src/telemetry.ts";

// Run by killed-calls.test.ts: eight callers that ask a cloud again and again, until this process is killed.
const [, , url, file] = process.argv as [string, string, string, string];
const database = await openSqlite({ path: file, schemas: [ledgerSchema] });
const models = await openModels(
  { backends: [{ id: "cloud", location: "cloud", url, apiKey: "test-key" }], cache: { enabled: false }, auditKey: "audit-key", prices: [{ model: "gpt-oss:20b", from: "2025-01-01", input: 1, output: 2 }], budgets: { dayUsd: 1000, monthUsd: 1000, tenantDayUsd: 1000, tenantMonthUsd: 1000 } },
  { ...openLedger(database), cache: await openCache(), log: silentLog, anonymise: async (messages) => ({ messages, clean: false, restore: (text) => text }), gate: async (body) => makeClearedRequest(Buffer.from(body), "") },
);
const task = {
  taskType: "extraction", complexity: "medium", quality: "high", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: "public", localOnly: false, tenant: "default", collection: "default",
  documentId: null, chunkId: null, step: "test", generation: 0, userId: null, requestId: "r", taskId: "t", maxOutputTokens: null, priority: "ingest",
} as const;
const caller = async () => {
  for (;;) await models.chat({ ...task, tier: "fast" }).invoke("Was the grid extended?");
};
await Promise.all(Array.from({ length: 8 }, caller));
