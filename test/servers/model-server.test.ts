import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOllama } from "@langchain/ollama";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { localModels } from "./model-server/catalogue.ts";
import { type Fault, faultKinds, type FaultKind } from "./model-server/faults.ts";
import { type ModelServer, type ModelServerOptions, startModelServer } from "./model-server/model-server.ts";
import { readTemplates } from "./model-server/prompt-templates.ts";

const open: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const server = await startModelServer({ role: "local", ...options });
  open.push(server);
  return server;
}

const post = (server: ModelServer, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers }, redirect: "manual" });

/** A prompt as the product sends it: the file's two halves as system and user message. */
function filled(task: string, inputs: Record<string, string>): { role: string; content: string }[] {
  const pieces = readTemplates().find((each) => each.task === task)!.pieces;
  const [system = "", user = ""] = pieces.map(({ literal, input }) => literal + (input ? inputs[input] ?? "none" : "")).join("").split(/^---$/m);
  return [{ role: "system", content: system.trim() }, { role: "user", content: user.trim() }];
}

async function ask(server: ModelServer, task: string, inputs: Record<string, string>, extra: object = {}): Promise<string> {
  const model = server.role === "cloud" ? "gpt-oss:120b" : "qwen3:8b";
  const answer = await post(server, "/api/chat", { model, messages: filled(task, inputs), stream: false, ...extra }, { authorization: "Bearer test-key" });
  const body = (await answer.json()) as { message: { content: string } };
  return body.message.content;
}

const story = (company: string) =>
  `${company} GmbH (the "Works") acquired Brill Marine Ltd on 3 March 2025 for EUR 4.2 million. Brill Marine Ltd makes the Otter 40 pump. Dr. Ida Lorne leads Brill Marine Ltd.`;

describe("the server's own routes", () => {
  it("says what it is and what models it has", async () => {
    const server = await start({ models: [...localModels, { ...localModels[0]!, name: "big:cloud", remoteHost: "https://ollama.com:443", remoteModel: "big" }] });
    expect(await (await fetch(server.url)).text()).toBe("Ollama is running");
    expect(await (await fetch(`${server.url}/api/version`)).json()).toHaveProperty("version");
    expect(await (await fetch(`${server.url}/api/status`)).json()).toEqual({ cloud: { disabled: false, source: "none" } });
    const tags = (await (await fetch(`${server.url}/api/tags`)).json()) as { models: { name: string; remote_host?: string }[] };
    expect(tags.models.find((each) => each.name === "big:cloud")?.remote_host).toBe("https://ollama.com:443");
    const shown = await (await post(server, "/api/show", { model: "bge-m3" })).json();
    expect(shown).toMatchObject({ capabilities: ["embedding"], model_info: { "bge.embedding_length": 1024 } });
    expect((await post(server, "/api/show", { model: "big:cloud:local" })).status).toBe(404);
    expect(await (await fetch(`${server.url}/api/ps`)).json()).toEqual({ models: [] });
  });

  it("as a cloud wants the key, has no embeddings and ignores the format", async () => {
    const server = await start({ role: "cloud", apiKey: "k1" });
    expect((await fetch(`${server.url}/api/tags`)).status).toBe(401);
    const key = { authorization: "Bearer k1" };
    expect((await fetch(`${server.url}/api/tags`, { headers: key })).status).toBe(200);
    expect((await post(server, "/api/embed", { model: "gpt-oss:20b", input: "x" }, key)).status).toBe(404);
    const answer = await post(server, "/api/chat", { model: "gpt-oss:20b", stream: false, messages: [{ role: "user", content: "Hello there." }], format: { type: "object", properties: { n: { type: "integer" } } } }, key);
    expect(((await answer.json()) as { message: { content: string } }).message.content).not.toContain('"n"');
  });

  it("refuses what the model cannot do", async () => {
    const server = await start();
    const messages = [{ role: "user", content: "Hello" }];
    expect((await post(server, "/api/chat", { model: "llama3.2:3b", messages, think: true })).status).toBe(400);
    expect((await post(server, "/api/chat", { model: "nothing", messages })).status).toBe(404);
    expect((await post(server, "/api/chat", { model: "bge-m3", messages })).status).toBe(400);
    const long = [{ role: "user", content: "word ".repeat(200) }];
    expect((await post(server, "/api/chat", { model: "qwen3:8b", messages: long, truncate: false, options: { num_ctx: 100 } })).status).toBe(400);
    const cut = await post(server, "/api/chat", { model: "qwen3:8b", messages: long, stream: false, options: { num_ctx: 100 } });
    expect(await cut.json()).toMatchObject({ prompt_eval_count: 100 });
  });

  it("gives similar texts similar vectors of length 1", async () => {
    const server = await start();
    const answer = await post(server, "/api/embed", { model: "bge-m3", input: ["The pump plant in Vardby", "the pump plants of Vardby", "Invoices are due in May"] });
    const { embeddings } = (await answer.json()) as { embeddings: number[][] };
    const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
    expect(embeddings[0]).toHaveLength(1024);
    expect(cosine(embeddings[0]!, embeddings[0]!)).toBeCloseTo(1, 6);
    expect(cosine(embeddings[0]!, embeddings[1]!)).toBeGreaterThan(0.6);
    expect(cosine(embeddings[0]!, embeddings[2]!)).toBeLessThan(0.3);
  });
});

