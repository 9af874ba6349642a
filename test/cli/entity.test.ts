import { expect, test } from "vitest";
import type { EntityDetail } from "../../src/http/services.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();
const entity = { id: "e1", name: "Velden Marine", type: "ORGANIZATION", description: "cranes and gears", aliases: [], class: "public" as const, mentionCount: 3, documentCount: 3 };
const decision = { location: "local" as const, backend: "ollama", model: "qwen3:8b", reason: "default_local", confidence: 0.7, rule: "hybrid.default", considered: [] };
const shown = (changes: Partial<EntityDetail>): EntityDetail => ({ ...entity, summarised: false, decision: null, warnings: [], mentions: [], relations: [], neighbours: [], ...changes });

test("sluice entity says by which model a description was made, or why none was, and asks none with --no-summary", async () => {
  const asked: unknown[] = [];
  const { entities } = fresh.memory.app;
  entities.search = async () => ({ items: [entity], next: null });
  entities.get = async (_principal, _id, options) => {
    asked.push(options?.summary);
    return options?.summary ? shown({ summarised: true, decision }) : shown({ warnings: [{ code: "not_summarised", message: "cut by rule" }] });
  };
  expect((await sluice(fresh.memory, ["entity", "Velden"])).stdout).toContain("  cranes and gears\n  (summed up by qwen3:8b)\n");
  const cut = await sluice(fresh.memory, ["entity", "Velden", "--no-summary"]);
  expect(cut.stdout).not.toContain("summed up");
  expect(cut.stderr).toContain("warning: cut by rule");
  expect((await sluice(fresh.memory, ["entity", "Velden", "--json"])).lines()).toMatchObject([{ summarised: true, decision: { model: "qwen3:8b" }, warnings: [] }]);
  expect(asked).toEqual([true, false, true]);
});
