import { afterEach, beforeEach, expect, it } from "vitest";
import { memoryApp, sluice, type Memory } from "./memory-app.ts";

let memory: Memory;
beforeEach(async () => {
  memory = await memoryApp();
});
afterEach(() => memory.state.close());

const model = { backend: "ollama", location: "local" as const, name: "qwen3:8b", size: 5.2e9, parameters: "8.2B", family: "qwen3", context: 40_960, capabilities: ["completion"], resident: true, forwards: false, tiers: ["strong" as const], lastUsedAt: null };

it("models lists what there is, and says what is missing", async () => {
  memory.app.models.list = () => [model];
  memory.app.models.status = () => [{ backend: "ollama", location: "local", url: "http://127.0.0.1:11434", state: "up", models: {}, detail: "", degraded: false, hint: "no fast model: `ollama pull qwen3:4b`" }];
  const shown = await sluice(memory, ["models"]);
  expect(shown.stdout).toContain("qwen3:8b");
  expect(shown.stdout).toContain("5.2 GB");
  expect(shown.stderr).toContain("ollama pull qwen3:4b");
  expect((await sluice(memory, ["models", "--json"])).lines()).toEqual([model]);
  expect((await sluice(memory, ["models", "status", "--json"])).lines()).toMatchObject([{ backend: "ollama", state: "up" }]);
});

it("models pull tells how far it is, a line each tenth where there is no terminal", async () => {
  memory.app.models.pull = async (name, { onProgress }) => {
    onProgress({ status: "pulling manifest", completed: null, total: null });
    for (let percent = 0; percent <= 100; percent++) onProgress({ status: "pulling 6335", completed: percent, total: 100 });
    return { backend: "ollama", model: name };
  };
  const { code, lines, stderr } = await sluice(memory, ["models", "pull", "qwen3:8b", "--json"]);
  expect([code, lines()]).toEqual([0, [{ backend: "ollama", model: "qwen3:8b" }]]);
  expect(stderr.trim().split("\n")).toHaveLength(12);
  expect((await sluice(memory, ["models", "pull"])).code).toBe(2);
});

it("models forget says how much was forgotten", async () => {
  memory.app.models.forget = async () => 2;
  expect((await sluice(memory, ["models", "forget", "rack", "--json"])).lines()).toEqual([{ forgotten: 2 }]);
});