describe("the built-in model", () => {
  it.each(["local", "cloud"] as const)("reads entities and relations out of the passage, not out of a list (%s)", async (role) => {
    const server = await start({ role });
    for (const company of ["Halvorsen Pumpen", "Merrow Tidal"]) {
      const inputs = { text: story(company), entityTypes: "PERSON, ORGANIZATION, PRODUCT, DATE_TIME, METRIC", candidates: "none" };
      const read = unfence(await ask(server, "extract-entities", inputs)) as { entities: { name: string; type: string; aliases: string[] }[] };
      expect(read.entities.map((each) => each.name)).toEqual(expect.arrayContaining([`${company} GmbH`, "Brill Marine Ltd", "3 March 2025", "Otter 40", "Dr. Ida Lorne"]));
      const entities = read.entities.map((each) => `${each.name} (${each.type})`).join("; ");
      const { relations } = unfence(await ask(server, "extract-relations", { text: story(company), entities, relationTypes: "OWNS, CREATES, MANAGES, RELATED_TO" })) as { relations: object[] };
      expect(relations).toContainEqual(expect.objectContaining({ source: `${company} GmbH`, type: "OWNS", target: "Brill Marine Ltd" }));
      expect(relations).toContainEqual(expect.objectContaining({ source: "Brill Marine Ltd", type: "CREATES", target: "Otter 40" }));
      expect(relations).toContainEqual(expect.objectContaining({ source: "Dr. Ida Lorne", type: "MANAGES", target: "Brill Marine Ltd" }));
    }
  });

  it("treats placeholders as names", async () => {
    const server = await start({ role: "cloud" });
    const text = "[PERSON_1] leads Brill Marine Ltd. Write to [EMAIL_1].";
    const read = unfence(await ask(server, "extract-entities", { text, candidates: "[PERSON_1] (PERSON)" })) as { entities: object[] };
    expect(read.entities).toContainEqual(expect.objectContaining({ name: "[PERSON_1]", type: "PERSON" }));
  });

  it("answers from passages with their numbers, joins two, and says when there is nothing", async () => {
    const server = await start();
    const passages = "[1] memo.docx, page 1\nThe Otter 40 pump failed because its seal cracked.\n\n[2] contract.pdf, page 2\nThe seal is supplied by Norden Seals AG under a contract that ends in 2027.\n\n[3] menu.txt, page 1\nLunch is at noon.";
    const answer = await ask(server, "answer", { question: "Why did the Otter 40 pump fail?", passages });
    expect(answer).toContain("seal cracked. [1]");
    expect(answer).not.toContain("[3]");
    expect(await ask(server, "answer", { question: "What is the dividend of the airline?", passages })).toBe("The documents do not say this.");
    expect(await ask(server, "answer", { question: "Who is the supplier of the seal that cracked?", passages })).toMatch(/\[1\].*\[2\]|\[2\].*\[1\]/);
  });

  it("sees pairs and pictures", async () => {
    const server = await start();
    const pairs = "1. Brill Marine Ltd: a maker\n   Brill Marine: makes pumps\n2. Ida Lorne: head\n   Nils Lorne: fitter";
    expect(JSON.parse(await ask(server, "same-entity", { pairs }))).toEqual({ same: [1] });
    const png = await sharp({ create: { width: 120, height: 90, channels: 3, background: "#3366cc" } }).png().toBuffer();
    const messages = filled("describe-picture", { context: "Sales", read: "North 12\nSouth 30" }).map((each, index) => (index ? { ...each, images: [png.toString("base64")] } : each));
    const seen = await post(server, "/api/chat", { model: "qwen2.5vl:7b", messages, stream: false });
    const content = JSON.parse(((await seen.json()) as { message: { content: string } }).message.content) as { description: string; text: string };
    expect(content.description).toContain("120 by 90 pixels");
    expect(content.text).toContain("South 30");
  });

  it("plays a recorded script before its rules", async () => {
    const server = await start();
    server.setScript(["first", { content: "second" }]);
    const messages = [{ role: "user", content: "Hello" }];
    const said = async () => ((await (await post(server, "/api/chat", { model: "qwen3:8b", messages, stream: false })).json()) as { message: { content: string } }).message.content;
    expect([await said(), await said()]).toEqual(["first", "second"]);
    expect(await said()).toBe("Hello");
  });

  it("never has more calls at work than slots, and counts what they took", async () => {
    const server = await start({ slots: 2, latencyMs: 15 });
    const messages = [{ role: "user", content: "Hello" }];
    await Promise.all(Array.from({ length: 9 }, () => post(server, "/api/chat", { model: "qwen3:8b", messages, stream: false })));
    expect(server.stats).toMatchObject({ calls: 9, maxInFlight: 2 });
    expect(server.stats.serviceMs).toBeGreaterThanOrEqual(9 * 14);
  });
});

