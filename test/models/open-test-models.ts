import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { afterAll } from "vitest";
import { z } from "zod";
import type { Task } from "../../src/data/decision.ts";
import { randomId } from "../../src/data/identity.ts";
import type { Class } from "../../src/data/classification.ts";
import { openModels } from "../../src/models/open-models.ts";
import type { ModelsEvent, ModelsParts } from "../../src/models/parts.ts";
import type { ModelsInput } from "../../src/models/options.ts";
import { makeClearedRequest } from "../../src/privacy/cleared-request.ts";
import { openCache } from "../../src/stores/cache/open-cache.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import type { SqliteDatabase } from "../../src/stores/sqlite/database.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { silentLog } from "../../src/telemetry.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "../servers/model-server/model-server.ts";

export const prices = [
  { model: "gpt-oss:20b", from: "2025-01-01", input: 1, output: 2 },
  { model: "gpt-oss:120b", from: "2025-01-01", input: 3, output: 6 },
  { model: "qwen3-vl:235b", from: "2025-01-01", input: 5, output: 10 },
];

export const Person = z.object({ name: z.string(), age: z.number() });
export const personInputs = { entityTypes: "PERSON", candidates: "none", known: "none", headings: "none", text: "Ann is three." };
export const personAnswer = '{"name":"Ann","age":3}';

/** Asks for a person; an answer is `personAnswer`. */
export const askPerson = (models: World["models"], changes: Partial<Task> = {}) =>
  models.ask({ prompt: "extract-entities", inputs: personInputs, schema: Person, task: task(changes), signal: new AbortController().signal });

/** A task that the hybrid strategy sends to a cloud when its class lets it. */
export function task(changes: Partial<Task> = {}): Omit<Task, "tier"> {
  const { tier: _tier, ...rest } = changes;
  return {
    taskType: "extraction", complexity: "medium", quality: "high", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: "public" as Class, localOnly: false,
    tenant: "default", collection: "default", documentId: null, chunkId: null, step: "test", generation: 0, userId: null, requestId: randomId(), taskId: randomId(),
    maxOutputTokens: null, priority: "ingest", ...rest,
  };
}

export interface World {
  local: ModelServer;
  cloud: ModelServer;
  models: Awaited<ReturnType<typeof openModels>>;
  parts: ModelsParts;
  ledger: ReturnType<typeof openLedger>;
  events: ModelsEvent[];
  /** Requests for an answer: what a server got besides questions about its models. */
  asked(server: ModelServer): string[];
  /** The same, read as JSON. */
  bodies(server: ModelServer): { messages: { role: string; content: string; images?: string[] }[]; options: object; format: object }[];
  reopen(changes?: Partial<ModelsInput>): Promise<World["models"]>;
  close(): Promise<void>;
}

type Backend = NonNullable<ModelsInput["backends"]>[number];

export interface WorldOptions {
  local?: Partial<ModelServerOptions>;
  cloud?: Partial<ModelServerOptions>;
  /** Replaces whole options. */
  models?: Partial<ModelsInput>;
  parts?: Partial<ModelsParts>;
  withoutLocal?: boolean;
  withoutCloud?: boolean;
  /** Laid over the one or the other backend. */
  backend?: { local?: Partial<Backend>; cloud?: Partial<Backend> };
  /** A ledger that no other test of the file writes to. */
  ownLedger?: boolean;
}

let shared: Promise<SqliteDatabase> | null = null;
const folder = mkdtempSync(join(tmpdir(), "sluice-models-"));
const openFile = () => openSqlite({ path: join(folder, `${randomId()}.db`), schemas: [ledgerSchema] });
afterAll(async () => {
  await (await shared)?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two scripted servers, a real ledger and a real cache; `gate` clears what its tests do not look at. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const local = await startModelServer({ role: "local", ...options.local });
  const cloud = await startModelServer({ role: "cloud", ...options.cloud });
  const database = await (options.ownLedger ? openFile() : (shared ??= openFile()));
  const ledger = openLedger(database);
  const cache = await openCache();
  const events: ModelsEvent[] = [];
  const parts: ModelsParts = {
    ...ledger, cache, log: silentLog,
    anonymise: async (messages) => ({ messages, clean: false, restore: (text) => text }),
    gate: async (body, { classification, anonymised }) => {
      if (classification !== "public" && !(classification === "internal" && anonymised)) throw new Error("the router let a restricted text come to the gate");
      return makeClearedRequest(Buffer.from(body), createHmac("sha256", "test").update(body).digest("hex"));
    },
    onEvent: (event) => events.push(event),
    ...options.parts,
  };
  const input = (changes: Partial<ModelsInput> = {}): ModelsInput => ({
    backends: [
      ...(options.withoutLocal ? [] : [{ id: "ollama", location: "local" as const, url: local.url, ...options.backend?.local }]),
      ...(options.withoutCloud ? [] : [{ id: "ollama-cloud", location: "cloud" as const, url: cloud.url, apiKey: "test-key", ...options.backend?.cloud }]),
    ],
    prices, auditKey: "audit-key", cache: { enabled: false }, budgets: { dayUsd: 100, monthUsd: 1000, tenantDayUsd: 100, tenantMonthUsd: 1000 },
    ...options.models, ...changes,
    routing: { retryDelayMs: 2, ...options.models?.routing, ...changes.routing },
  });
  const opened = [await openModels(input(), parts)];
  const asked = (server: ModelServer) => server.requests.filter((each) => /\/(chat|embed|embeddings|completions)$/.test(each.path)).map((each) => each.body.toString());
  return {
    local, cloud, parts, ledger, events, models: opened[0]!, asked,
    bodies: (server) => asked(server).map((body) => JSON.parse(body)),
    async reopen(changes) {
      const models = await openModels(input(changes), parts);
      opened.push(models);
      return models;
    },
    async close() {
      await Promise.all(opened.map((each) => each.close()));
      await Promise.all([local.close(), cloud.close(), cache.close(), ...(options.ownLedger ? [database.close()] : [])]);
    },
  };
}
