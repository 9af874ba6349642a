import { afterEach, describe, expect, it } from "vitest";
import { Task } from "../../src/data/decision.ts";
import { ModelsOptions } from "../../src/models/options.ts";
import { ruleFor } from "../../src/models/rules.ts";
import { analyseText } from "../../src/models/text-analysis.ts";
import { randomId } from "../../src/data/identity.ts";
import { askPerson, openWorld, personAnswer, type World, type WorldOptions } from "./open-test-models.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
const rulesOf = (rules: object[]) => ModelsOptions.parse({ routing: { rules } }).routing.rules;
const task = (changes: Partial<Task> = {}): Task => Task.parse({ taskType: "extraction", tier: "fast", classification: "public", tenant: "t", step: "extractEntities", requestId: "r", taskId: "i", ...changes });

describe("the rule table", () => {
  const rules = rulesOf([
    { name: "code", when: { content: "code" }, use: { tier: "strong" } },
    { name: "long", when: { minTokens: 2000, taskType: ["extraction", "enrichment"] }, use: { model: "gpt-oss:120b" } },
    { name: "urgent", when: { tenant: "vip", class: "public" }, use: { location: "cloud" }, priority: 10 },
    { name: "rest", when: {}, use: { location: "local" }, priority: -1 },
  ]);
  const rows: [string, Partial<Task>, number, string][] = [
    ["the first that holds", { content: "code" }, 3000, "code"],
    ["by the size of the prompt", {}, 2000, "long"],
    ["not below it", {}, 1999, "rest"],
    ["the higher priority before the order", { content: "code", tenant: "vip" }, 0, "urgent"],
    ["every condition must hold", { tenant: "vip", classification: "pii" }, 0, "rest"],
    ["an unknown class is pii", { tenant: "vip", classification: null }, 0, "rest"],
    ["one of several", { taskType: "generation" }, 5000, "rest"],
  ];
  it.each(rows)("%s", (_what, changes, tokens, name) => expect(ruleFor(task(changes), tokens, rules)?.name).toBe(name));

  it("says nothing where no line holds, and nothing about embeddings", () => {
    expect(ruleFor(task(), 0, rulesOf([{ name: "other", when: { step: "answer" }, use: { tier: "strong" } }]))).toBeNull();
    expect(ruleFor(task({ tier: "embedding" }), 0, rules)).toBeNull();
  });

  it("refuses a rule that says nothing, two of one name, and a typo", () => {
    for (const wrong of [[{ name: "a", when: {}, use: {} }], [{ name: "a", when: {}, use: { tier: "fast" } }, { name: "a", when: {}, use: { tier: "fast" } }], [{ name: "a", when: { tasktype: "x" }, use: { tier: "fast" } }]]) expect(() => rulesOf(wrong)).toThrow();
  });

  const open = async (given: object[], options: WorldOptions = {}) => {
    world = await openWorld({ ...options, models: { routing: { rules: given as never } } });
    for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 9 }, () => personAnswer));
    return world;
  };

  it("gives a call its tier, its model or its side, and says so", async () => {
    const { models } = await open([
      { name: "hard", when: { complexity: "high", class: "pii" }, use: { tier: "strong" } },
      { name: "named", when: { step: "named" }, use: { model: "gpt-oss:120b", location: "cloud" } },
      { name: "home", when: { quality: "high" }, use: { location: "local" } },
    ]);
    expect((await askPerson(models, { complexity: "high", classification: "pii" })).model).toBe("qwen3:8b");
    expect(await askPerson(models, { step: "named", quality: "low" })).toMatchObject({ model: "gpt-oss:120b", decision: { location: "cloud", reason: "rule", rule: "rule.named" } });
    expect((await askPerson(models, { quality: "high" })).decision).toMatchObject({ location: "local", reason: "rule", rule: "rule.home" });
  });

  it("lets nothing leave that the guards keep", async () => {
    const { models, cloud } = await open([{ name: "away", when: {}, use: { location: "cloud" } }]);
    expect((await askPerson(models, { classification: "pii" })).decision).toMatchObject({ location: "local", reason: "sensitive_data" });
    expect(world!.asked(cloud)).toEqual([]);
  });

  it("goes on with the tier's model where the named one is not there, and warns", async () => {
    const { models } = await open([{ name: "gone", when: {}, use: { model: "nosuch:1b" } }]);
    const asked = await askPerson(models, { classification: "pii" });
    expect([asked.model, asked.warnings.map((each) => each.code)]).toEqual(["llama3.2:3b", ["rule_model_missing"]]);
  });
});

describe("a rollout", () => {
  it("is set for each task type, and what is in or out stays so", async () => {
    world = await openWorld({ models: { routing: { rolloutPercent: 0, rollout: { extraction: 50 } } } });
    for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 99 }, () => personAnswer));
    // Without a document it is the question that is in or out.
    const where = async (requestId: string) => (await askPerson(world!.models, { requestId })).decision.location;
    const ids = Array.from({ length: 20 }, () => randomId());
    const first: string[] = [];
    for (const id of ids) first.push(await where(id));
    const second: string[] = [];
    for (const id of ids) second.push(await where(id));
    expect(second).toEqual(first);
    expect(new Set(first)).toEqual(new Set(["local", "cloud"]));
    expect((await askPerson(world.models, { taskType: "enrichment", batchSize: 50 })).decision.reason).toBe("rollout");
  });
});

describe("how hard a text is", () => {
  const said = (text: string) => [analyseText(text).complexity, analyseText(text).content];
  it("short sentences of plain words are easy, long ones or many terms are hard", () => {
    expect(said("The cat sat down. It slept well. Nobody came.")).toEqual(["low", "text"]);
    expect(said(`${"word ".repeat(26)}.`)).toEqual(["high", "text"]);
    expect(said("API TCP UDP and HTTP2 over QUIC with TLS13.")).toEqual(["high", "text"]);
    expect(said(`${"plain words of a middling sentence which goes on for quite a while longer than most do".trim()}. ${"another one of those that take their time before they come to an end somewhere here".trim()}.`)).toEqual(["medium", "text"]);
  });

  it("code is a content of its own", () => {
    expect(analyseText('import x from "y";\nconst a = 1;\nfunction f() {\n  return a;\n}\n').content).toBe("code");
    expect(analyseText("def add(a, b):\n    return a + b\nclass Thing:\n    import os\n").content).toBe("code");
    expect(analyseText("First line of a poem,\nsecond line of it,\nthe third one ends.").content).toBe("text");
  });

  it("a text that points elsewhere all the time is one step harder", () => {
    expect(said("As in Section 3 [1]. See Table 2 [4]. Compare Annex 5 [2, 3]. It holds (Smith et al., 2020).")[1]).toBe("references");
    expect(analyseText("Das gilt nach § 4. Siehe Abschnitt 3. Dazu Anhang 2.").references).toBeGreaterThan(0.2);
  });

  it("an empty text is easy", () => expect(said("")).toEqual(["low", "text"]));
});
