import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import { Task } from "../src/data/decision.ts";
import { openOllamaLocal } from "../src/models/backends/ollama-local.ts";
import { decide } from "../src/models/decide.ts";
import type { Facts } from "../src/models/facts.ts";
import { BackendOptions, Thresholds } from "../src/models/options.ts";
import { startInstantServer } from "./instant-server.ts";
import { benchTask, local, openBenchModels, textOf } from "./open-bench-models.ts";
import { at, compared, timedInTurn } from "./timed.ts";

/**
 * Time that the router adds to a call: the same request to the same server in this process that answers at once, straight
 * to the backend and through the router, one after the other in turn, cache off. Prints p50 and p99 in ms.
 *
 *     node bench/router.ts [--calls 4000] [--tokens 1000]
 */
const { values } = parseArgs({ options: { calls: { type: "string", default: "4000" }, tokens: { type: "string", default: "1000" } } });
const calls = Number(values.calls);
const roundCount = 20;
const text = textOf(Number(values.tokens));

const server = await startInstantServer();
const { models, close } = await openBenchModels({ backends: [local(server.url)], cache: { enabled: false } });
const direct = openOllamaLocal(BackendOptions.parse(local(server.url)), () => {});
const chat = models.chat(benchTask({ taskType: "generation" }));
const messages = [new HumanMessage(text)];
const signal = new AbortController().signal;

async function callDirectly(): Promise<void> {
  const request = { model: "m:latest", messages, temperature: 0, numPredict: 4096, think: undefined, format: undefined, tools: undefined, stop: undefined, restricted: false, signal, clear: null };
  for await (const _piece of direct.chat(request));
}

const rounds = await timedInTurn(calls, roundCount, callDirectly, () => chat.invoke(messages));

/** The decision alone, guards and strategy, in ms. */
function decisions(): { p50: number; p99: number } {
  const task = Task.parse({ taskType: "extraction", tier: "fast", quality: "high", classification: "public", tenant: "t", step: "bench", requestId: "r", taskId: "t" });
  const facts: Facts = {
    strategy: "hybrid", thresholds: Thresholds.parse({}), anonymisedClean: false, pictures: 0, picturesMayLeave: false, cloud: { backend: "c", model: "m", fault: null },
    budget: { spentDay: 0, spentMonth: 0, tenantSpentDay: 0, tenantSpentMonth: 0, estimate: 0.01, day: 5, month: 100, tenantDay: 5, tenantMonth: 100 },
    breakerOpen: false, rolledOut: true, gpuLoad: null, p95: { local: null, cloud: null }, localLeft: true, localToCloud: false, cloudFailed: null, rule: null,
  };
  const samples: number[] = [];
  for (let run = 0; run < 100_000; run++) {
    const started = performance.now();
    decide(task, facts);
    samples.push(performance.now() - started);
  }
  return { p50: at(samples, 0.5), p99: at(samples, 0.99) };
}

console.log(JSON.stringify({ decision: decisions(), calls, rounds: roundCount, promptCharacters: text.length, load: loadavg()[0], clock: compared(rounds, "ms"), processor: compared(rounds, "cpuMs") }));
await close();
direct.close();
server.close();
