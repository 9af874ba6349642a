import { setTimeout as sleep } from "node:timers/promises";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Task, Tier } from "../../src/data/decision.ts";
import type { ModelServerOptions } from "../servers/model-server/model-server.ts";
import { emptyStats } from "../servers/model-server/slots.ts";
import { openWorld, Person, personAnswer, task, type World, type WorldOptions } from "./open-test-models.ts";

export interface BackendKind {
  name: string;
  location: "local" | "cloud";
  protocol: "ollama" | "openai";
  /** The server pays no heed to `format`, or is not told: the prompt carries the schema. */
  inPrompt: boolean;
  server?: Partial<ModelServerOptions>;
  backend?: NonNullable<WorldOptions["backend"]>["local"];
}

export interface KindWorld extends World {
  /** The server that stands alone behind the router. */
  server: World["local"];
  chat(changes?: Partial<Task>, tier?: Tier): ReturnType<World["models"]["chat"]>;
}

const names = { local: { fast: "llama3.2:3b", strong: "qwen3:8b", vision: "qwen2.5vl:7b", embedding: "bge-m3:latest" }, cloud: { fast: "gpt-oss:20b", strong: "gpt-oss:120b", vision: "qwen3-vl:235b" } };

/** A router with this one backend: nothing else could give the answer. */
export async function openKind(kind: BackendKind, options: { server?: Partial<ModelServerOptions>; backend?: object; models?: WorldOptions["models"] } = {}): Promise<KindWorld> {
  const local = kind.location === "local";
  const { faults = [], ...given } = options.server ?? {};
  const server = { protocol: kind.protocol, ...kind.server, ...given };
  const backend = { driver: kind.protocol, ...(kind.protocol === "openai" ? { models: names[kind.location] } : {}), ...kind.backend, ...options.backend };
  const models = { visionCloud: true, ...options.models, routing: { rateLimitWaits: 2, ...options.models?.routing } };
  const world = await openWorld(local ? { local: server, withoutCloud: true, backend: { local: backend }, models } : { cloud: server, withoutLocal: true, backend: { cloud: backend }, models });
  // High quality sends a public task to the cloud where there is one.
  const chat = (changes: Partial<Task> = {}, tier: Tier = "fast") => world.models.chat({ ...task({ taskType: "extraction", ...changes }), tier });
  const alone = local ? world.local : world.cloud;
  // What was asked to get to know the server is of no account here.
  alone.requests.length = 0;
  Object.assign(alone.stats, emptyStats());
  alone.setFaults(faults);
  return Object.assign(world, { server: alone, chat });
}

const until = async (met: () => boolean) => {
  while (!met()) await sleep(2);
};