describe("driven by ChatOllama", () => {
  const chat = (server: ModelServer, extra: object = {}) => new ChatOllama({ baseUrl: server.url, model: "qwen3:8b", maxRetries: 0, ...extra });

  it("answers, streams, counts tokens and thinks", async () => {
    const server = await start();
    const answer = await chat(server, { think: true }).invoke("Tell me of pumps.");
    expect(answer.content).toBe("Tell me of pumps.");
    expect(answer.usage_metadata).toMatchObject({ input_tokens: expect.any(Number) });
    let text = "";
    for await (const piece of await chat(server, { think: true }).stream("Tell me of pumps.")) text += piece.content as string;
    expect(text).toBe("Tell me of pumps.");
    expect(server.requests.at(-1)!.body.toString()).toContain("Tell me of pumps.");
  });

  it("fills a schema and calls a tool", async () => {
    const server = await start();
    const shaped = await chat(server).withStructuredOutput(z.object({ names: z.array(z.string()), multiHop: z.boolean() }), { method: "jsonSchema" }).invoke("Who leads Brill Marine Ltd?");
    expect(shaped).toEqual({ names: expect.arrayContaining(["Brill Marine Ltd"]), multiHop: false });
    const look = tool(() => "", { name: "look_up", description: "", schema: z.object({ query: z.string() }) });
    const called = await chat(server).bindTools([look]).invoke([new HumanMessage("Find Brill Marine Ltd")]);
    expect(called.tool_calls).toEqual([expect.objectContaining({ name: "look_up", args: { query: "Find Brill Marine Ltd" } })]);
  });

  it("sees the status of a refusal and the end of a broken stream", async () => {
    const server = await start({ faults: [{ kind: "usage-limit", requests: [1] }, { kind: "error-mid-stream", requests: [2] }] });
    await expect(chat(server).invoke("Hello")).rejects.toMatchObject({ status_code: 429, message: expect.stringContaining("usage limit") });
    await expect(chat(server).invoke("One two three four")).rejects.toThrow("error was encountered");
    expect((await chat(server).invoke("Hello")).content).toBe("Hello");
  });
});

