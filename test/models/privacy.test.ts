import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ClearedRequest } from "../../src/privacy/cleared-request.ts";
import { restorer } from "../../src/privacy/placeholders.ts";
import { openPrivacy } from "../../src/privacy/open-privacy.ts";
import type { Privacy } from "../../src/privacy/privacy.ts";
import { readPrompts } from "../../src/models/prompts.ts";
import { silentLog } from "../../src/telemetry.ts";
import { packageRoot } from "../../src/workers/package-root.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { openWorld, Person, task, type World, type WorldOptions } from "./open-test-models.ts";

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "sluice-models-privacy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a recorder behind the environment's variables", () => {
  const variables = (endpoint: string) => {
    const tracing = { LANGSMITH_TRACING: "true", LANGSMITH_TRACING_V2: "true", LANGCHAIN_TRACING: "true", LANGCHAIN_TRACING_V2: "true", LANGSMITH_ENDPOINT: endpoint, LANGCHAIN_ENDPOINT: endpoint, LANGSMITH_API_KEY: "key", LANGCHAIN_API_KEY: "key" };
    const proxy = { HTTP_PROXY: endpoint, HTTPS_PROXY: endpoint, http_proxy: endpoint, https_proxy: endpoint, NODE_USE_ENV_PROXY: "1" };
    return { tracing, proxy };
  };

  async function record(which: "tracing" | "proxy", way: "router" | "bare"): Promise<{ recorded: number; asked: number }> {
    let recorded = 0;
    const recorder = createServer((request, response) => {
      recorded++;
      request.on("data", (chunk: Buffer) => (recorded += chunk.length)).on("end", () => response.end("{}"));
    });
    await new Promise<void>((resolve) => recorder.listen(0, "127.0.0.1", resolve));
    const server = await startModelServer({ role: "local" });
    const env = { ...process.env, ...variables(`http://127.0.0.1:${(recorder.address() as AddressInfo).port}`)[which] };
    const script = fileURLToPath(new URL("./trace-everything.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [script, server.url, join(folder, `${which}-${way}.db`), way], { env });
    const asked = server.requests.filter((each) => each.body.includes("CANARY-7f3a")).length;
    await server.close();
    recorder.close();
    return { recorded, asked };
  }

  it("sees no byte of a prompt through tracing, whatever way a model is asked", async () => {
    expect(await record("tracing", "router")).toEqual({ recorded: 0, asked: 6 });
  });

  it("sees no byte through a proxy", async () => {
    expect(await record("proxy", "router")).toEqual({ recorded: 0, asked: 6 });
  });

  it("would see them if the model were asked without the router", async () => {
    expect((await record("tracing", "bare")).recorded).toBeGreaterThan(100);
  });
});

it("the cloud transport takes nothing that only looks cleared", () => {
  expect(() => ClearedRequest.bytes({ bytes: Buffer.from("x") } as never)).toThrow(TypeError);
});

describe("with the real gate", () => {
  let world: World;
  const opened: Partial<Record<"strict" | "balanced", Privacy>> = {};
  afterEach(() => world.close());
  afterAll(() => Promise.all(Object.values(opened).map((each) => each.close())));

  function open(policy: "strict" | "balanced"): Privacy {
    const parts = { vault: join(folder, policy), vaultKey: { value: "a key of at least sixteen characters" }, secrets: ["test-key"], log: silentLog };
    return (opened[policy] ??= openPrivacy({ policy, threads: 1 }, parts));
  }

  async function openBehind(policy: "strict" | "balanced", cloud: WorldOptions["cloud"] = {}): Promise<Privacy> {
    const privacy = open(policy);
    world = await openWorld({ parts: { anonymise: privacy.anonymise, gate: privacy.gate }, cloud });
    return privacy;
  }

  const say = (text: string, classification: "public" | "internal" | "confidential", onToken: (text: string) => void = () => {}) =>
    world.models.stream({ prompt: "answer", inputs: { question: "Who leads the grid department of Nordlicht?", passages: `[1] ${text}` }, task: task({ classification }), signal, onToken, onDecision: () => {} });

  it("public text goes out as it is", async () => {
    await openBehind("strict");
    world.cloud.setScript(["The company Nordlicht built a grid [1]."]);
    const said = await say("The company Nordlicht built a grid for electricity in the north of the country.", "public");
    expect(said.decision.location).toBe("cloud");
    expect(world.asked(world.cloud)[0]).toContain("Nordlicht built a grid");
  });

  it("internal text goes out under other names and comes back under the real ones, in a stream as well", async () => {
    let placeholder = "";
    const echo = (body: string) => (placeholder = /\[PERSON_\d+\w*\]/.exec(body)?.[0] ?? "");
    await openBehind("balanced", { rules: [(work) => ({ content: `It is led by ${echo(`${work.passages.map((each) => each.text).join(" ")} ${work.text}`)} [1].` })] });
    const shown: string[] = [];
    const said = await say("Since 2021 the grid department of Nordlicht has been led by Katharina Vogel, who came from Hamburg.", "internal", (text) => shown.push(text));
    expect(said.decision).toMatchObject({ location: "cloud" });
    const sent = world.asked(world.cloud).join("");
    expect(sent).not.toContain("Katharina");
    expect(sent).not.toContain("Vogel");
    expect(placeholder).not.toBe("");
    expect(said.value).toContain("Katharina Vogel");
    expect(shown.join("")).toBe(said.value);
    expect(shown.join("")).not.toContain("PERSON");
  });

  it("a structured answer holds real names whole, quotation marks, backslashes and line breaks included", async () => {
    const name = 'Anna "Annie" O\'Brien \\ Lee\nof Cork';
    const restore = restorer([{ type: "PERSON", number: 1, form: "", value: name }]);
    const rename: WorldOptions["parts"] = { anonymise: async (messages) => ({ messages: messages.map((each) => ({ ...each, text: each.text.replaceAll(name, "[PERSON_1]") })), clean: true, restore }) };
    world = await openWorld({ parts: { gate: open("balanced").gate, ...rename } });
    const chat = () => world.models.chat({ ...task({ classification: "internal" }), tier: "fast" });
    for (const answer of ['```json\n{"name":"[PERSON_1]","age":41}\n```', '{"name":"[PERSON\\_1]","age":41,}']) {
      world.cloud.setScript([answer.replace(",}", "}")]);
      expect(await chat().withStructuredOutput(Person).invoke(`${name} is 41.`)).toEqual({ name, age: 41 });
      world.cloud.setScript([answer]);
      const inputs = { question: "How old?", passages: `[1] ${name} is 41.` };
      const asked = await world.models.ask({ prompt: "answer", inputs, schema: Person, task: task({ classification: "internal" }), signal });
      expect(asked).toMatchObject({ value: { name, age: 41 }, decision: { location: "cloud" } });
    }
    expect(world.asked(world.cloud)).toHaveLength(4);
    expect(world.asked(world.cloud).join("")).not.toContain("Annie");
  });

  it("names of one caller never come back to another, though both gave their requests the same id", async () => {
    await openBehind("balanced");
    const ask = (text: string, tenant: string) =>
      world.models.stream({ prompt: "answer", inputs: { question: "Who leads the grid department?", passages: `[1] ${text}` }, task: task({ classification: "internal", tenant, requestId: "one" }), signal, onToken: () => {}, onDecision: () => {} });
    world.cloud.setScript(["It is led by [PERSON_1] [1].", "It is led by [PERSON_1] or [PERSON_2] [1]."]);
    expect((await ask("Since 2021 the grid department of Nordlicht has been led by Katharina Vogel, who came from Hamburg.", "first")).value).toContain("Katharina Vogel");
    const second = await ask("Since 2019 the grid department of Südwerk has been led by Theresa Brandl, who came from Kiel.", "second");
    expect(second.value).toContain("Theresa Brandl");
    expect(second.value).not.toContain("Katharina");
  });

  it("what the gate finds stays here: a public label on private text sends nothing", async () => {
    await openBehind("strict");
    const said = await say("Our customer Katharina Vogel lives in Hamburg; her IBAN is DE89 3704 0044 0532 0130 00.", "public");
    expect(said.decision).toMatchObject({ location: "local", reason: "fallback_used" });
    expect(world.asked(world.cloud)).toEqual([]);
  });

  it("the prompts themselves hold nothing that the gate would stop", async () => {
    const privacy = await openBehind("strict");
    const prompts = [...readPrompts(join(packageRoot, "prompts")).values()];
    const verdicts = await privacy.scan(prompts.map((prompt) => ({ text: `${prompt.instructions}\n${prompt.material}` })), { tenant: "default", collection: "default" });
    expect(verdicts.map((verdict) => verdict.class)).toEqual(prompts.map(() => "public"));
  });
});
