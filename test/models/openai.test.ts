import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { serverEvents } from "../../src/models/backends/server-events.ts";
import { splitThinking } from "../../src/models/backends/split-thinking.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { openKind, type BackendKind, type KindWorld } from "./backend.contract.ts";
import { openWorld, type World } from "./open-test-models.ts";

const kind: BackendKind = { name: "openai", location: "local", protocol: "openai", inPrompt: false };
const signal = new AbortController().signal;
let world: KindWorld | World;
afterEach(() => world?.close());

describe("a local server that speaks OpenAI's protocol", () => {
  it("makes vectors, of the length that was measured", async () => {
    world = await openKind(kind);
    const embeddings = world.models.embeddings()!;
    expect(embeddings.model).toEqual({ name: "bge-m3:latest", dimension: 1024 });
    const vectors = await embeddings.embed(["one", "two", "three"], signal);
    expect(vectors.map((each) => each.length)).toEqual([1024, 1024, 1024]);
    const [two] = await embeddings.embed(["two"], signal);
    expect([...vectors[1]!]).toEqual([...two!]);
  });

  it("is not asked at all where it turns out to be an Ollama, which may forward", async () => {
    world = await openWorld({ withoutCloud: true, backend: { local: { driver: "openai" } } });
    // Ollama answers under /v1 as well; here the front is a server that has both.
    const front = await startModelServer({ role: "local", protocol: "openai", alsoOllama: true });
    const models = await world.reopen({ backends: [{ id: "front", driver: "openai", location: "local", url: front.url }] });
    expect(models.status()[0]).toMatchObject({ models: {}, detail: expect.stringContaining("use driver: ollama") });
    expect(models.embeddings()).toBeNull();
    await front.close();
  });

  it("is not asked where it is a gateway, unless somebody answers for it", async () => {
    const gateway = await startModelServer({ role: "local", protocol: "openai", headers: { "x-litellm-version": "1.80.0" } });
    world = await openWorld();
    const backend = { id: "gateway", driver: "openai" as const, location: "local" as const, url: gateway.url, models: { fast: "llama3.2:3b" } };
    expect((await world.reopen({ backends: [backend] })).status()[0]).toMatchObject({ models: {}, detail: expect.stringContaining("gateway (LiteLLM)") });
    expect((await world.reopen({ backends: [{ ...backend, trusted: "it routes to our rack only" }] })).status()[0]).toMatchObject({ models: { fast: "llama3.2:3b" } });
    await gateway.close();
  });

  it("has its thinking taken out of the content where the server leaves it there", async () => {
    world = await openKind(kind, { server: { thinkingInContent: true } });
    const { server, chat } = world as KindWorld;
    server.setScript([{ content: '{"a":1}', thinking: "Is it { or [?" }]);
    server.setFaults([{ kind: "slow", delayMs: 0 }]);
    const message = await chat({ classification: "pii" }, "strong").invoke("hi");
    expect(message.content).toBe('{"a":1}');
  });
});

const rejoined = (text: string, cuts: number[]): { text: string; thinking: string } => {
  const split = splitThinking();
  const parts: { text: string; thinking: string }[] = [];
  let at = 0;
  for (const cut of [...new Set(cuts.map((each) => each % (text.length + 1)))].toSorted((a, b) => a - b)) {
    parts.push(split.push(text.slice(at, cut)));
    at = cut;
  }
  parts.push(split.push(text.slice(at)), split.end());
  return { text: parts.map((each) => each.text).join(""), thinking: parts.map((each) => each.thinking).join("") };
};

describe("thinking between marks", () => {
  it("is split off wherever the stream is cut, and other text is left as it is", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60)), (cuts) => {
        expect(rejoined("\n<think>a < b </thin k</think>\n\nThe <think> answer", cuts)).toEqual({ thinking: "a < b </thin k", text: "The <think> answer" });
        expect(rejoined("<thing>plain", cuts)).toEqual({ text: "<thing>plain", thinking: "" });
        expect(rejoined("<think>never ends", cuts)).toEqual({ text: "", thinking: "never ends" });
      }),
    );
  });
});

describe("server-sent events", () => {
  it("are the same however the bytes are cut, with either line end and many-byte characters", async () => {
    const text = ': comment\r\ndata: {"a":"ä€😀"}\r\n\r\nevent: x\ndata: one\ndata: two\n\ndata:[DONE]';
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        async function* body() {
          for (const [index, place] of places.slice(1).entries()) yield bytes.subarray(places[index]!, place);
        }
        const events: string[] = [];
        for await (const event of serverEvents(body())) events.push(event);
        expect(events).toEqual(['{"a":"ä€😀"}', "one\ntwo", "[DONE]"]);
      }),
    );
  });
});