describe("faults", () => {
  const messages = [{ role: "user", content: "One two three four five six seven eight." }];
  const call = async (kind: FaultKind, extra: Partial<Fault> = {}, stream = false) => {
    const server = await start({ faults: [{ kind, ...extra }] });
    const response = await post(server, "/api/chat", { model: "qwen3:8b", messages, stream });
    return { response, server };
  };

  it.each([
    ["rate-limit", 429], ["rate-limit-retry-after", 429], ["usage-limit", 429], ["payment", 402], ["unauthorized", 401], ["forbidden", 403],
    ["model-missing", 404], ["unavailable", 503], ["internal", 500], ["slot-timeout", 503], ["bad-request", 400], ["redirect", 307],
  ] as const)("%s is a %i", async (kind, status) => {
    const { response } = await call(kind);
    expect(response.status).toBe(status);
    expect(response.headers.has("retry-after")).toBe(kind === "rate-limit-retry-after");
    if (kind === "redirect") expect(response.headers.get("location")).toBeTruthy();
    else expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  it.each(["empty", "empty-thinking", "malformed-json", "wrong-schema", "truncated", "remote-host", "slow"] as const)("%s is a 200 that is not what was asked", async (kind) => {
    const { response } = await call(kind, { delayMs: 5 });
    const body = (await response.json()) as { message: { content: string; thinking?: string }; done_reason: string; remote_host?: string };
    if (kind === "empty") expect(body.message).toEqual({ role: "assistant", content: "" });
    if (kind === "empty-thinking") expect(body.message).toMatchObject({ content: "", thinking: expect.any(String) });
    if (kind === "malformed-json") expect(() => JSON.parse(body.message.content)).toThrow();
    if (kind === "truncated") expect(body.done_reason).toBe("length");
    if (kind === "remote-host") expect(body.remote_host).toContain("ollama.com");
  });

  it("cuts a stream, and ends one with an error line", async () => {
    const cut = await call("cut-stream", {}, true);
    await expect(cut.response.text()).rejects.toThrow();
    const broken = await (await call("error-mid-stream", {}, true)).response.text();
    const lines = broken.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toHaveProperty("message");
    expect(lines.at(-1)).toHaveProperty("error");
  });

  it("hangs before the headers until the caller leaves", async () => {
    const server = await start({ faults: [{ kind: "hang" }] });
    const leave = AbortSignal.timeout(100);
    await expect(fetch(`${server.url}/api/chat`, { method: "POST", body: JSON.stringify({ model: "qwen3:8b", messages }), signal: leave })).rejects.toThrow();
  });

  it("chooses by number, path, model, text and how often", async () => {
    const server = await start();
    const status = async (path: string, body: object) => (await post(server, path, body)).status;
    const chat = { model: "qwen3:8b", messages, stream: false };
    server.setFaults([{ kind: "unavailable", requests: [2] }, { kind: "payment", path: "/api/embed" }, { kind: "forbidden", model: "llama3.2:3b" }, { kind: "internal", containing: "canary", times: 1 }]);
    expect([await status("/api/chat", chat), await status("/api/chat", chat), await status("/api/chat", chat)]).toEqual([200, 503, 200]);
    expect(await status("/api/embed", { model: "bge-m3", input: "x" })).toBe(402);
    expect(await status("/api/chat", { ...chat, model: "llama3.2:3b" })).toBe(403);
    const canary = { ...chat, messages: [{ role: "user", content: "a canary" }] };
    expect([await status("/api/chat", canary), await status("/api/chat", canary)]).toEqual([500, 200]);
  });

  it("has a test above for every kind", () => {
    expect(faultKinds).toHaveLength(22);
  });
});

/** The cloud wraps JSON as chat models do. */
const unfence = (text: string): unknown => JSON.parse(text.replace(/^```json\n|\n```$/g, ""));