export function backendContract(kind: BackendKind): void {
  describe(`${kind.name}: as any LangChain model`, () => {
    let world: KindWorld;
    afterEach(() => world.close());
    const open = async (options: Parameters<typeof openKind>[1] = {}) => (world = await openKind(kind, options));
    const asked = () => world.asked(world.server);

    it("invokes, and says where, why and for how many tokens", async () => {
      await open();
      const message = await world.chat().invoke("The grid was extended. It is large.");
      expect(message.content).toBe("The grid was extended.");
      expect(message.response_metadata).toMatchObject({ model: names[kind.location].fast, backend: kind.location === "local" ? "ollama" : "ollama-cloud", done_reason: "stop", decision: { location: kind.location } });
      expect(message.usage_metadata).toEqual({ input_tokens: world.server.stats.promptTokens, output_tokens: world.server.stats.outputTokens, total_tokens: world.server.stats.promptTokens + world.server.stats.outputTokens });
      expect(asked()).toHaveLength(1);
    });

    it("streams word by word, with the counts at the end", async () => {
      await open();
      world.server.setScript(["One two three four five six, and seven."]);
      const pieces: string[] = [];
      let usage = 0;
      for await (const chunk of await world.chat().stream("hi")) {
        pieces.push(String(chunk.content));
        usage += chunk.usage_metadata?.output_tokens ?? 0;
      }
      expect(pieces.join("")).toBe("One two three four five six, and seven.");
      expect(pieces.length).toBeGreaterThan(4);
      expect(usage).toBe(world.server.stats.outputTokens);
    });

    it("answers a batch, each its own", async () => {
      await open();
      const said = await world.chat().batch(["First things first.", "Second thoughts help.", "Third time lucky."]);
      expect(said.map((each) => each.content)).toEqual(["First things first.", "Second thoughts help.", "Third time lucky."]);
      expect(asked()).toHaveLength(3);
    });

    it("tells each token once in streamEvents", async () => {
      await open();
      world.server.setScript(["one two three"]);
      const events: string[] = [];
      let text = "";
      for await (const { event, data } of world.chat().streamEvents("hi", { version: "v2" })) {
        events.push(event);
        if (event === "on_chat_model_stream") text += String((data.chunk as { content: string }).content);
      }
      expect(text).toBe("one two three");
      expect([events[0], events.at(-1)]).toEqual(["on_chat_model_start", "on_chat_model_end"]);
      expect(events.filter((each) => each !== "on_chat_model_stream")).toHaveLength(2);
    });

    it("sends pictures with their text", async () => {
      await open();
      const data = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]).toString("base64");
      world.server.setScript(["A logo."]);
      const picture = new HumanMessage({ content: [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }] });
      expect((await world.chat({}, "vision").invoke([picture])).content).toBe("A logo.");
      expect(asked()[0]).toContain(data);
      expect((JSON.parse(asked()[0]!) as { model: string }).model).toBe(names[kind.location].vision);
    });

    it("calls tools, and goes on with what they gave", async () => {
      await open();
      const tool = { name: "look_up", description: "Looks a name up", schema: z.object({ name: z.string() }) };
      world.server.setScript([{ content: "", toolCalls: [{ function: { name: "look_up", arguments: { name: "Ann \"A\" Lee" } } }] }, "She is three."]);
      const model = world.chat({}, kind.location === "local" ? "strong" : "fast").bindTools!([tool]);
      const question = new HumanMessage("How old is Ann?");
      const called = await model.invoke([question]);
      expect(called.tool_calls).toMatchObject([{ name: "look_up", args: { name: "Ann \"A\" Lee" } }]);
      const done = await model.invoke([question, called, new ToolMessage({ content: "three", tool_call_id: called.tool_calls![0]!.id! })]);
      expect(done.content).toBe("She is three.");
      expect(asked()[1]).toContain("three");
    });

    it("stops at a stop word", async () => {
      await open();
      world.server.setScript(["one two STOP three"]);
      expect((await world.chat().invoke("hi", { stop: ["STOP"] })).content).toBe("one two");
    });

    it("a key is sent with every request, and nowhere else", async () => {
      await open(kind.location === "cloud" ? {} : { server: { apiKey: "own-key" }, backend: { apiKey: "own-key" } });
      if (kind.name === "ollama, local") return; // its daemon asks for none
      await world.chat().invoke("hi");
      const key = kind.location === "cloud" ? "test-key" : "own-key";
      expect(world.server.requests.every((each) => each.headers.authorization === `Bearer ${key}`)).toBe(true);
      expect(world.server.requests.some((each) => each.body.includes(key))).toBe(false);
    });
  });

  describe(`${kind.name}: structured answers`, () => {
    let world: KindWorld;
    afterEach(() => world.close());
    const open = async (options: Parameters<typeof openKind>[1] = {}) => (world = await openKind(kind, options));
    const asked = () => world.asked(world.server);
    const structured = () => world.chat().withStructuredOutput(Person);

    it.each([
      ["as it is", personAnswer],
      ["between marks of code, after a sentence", `Here it is:\n\`\`\`json\n${personAnswer}\n\`\`\``],
      ["with a comma too many", '{"name":"Ann","age":3,}'],
    ])("are read %s, in one request", async (_how, answer) => {
      await open();
      world.server.setScript([answer]);
      expect(await structured().invoke("Ann is three.")).toEqual({ name: "Ann", age: 3 });
      expect(asked()).toHaveLength(1);
      const carries = asked()[0]!.includes("JSON schema");
      expect(carries).toBe(kind.inPrompt);
    });

    it("are asked for again once, with what was wrong and the form", async () => {
      await open();
      world.server.setScript(['{"name":"Ann","age":"three"}', personAnswer]);
      expect(await structured().invoke("Ann is three.")).toEqual({ name: "Ann", age: 3 });
      expect(asked()).toHaveLength(2);
      expect(asked()[1]).toContain("That answer cannot be used: age");
      expect(asked()[1]).toContain("JSON schema");
    });

    it.each(["malformed-json", "wrong-schema", "truncated"] as const)("that stay wrong (%s) are a typed failure after two requests, and quote nothing", async (fault) => {
      await open({ server: { faults: [{ kind: fault }] } });
      world.server.setScript([personAnswer, personAnswer]);
      const failed = structured().invoke("Ann is three.");
      await expect(failed).rejects.toMatchObject({ code: "model_failed" });
      await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("Ann") });
      expect(asked()).toHaveLength(2);
    });

    it("come for a JSON schema as well, and with the raw message where that is asked for", async () => {
      await open();
      world.server.setScript([personAnswer, personAnswer]);
      const schema = z.toJSONSchema(Person) as Record<string, unknown>;
      expect(await world.chat().withStructuredOutput(schema).invoke("Ann is three.")).toEqual({ name: "Ann", age: 3 });
      const both = await world.chat().withStructuredOutput(Person, { includeRaw: true }).invoke("Ann is three.");
      expect(both).toMatchObject({ parsed: { name: "Ann", age: 3 }, raw: { content: personAnswer } });
    });
  });

  describe(`${kind.name}: calls that are ended`, () => {
    let world: KindWorld;
    afterEach(() => world.close());
    const open = async (options: Parameters<typeof openKind>[1] = {}) => (world = await openKind(kind, options));
    const asked = () => world.asked(world.server);

    it("before the headers: cancelled, not answered with nothing", async () => {
      await open({ server: { faults: [{ kind: "hang", requests: [1] }] }, backend: { slots: 1 } });
      const stop = new AbortController();
      const call = world.chat().invoke("hi", { signal: stop.signal });
      call.catch(() => {});
      await until(() => asked().length === 1);
      stop.abort();
      await expect(call).rejects.toThrow();
      expect((await world.chat().invoke("Still here.")).content).toBe("Still here."); // the slot is free again
      expect(asked()).toHaveLength(2);
    });

    it("in the middle of a stream: no further word, and the server sees it go", async () => {
      await open();
      world.server.setScript(["word ".repeat(5000)]);
      const stop = new AbortController();
      let shown = 0;
      await expect(async () => {
        for await (const _chunk of await world.chat().stream("hi", { signal: stop.signal })) if (++shown === 5) stop.abort();
      }).rejects.toThrow();
      expect(shown).toBeLessThan(100);
      expect(asked()).toHaveLength(1);
    });

    it("one of two at the same time: that one", async () => {
      await open({ server: { latencyMs: 100 } });
      const stop = new AbortController();
      const ended = world.chat().invoke("First one.", { signal: stop.signal });
      const other = world.chat().invoke("Other one.");
      ended.catch(() => {});
      await until(() => asked().length === 2);
      stop.abort();
      await expect(ended).rejects.toThrow();
      expect((await other).content).toBe("Other one.");
    });
  });
}
