import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import { openOllamaCloud } from "../src/models/backends/ollama-cloud.ts";
import type { Models } from "../src/models/models.ts";
import { BackendOptions } from "../src/models/options.ts";
import { makeClearedRequest } from "../src/privacy/cleared-request.ts";
import { startInstantServerApart } from "./instant-server.ts";
import { benchTask, cloud, local, openBenchModels, textOf } from "./open-bench-models.ts";
import { at, compared, rounded, timed, timedInTurn, type Sample } from "./timed.ts";

/**
 * Calls in number through one process, against a server beside it that answers at once: calls a second with many callers,
 * local and paid; memory over 100,000 calls, and how many bytes the heap grows with each; a cache hit; what budget and audit on SQLite add to a cloud call.
 *
 *     node --expose-gc bench/calls.ts [speed] [memory] [cache] [money] [--calls N] [--callers 32] [--tokens 1000]
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { calls: { type: "string" }, callers: { type: "string", default: "32" }, tokens: { type: "string", default: "1000" } } });
const wanted = positionals.length ? positionals : ["speed", "memory", "cache", "money"];
const callers = Number(values.callers);
const messages = [new HumanMessage(textOf(Number(values.tokens)))];
const signal = new AbortController().signal;
const server = await startInstantServerApart();

/** So many calls by so many callers, each with its next as soon as it has an answer. */
async function inParallel(calls: number, call: () => Promise<unknown>): Promise<void> {
  let left = calls;
  const caller = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

const asking = (models: Models, quality: "low" | "high") => () => models.chat(benchTask({ quality })).invoke(messages);

async function speed(): Promise<object> {
  const slots = callers;
  const { models, close } = await openBenchModels({ backends: [local(server.url, { slots }), cloud(server.url, { slots })], cache: { enabled: false } });
  const of = async (quality: "low" | "high", calls: number) => {
    await inParallel(500, asking(models, quality));
    const used = await timed(() => inParallel(calls, asking(models, quality)));
    return { calls, perSecond: Math.round((calls / used.ms) * 1000), processorMsPerCall: rounded(used.cpuMs / calls) };
  };
  const found = { local: await of("low", Number(values.calls ?? 10_000)), paid: await of("high", Number(values.calls ?? 4_000)) };
  await close();
  return found;
}

async function memory(): Promise<object> {
  const calls = Number(values.calls ?? 100_000);
  const { models, close } = await openBenchModels({ backends: [local(server.url, { slots: callers })], cache: { enabled: false } });
  if (!globalThis.gc) throw new Error("memory is read after forced garbage collection: run with --expose-gc");
  const heaps: number[] = [];
  const resident: number[] = [];
  const started = performance.now();
  for (let tenth = 0; tenth < 10; tenth++) {
    await inParallel(calls / 10, asking(models, "low"));
    await globalThis.gc({ execution: "async" });
    const used = process.memoryUsage();
    heaps.push(rounded(used.heapUsed / 1e6));
    resident.push(Math.round(used.rss / 1e6));
  }
  const perSecond = Math.round((calls / (performance.now() - started)) * 1000);
  await close();
  // Without the first tenth, in which everything is loaded.
  return { calls, perSecond, heapMb: heaps, residentMb: resident, heapBytesPerCall: Math.round((slope(heaps.slice(1)) * 1e6) / (calls / 10)) };
}

/** Of the line through points at equal distances, by least squares. */
function slope(points: number[]): number {
  const middle = (points.length - 1) / 2;
  const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
  const weights = points.map((_, place) => place - middle);
  return weights.reduce((sum, weight, place) => sum + weight * (points[place]! - mean), 0) / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

async function hit(): Promise<object> {
  const { models, close } = await openBenchModels({ backends: [local(server.url)] });
  const task = benchTask();
  await models.chat(task).invoke(messages);
  const samples: Sample[] = [];
  for (let call = 0; call < Number(values.calls ?? 5000); call++) samples.push(await timed(() => models.chat(task).invoke(messages)));
  const served = (await models.chat(task).invoke(messages)).response_metadata.served as string;
  await close();
  const both = (key: keyof Sample) => ({ p50: rounded(at(samples.map((each) => each[key]), 0.5)), p99: rounded(at(samples.map((each) => each[key]), 0.99)) });
  return { served, clock: both("ms"), processor: both("cpuMs") };
}

async function money(): Promise<object> {
  const { models, ledger, close } = await openBenchModels({ backends: [cloud(server.url)], cache: { enabled: false } });
  const clear = async (body: string) => makeClearedRequest(Buffer.from(body), "");
  const direct = openOllamaCloud(BackendOptions.parse(cloud(server.url)), clear);
  const callDirectly = async () => {
    const request = { model: "m:latest", messages, temperature: 0, numPredict: 4096, think: undefined, format: undefined, tools: undefined, stop: undefined, restricted: false, signal, clear };
    for await (const _piece of direct.chat(request));
  };
  const rounds = await timedInTurn(Number(values.calls ?? 2000), 10, callDirectly, asking(models, "high"));
  const spent = await ledger.spend.totals(null, new Date().toISOString());
  direct.close();
  await close();
  return { spentUsd: spent.dayUsd, clock: compared(rounds, "ms"), processor: compared(rounds, "cpuMs") };
}

const parts: Record<string, () => Promise<object>> = { speed, memory, cache: hit, money };
for (const name of wanted) console.log(JSON.stringify({ [name]: await parts[name]!(), load: rounded(loadavg()[0]!) }));
server.close();
