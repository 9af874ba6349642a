import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HumanMessage } from "@langchain/core/messages";
import { parseArgs } from "node:util";
import { randomId } from "../src/data/identity.ts";
import { openOllamaLocal } from "../src/models/backends/ollama-local.ts";
import { openModels } from "../src/models/open-models.ts";
import { BackendOptions } from "../src/models/options.ts";
import { openCache } from "../src/stores/cache/open-cache.ts";
import { openLedger } from "../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../src/stores/ledger/schema.ts";
import { openSqlite } from "../src/stores/sqlite/open-sqlite.ts";
import { silentLog } from "../src/telemetry.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Time that the router adds to a call: the same request to the same server in this process that answers at once, straight
 * to the backend and through the router, one after the other in turn, cache off. Prints p50 and p99 in ms.
 *
 *     node bench/router.ts [--calls 4000] [--tokens 1000]
 */
const { values } = parseArgs({ options: { calls: { type: "string", default: "4000" }, tokens: { type: "string", default: "1000" } } });
const calls = Number(values.calls);
const roundCount = 20;
const text = "The grid of Nordlicht was extended. ".repeat(Math.ceil(Number(values.tokens) / 8));

const answer = `${JSON.stringify({ model: "m", message: { role: "assistant", content: "It was extended." }, done: false })}\n${JSON.stringify({ model: "m", message: { role: "assistant", content: "" }, done: true, done_reason: "stop", prompt_eval_count: 1000, eval_count: 4 })}\n`;
const replies: Record<string, string> = {
  "/api/tags": JSON.stringify({ models: [{ name: "m:latest", size: 2e9, digest: "1" }] }),
  "/api/show": JSON.stringify({ capabilities: ["completion"], model_info: {} }),
  "/api/chat": answer,
};
const server = createServer((request, response) => {
  request.resume().on("end", () => response.end(replies[request.url ?? ""] ?? "{}"));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
const database = await openSqlite({ path: join(folder, "ledger.db"), schemas: [ledgerSchema] });
const models = await openModels(
  { backends: [{ id: "ollama", location: "local", url }], cache: { enabled: false } },
  { ...openLedger(database), cache: await openCache(), log: silentLog, anonymise: async (messages) => ({ messages, clean: false, restore: (same) => same }), gate: async () => { throw new Error("nothing leaves here"); } },
);
const direct = openOllamaLocal(BackendOptions.parse({ id: "direct", location: "local", url }), () => {});
const chat = models.chat({
  taskType: "generation", tier: "fast", complexity: "low", quality: "low", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: "public", localOnly: false, tenant: "default",
  collection: "default", documentId: null, chunkId: null, step: "bench", generation: 0, userId: null, requestId: randomId(), taskId: randomId(), maxOutputTokens: null, priority: "question",
});
const messages = [new HumanMessage(text)];
const signal = new AbortController().signal;

async function callDirectly(): Promise<void> {
  const request = { model: "m:latest", messages, temperature: 0, numPredict: 4096, think: undefined, format: undefined, tools: undefined, stop: undefined, restricted: false, signal, clear: null };
  for await (const _piece of direct.chat(request));
}

interface Sample {
  /** By the clock, and by this process's own processor time, which a busy machine does not spoil. */
  ms: number;
  cpuMs: number;
}

async function timed(call: () => Promise<unknown>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await call();
  const ms = performance.now() - started;
  const used = process.cpuUsage(cpu);
  return { ms, cpuMs: (used.user + used.system) / 1000 };
}

for (let warm = 0; warm < 300; warm++) {
  await callDirectly();
  await chat.invoke(messages);
}
interface Round {
  direct: Sample[];
  routed: Sample[];
}
const rounds: Round[] = [];
for (let round = 0; round < roundCount; round++) {
  const samples: Round = { direct: [], routed: [] };
  for (let call = 0; call < calls / roundCount; call++) {
    samples.direct.push(await timed(callDirectly));
    samples.routed.push(await timed(() => chat.invoke(messages)));
  }
  rounds.push(samples);
}
const at = (samples: number[], share: number): number => samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)]!;
/** Of each round, then the middle one: a machine that is busy with something else spoils single rounds. */
const middle = (measure: (round: Round) => number): number => Math.round(at(rounds.map(measure), 0.5) * 1000) / 1000;
const measured = (key: keyof Sample) => {
  const of = (samples: Sample[], share: number) => at(samples.map((sample) => sample[key]), share);
  return {
    direct: { p50: middle((round) => of(round.direct, 0.5)), p99: middle((round) => of(round.direct, 0.99)) },
    routed: { p50: middle((round) => of(round.routed, 0.5)), p99: middle((round) => of(round.routed, 0.99)) },
    added: { p50: middle((round) => of(round.routed, 0.5) - of(round.direct, 0.5)), p99: middle((round) => of(round.routed, 0.99) - of(round.direct, 0.99)) },
  };
};
console.log(JSON.stringify({ calls, rounds: roundCount, promptCharacters: text.length, load: loadavg()[0], clock: measured("ms"), processor: measured("cpuMs") }));
await models.close();
direct.close();
await database.close();
server.close();
server.closeAllConnections();
rmSync(folder, { recursive: true, force: true });
