import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { openWorld, Person, task, type World } from "./open-test-models.ts";

let world: World;
afterEach(() => world.close());

const inputs = { entityTypes: "PERSON", candidates: "none", known: "none", headings: "none", text: "Ann is three." };
const answer = '{"name":"Ann","age":3}';
const ask = (signal: AbortSignal, changes = {}) => world.models.ask({ prompt: "extract-entities", inputs, schema: Person, task: task({ quality: "low", ...changes }), signal });
const until = async (met: () => boolean) => {
  while (!met()) await sleep(2);
};
const money = () => world.ledger.spend.totals(null, new Date().toISOString());

it("a call ended before the first byte is cancelled, not answered with nothing, and gives its slot back", async () => {
  world = await openWorld({ local: { faults: [{ kind: "hang", requests: [1] }] } });
  world.local.setScript([answer]);
  const backends = [{ id: "ollama", location: "local" as const, url: world.local.url, slots: 1 }];
  const models = await world.reopen({ backends });
  const stop = new AbortController();
  const call = models.ask({ prompt: "extract-entities", inputs, schema: Person, task: task(), signal: stop.signal });
  call.catch(() => {});
  await until(() => world.asked(world.local).length === 1);
  stop.abort();
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
  expect((await models.ask({ prompt: "extract-entities", inputs, schema: Person, task: task(), signal: new AbortController().signal })).value).toEqual({ name: "Ann", age: 3 });
});

it("a stream ended in the middle stops, is charged for what had come, and keeps the caller's own reason", async () => {
  world = await openWorld({ ownLedger: true });
  world.cloud.setScript(["word ".repeat(5000)]);
  const stop = new AbortController();
  const why = new SluiceError("cancelled", "the job was cancelled by its operator");
  let shown = 0;
  const call = world.models.stream({
    prompt: "answer", inputs: { question: "?", passages: "[1] x" }, task: task(), signal: stop.signal, onDecision: () => {},
    onToken: () => {
      if (++shown === 5) stop.abort(why);
    },
  });
  await expect(call).rejects.toBe(why);
  expect(shown).toBeLessThan(5000);
  const { dayUsd, reservedUsd } = await money();
  expect(dayUsd).toBeGreaterThan(0);
  expect(reservedUsd).toBe(0);
});

it("ending one of two calls at the same time ends that one", async () => {
  world = await openWorld({ local: { latencyMs: 150, slots: 2 } });
  world.local.setScript([answer, answer]);
  const stop = new AbortController();
  const [ended, other] = [ask(stop.signal), ask(new AbortController().signal)];
  ended.catch(() => {});
  await until(() => world.asked(world.local).length === 2);
  stop.abort();
  await expect(ended).rejects.toMatchObject({ code: "cancelled" });
  expect((await other).value).toEqual({ name: "Ann", age: 3 });
});

it("an abort after the answer changes nothing", async () => {
  world = await openWorld();
  world.local.setScript([answer]);
  const stop = new AbortController();
  await ask(stop.signal);
  stop.abort();
  await sleep(10);
  await expect(ask(stop.signal)).rejects.toMatchObject({ code: "cancelled" });
});

it("a call that waits for a slot leaves the queue when it is ended; questions go before ingestion", async () => {
  world = await openWorld({ local: { latencyMs: 60, slots: 1 } });
  world.local.setScript(Array.from({ length: 9 }, () => answer));
  const models = await world.reopen({ backends: [{ id: "ollama", location: "local", url: world.local.url, slots: 1, maxQueued: 3 }] });
  const order: string[] = [];
  const stop = new AbortController();
  const call = (name: string, priority: "question" | "ingest", signal = new AbortController().signal) =>
    models.ask({ prompt: "extract-entities", inputs, schema: Person, task: task({ priority }), signal }).then(() => order.push(name));
  const first = call("first", "ingest");
  await until(() => world.asked(world.local).length === 1);
  const left = call("left", "ingest", stop.signal);
  left.catch(() => {});
  const late = call("ingestion", "ingest");
  const question = call("question", "question");
  await sleep(5);
  await expect(call("too many", "ingest")).rejects.toMatchObject({ code: "overloaded", retryable: true });
  stop.abort();
  await expect(left).rejects.toMatchObject({ code: "cancelled" });
  await Promise.all([first, late, question]);
  expect(order).toEqual(["first", "question", "ingestion"]);
  expect(world.asked(world.local)).toHaveLength(3);
});

it("no more calls are in flight than the backend has slots", async () => {
  world = await openWorld({ local: { latencyMs: 20, slots: 64 } });
  world.local.setScript(Array.from({ length: 30 }, () => answer));
  const models = await world.reopen({ backends: [{ id: "ollama", location: "local", url: world.local.url, slots: 3 }] });
  await Promise.all(Array.from({ length: 15 }, () => models.ask({ prompt: "extract-entities", inputs, schema: Person, task: task(), signal: new AbortController().signal })));
  expect(world.local.stats.maxInFlight).toBeLessThanOrEqual(3);
});
