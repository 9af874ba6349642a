import { Writable } from "node:stream";
import pino from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { metrics } from "../../src/telemetry.ts";
import { localModels } from "../servers/model-server/catalogue.ts";
import { startBareServer } from "./bare-server.ts";
import { openWorld, type World, type WorldOptions } from "./open-test-models.ts";

let world: World | undefined;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await world?.close();
  world = undefined;
  for (const close of closing.splice(0)) await close();
});

async function open(options: WorldOptions) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split("\n").filter(Boolean));
      done();
    },
  });
  world = await openWorld({ ...options, parts: { log: pino({ level: "info", base: null }, stream) } });
  return { ...world, events: () => lines.map((line) => JSON.parse(line) as { event: string; backend?: string; tier?: string; cause?: string }) };
}

const metricOf = async (name: string): Promise<string | undefined> => (await metrics.metrics()).split("\n").find((line) => line.startsWith(name))?.split(" ").at(-1);

describe("a configuration with mistakes is refused, with the key", () => {
  const backends = (...given: object[]) => ({ models: { backends: given } });
  it.each<[string, object, RegExp]>([
    ["an unknown strategy", { routing: { strategy: "fastest" } }, /routing\.strategy/],
    ["a negative budget", { budgets: { monthUsd: -1 } }, /budgets\.monthUsd/],
    ["a key in a url", backends({ id: "ollama", url: "https://ollama.com/?key=abcdef", location: "cloud" }), /models\.backends\.0\.url: .*apiKey/],
    ["credentials in a url", backends({ id: "ollama", url: "http://a:b@127.0.0.1:1" }), /models\.backends\.0\.url: .*apiKey/],
    ["a url that is none", backends({ id: "ollama", url: "nonsense" }), /models\.backends\.0\.url/],
    ["a webhook whose url is none", { budgets: { webhook: { url: "nonsense", location: "cloud" } } }, /budgets\.webhook\.url/],
    ["a public address that calls itself local", backends({ id: "ollama", url: "http://8.8.8.8:11434" }), /models\.backends\.0\.url: .*trusted/],
    ["two backends of one id", backends({ id: "a", location: "local", url: "http://127.0.0.1:1" }, { id: "a", location: "local", url: "http://127.0.0.1:2" }), /models\.backends: .*same id/],
  ])("%s", (_what, values, said) => {
    expect(() => loadConfig({ data: "/nowhere", values: [values], environment: {} })).toThrow(expect.objectContaining({ code: "config", message: expect.stringMatching(said) }));
  });
});

describe("what is wrong only with the servers is seen in the status, the metrics and the log", () => {
  it("a placeholder for a key", async () => {
    const { models, events } = await open({ withoutLocal: true, backend: { cloud: { apiKey: "sk-..." } } });
    expect(models.status()[0]).toMatchObject({ degraded: true, detail: "its apiKey is a placeholder", hint: "set apiKey, or enabled: false" });
    expect(await metricOf('llm_backend_up{backend="ollama-cloud"')).toBe("0");
    expect(events()).toContainEqual(expect.objectContaining({ event: "backend_unusable", backend: "ollama-cloud" }));
  });

  it("an address where no server is", async () => {
    const { models, events } = await open({ withoutCloud: true, backend: { local: { id: "away", url: "http://127.0.0.1:9" } } });
    expect(models.status()[0]).toMatchObject({ state: "down", hint: expect.stringContaining("ollama serve") });
    expect(await metricOf('llm_backend_up{backend="away"')).toBe("0");
    expect(events()).toContainEqual(expect.objectContaining({ event: "backend_unusable", backend: "away" }));
  });

  it("a server that is not Ollama", async () => {
    const other = await startBareServer(() => ({ body: "<html>Welcome</html>" }));
    closing.push(other.close);
    const { models } = await open({ withoutCloud: true, backend: { local: { id: "other", url: other.url } } });
    expect(models.status()[0]).toMatchObject({ state: "down", detail: "what answers there is no server for driver: ollama", hint: "correct url or driver" });
    expect(await metricOf('llm_backend_up{backend="other"')).toBe("0");
  });

  it("a tier without a model, and one whose model vanished, with the command that gets it", async () => {
    const served = structuredClone(localModels);
    const { models, events } = await open({ withoutCloud: true, local: { models: served }, models: { tiers: { strong: { local: "qwen3:32b" } } } });
    expect(models.status()[0]!.hint).toContain("no strong model: `ollama pull qwen3:32b`");
    expect(await metricOf('llm_tier_backends{tier="strong"}')).toBe("0");
    expect(await metricOf('llm_tier_backends{tier="vision"}')).toBe("1");
    expect(events()).toContainEqual(expect.objectContaining({ event: "tier_without_model", tier: "strong" }));
    served.splice(0, served.length, ...served.filter((each) => !each.capabilities.includes("vision")));
    await models.refresh();
    expect(models.status()[0]!.hint).toContain("no vision model");
    expect(await metricOf('llm_tier_backends{tier="vision"}')).toBe("0");
    expect(events()).toContainEqual(expect.objectContaining({ event: "tier_without_model", tier: "vision" }));
  });
});
