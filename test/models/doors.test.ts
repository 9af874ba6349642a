import { HumanMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Task } from "../../src/data/decision.ts";

import { metrics } from "../../src/telemetry.ts";
import { askPerson, openWorld, Person, personAnswer, task, type World, type WorldOptions } from "./open-test-models.ts";

let world: World;
afterEach(() => world.close());

const signal = new AbortController().signal;
const open = async (options: WorldOptions = {}) => (world = await openWorld(options));
const ask = (changes: Partial<Task> = {}, models = world.models) => askPerson(models, changes);

describe("tiers", () => {
  it("are absent until something answered, and down afterwards", async () => {
    await open({ ownLedger: true });
    world.local.setScript([personAnswer]);
    expect([world.models.tier("fast"), world.models.tier("embedding")]).toEqual(["ready", "ready"]);
    await ask({ quality: "low" });
    await Promise.all([world.local.close(), world.cloud.close()]);
    await world.models.refresh();
    expect([world.models.tier("fast"), world.models.tier("strong")]).toEqual(["down", "absent"]);
    expect((await world.reopen()).tier("fast")).toBe("down");
    const without = await world.reopen({ backends: [] });
    expect(without.tier("fast")).toBe("absent");
    expect(without.embeddings()).toBeNull();
    await world.ledger.tiers.forget("ollama");
    await world.models.refresh();
    expect(world.models.tier("fast")).toBe("absent");
  });

  it("a tier that only a cloud has is absent for text that may not leave", async () => {
    await open({ withoutLocal: true });
    expect([world.models.tier("fast"), world.models.tier("fast", "public"), world.models.tier("fast", "pii"), world.models.tier("fast", null)]).toEqual(["ready", "ready", "absent", "absent"]);
  });

  it("a server is found by its name too, and its address is checked at connect", async () => {
    await open();
    world.local.setScript([personAnswer]);
    const models = await world.reopen({ backends: [{ id: "by-name", location: "local", url: world.local.url.replace("127.0.0.1", "localhost") }] });
    expect((await ask({ classification: "pii" }, models)).backend).toBe("by-name");
  });

  it("every metric of the routing is there to be read", async () => {
    await open();
    world.local.setScript([personAnswer]);
    await ask({ quality: "low" });
    const text = await metrics.metrics();
    const names = ["llm_cost_usd_total", "llm_cost_usd", "llm_budget_remaining_ratio", "llm_requests_total", "llm_tokens_total", "llm_latency_seconds", "llm_routing_decisions_total", "llm_fallbacks_total", "llm_cache_total", "llm_breaker_open", "llm_queue_depth", "extraction_f1", "gpu_utilisation_ratio", "vram_used_ratio"];
    for (const name of names) expect(text).toContain(`# TYPE ${name} `);
    expect(text).toMatch(/llm_requests_total\{location="local",backend="ollama",model="llama3.2:3b",task_type="extraction",outcome="answered"\} \d/);
    expect(text).toMatch(/llm_routing_decisions_total\{location="local",reason="default_local"\} \d/);
  });

  it("status says what is there, what is missing and how to get it", async () => {
    await open({ local: { models: [] } });
    expect(world.models.status()[0]).toMatchObject({ backend: "ollama", state: "up", hint: expect.stringContaining("ollama pull bge-m3") });
    expect(world.models.cloudEnabled()).toBe(true);
  });
});

describe("embeddings", () => {
  it("are local, of length 1 and of the announced dimension, in the order of the texts", async () => {
    await open();
    const embeddings = world.models.embeddings()!;
    const texts = Array.from({ length: 70 }, (_each, index) => `text number ${index}`);
    const vectors = await embeddings.embed(texts, signal);
    expect(vectors).toHaveLength(70);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    const [alone] = await embeddings.embed([texts[40]!], signal);
    expect([...vectors[40]!]).toEqual([...alone!]);
    expect(world.asked(world.cloud)).toEqual([]);
    expect(world.local.requests.filter((each) => each.path === "/api/embed").map((each) => (JSON.parse(each.body.toString()) as { truncate: boolean; model: string }))).toEqual(
      expect.arrayContaining([expect.objectContaining({ truncate: false, model: "bge-m3:latest:local" })]),
    );
  });

  it("a server that is down is a retryable error, a text that is too long a clear one", async () => {
    await open();
    const embeddings = world.models.embeddings()!;
    await expect(embeddings.embed(["word ".repeat(20_000)], signal)).rejects.toMatchObject({ code: "model_failed" });
    world.local.setFaults([{ kind: "internal" }]);
    await expect(embeddings.embed(["a"], signal)).rejects.toMatchObject({ code: "model_unavailable", retryable: true });
  });
});

describe("as a LangChain model", () => {
  const chat = (changes: Partial<Task> = {}) => world.models.chat({ ...task({ taskType: "generation", quality: "low", ...changes }), tier: "fast" });

  it("invokes, streams and batches through the router", async () => {
    await open();
    world.local.setScript(["Hello there.", "Hello again, you.", "one", "two"]);
    expect((await chat().invoke([new HumanMessage("hi")])).content).toBe("Hello there.");
    const pieces: string[] = [];
    let usage = 0;
    for await (const chunk of await chat().stream("hi")) {
      pieces.push(String(chunk.content));
      usage += chunk.usage_metadata?.output_tokens ?? 0;
    }
    expect(pieces.join("")).toBe("Hello again, you.");
    expect(pieces.length).toBeGreaterThan(2);
    expect(usage).toBeGreaterThan(0);
    expect(await chat().batch(["a", "b"])).toHaveLength(2);
    expect(world.asked(world.local)).toHaveLength(4);
  });

  it("gives structured output and tool calls under the same guards", async () => {
    await open();
    world.local.setScript([personAnswer, { content: "", toolCalls: [{ function: { name: "look_up", arguments: { name: "Ann" } } }] }]);
    const pii = chat({ classification: "pii" });
    expect(await pii.withStructuredOutput(Person).invoke("Ann is three.")).toEqual({ name: "Ann", age: 3 });
    const called = await pii.bindTools!([{ name: "look_up", description: "Looks a name up", schema: z.object({ name: z.string() }) }]).invoke("Who is Ann?");
    expect(called.tool_calls).toMatchObject([{ name: "look_up", args: { name: "Ann" } }]);
    expect(world.asked(world.cloud)).toEqual([]);
    expect(world.bodies(world.local)[0]!.format).toMatchObject({ type: "object" });
  });

  it("a stream that breaks goes on where it was when the next answer begins alike, and says so when it does not", async () => {
    await open({ cloud: { faults: [{ kind: "cut-stream", requests: [1, 3] }] } });
    const text = "The grid was extended in the north and in the south.";
    const cloud = () => chat({ taskType: "extraction", quality: "high" });
    world.cloud.setScript([text, text]);
    const shown: string[] = [];
    for await (const chunk of await cloud().stream("hi")) shown.push(String(chunk.content));
    expect(shown.join("")).toBe(text);
    world.cloud.setScript([text, "Quite another personAnswer, which is long enough to differ from what was shown."]);
    await expect(async () => {
      for await (const _chunk of await cloud().stream("hi"));
    }).rejects.toMatchObject({ code: "model_failed" });
  });

  it("tokens are told once to whoever listens", async () => {
    await open();
    world.local.setScript(["one two three"]);
    const tokens: string[] = [];
    for await (const _chunk of await chat().stream("hi", { callbacks: [{ handleLLMNewToken: (token: string) => void tokens.push(token) }] }));
    expect(tokens.join("")).toBe("one two three");
  });
});
