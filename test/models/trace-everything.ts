import { ChatOllama } from "@langchain/ollama";
import { z } from "zod";
import { openModels } from "../../src/models/open-models.ts";
import { openCache } from "../../src/stores/cache/open-cache.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { silentLog } from "../../src/telemetry.ts";

// Run by privacy.test.ts with every tracing variable set: asks in every way there is, or (`bare`) as LangChain does it alone.
const [, , url, file, way] = process.argv as [string, string, string, string, string];
const secret = "CANARY-7f3a";
const batchTime = 1500; // longer than a tracer gathers what it sends
if (way === "bare") {
  await new ChatOllama({ model: "llama3.2:3b", baseUrl: url }).invoke(secret);
  await new Promise((resolve) => setTimeout(resolve, batchTime));
  process.exit(0);
}
const database = await openSqlite({ path: file, schemas: [ledgerSchema] });
const models = await openModels(
  { backends: [{ id: "ollama", location: "local", url }], cache: { enabled: false } },
  { ...openLedger(database), cache: await openCache(), log: silentLog, anonymise: async (messages) => ({ messages, clean: false, restore: (text) => text }), gate: () => Promise.reject(new Error("no cloud here")) },
);
const signal = new AbortController().signal;
const task = {
  taskType: "generation", complexity: "low", quality: "low", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: null, localOnly: false, tenant: "default", collection: "default",
  documentId: null, chunkId: null, step: "test", generation: 0, userId: null, requestId: "r", taskId: "t", maxOutputTokens: null, priority: "ingest",
} as const;
const chat = models.chat({ ...task, tier: "fast" });
await chat.invoke(secret);
for await (const _chunk of await chat.stream(secret));
await chat.batch([secret]);
await chat.withStructuredOutput(z.object({}).loose()).invoke(`Answer with JSON. ${secret}`).catch(() => {});
await models.stream({ prompt: "answer", inputs: { question: secret, passages: `[1] ${secret}` }, task, signal, onToken: () => {}, onDecision: () => {} });
await models.ask({ prompt: "same-entity", inputs: { pairs: secret }, schema: z.unknown(), task, signal });
await new Promise((resolve) => setTimeout(resolve, batchTime));
await models.close();
await database.close();
process.exit(0);
