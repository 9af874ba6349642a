import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../src/data/query.ts";
import { SluiceError } from "../../src/errors.ts";
import { interruption } from "../../src/cli/exit-code.ts";
import { emptyAnswer, sampleDocument, sampleJob } from "../http/memory-services.ts";
import { memoryApp, sluice, type Memory } from "./memory-app.ts";

let memory: Memory;
beforeEach(async () => {
  memory = await memoryApp();
});
afterEach(() => memory.state.close());

const answer: Answer = {
  ...emptyAnswer,
  answer: "Ada leads Orion [1].",
  citations: [{ n: 1, chunkId: "c", documentId: "d", document: "report.pdf", page: 3, boxes: [], quote: "Ada leads Orion" }],
  passages: [{ rank: 1, score: 0.5, chunkId: "c", documentId: "d", document: "report.pdf", page: 3, boxes: [], headings: [], text: "Ada leads Orion.", class: "public", found: ["text"] }],
};

const commandNames = ["ingest", "ask", "scan", "documents", "show", "delete", "entity", "graph", "collections", "jobs", "keys create", "keys list", "keys revoke", "reindex", "serve", "worker", "studio", "check", "verify", "backup", "restore", "demo"];

describe("every command", () => {
  it.each(commandNames)("%s has help with the common options", async (name) => {
    const { code, stdout } = await sluice(memory, [...name.split(" "), "--help"]);
    expect(code).toBe(0);
    for (const option of ["--json", "--config <file>", "--data <dir>", "--verbose"]) expect(stdout).toContain(option);
    expect(memory.opened).toHaveLength(0);
  });

  it.each([["nonsense"], ["ingest"], ["ask"], ["ask", "x", "--limit", "0"], ["ask", "x", "--batch", "f"], ["documents", "--class", "secret"], ["jobs", "--retry"], ["keys", "create", "x", "--role", "king"], []])(
    "answers wrong usage %j with 2",
    async (...argv) => {
      const { code, stderr, stdout } = await sluice(memory, argv.filter((each) => each !== undefined));
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toBe("");
      expect(memory.opened).toHaveLength(0);
    },
  );

  it("hands on configuration and data folder", async () => {
    await sluice(memory, ["documents", "--config", "a.yaml", "--config", "b.yaml", "--data", "d"]);
    expect(memory.opened[0]).toEqual({ config: ["a.yaml", "b.yaml"], data: "d", overlay: {}, workers: false, verbose: false });
    expect(memory.closed()).toBe(1);
  });

  it("answers a wrong configuration with 2, any other failure with 1, the cause only with --verbose", async () => {
    expect(await sluice(memory, ["documents"], { fail: new SluiceError("config", "routing.stratgy: unknown key") })).toMatchObject({ code: 2, stderr: "error: routing.stratgy: unknown key\n" });
    const fail = new SluiceError("store", "the data folder is full", { cause: new Error("ENOSPC at /x") });
    const plain = await sluice(memory, ["documents", "--json"], { fail });
    expect([plain.code, plain.stderr, plain.lines()]).toEqual([1, "error: the data folder is full\n", [{ error: { code: "store", message: "the data folder is full" } }]]);
    expect((await sluice(memory, ["documents", "--verbose"], { fail })).stderr).toContain("ENOSPC");
  });
});

describe("ask", () => {
  beforeEach(() => {
    memory.state.query = async (request, { onEvent }) => {
      if (!request.answer) return { ...answer, answer: null, citations: [] };
      for (const text of ["Ada leads ", "Orion [1]."]) onEvent?.({ type: "token", text });
      return answer;
    };
  });

  it("streams the answer once and lists its citations", async () => {
    const { code, stdout } = await sluice(memory, ["ask", "Who", "leads", "Orion?"]);
    expect([code, stdout]).toEqual([0, "Ada leads Orion [1].\n  [1] report.pdf, page 3: “Ada leads Orion”\n"]);
  });

  it("--json is one value with the question; --passages asks for no answer", async () => {
    expect((await sluice(memory, ["ask", "Who?", "--json"])).lines()).toEqual([{ question: "Who?", ...answer }]);
    const { stdout } = await sluice(memory, ["ask", "Who?", "--passages"]);
    expect(stdout).toBe("1. report.pdf, page 3 (0.500, text, public)\n   Ada leads Orion.\n");
  });

  it("a batch answers a line for each line, in order, wrong ones too", async () => {
    memory.state.query = async ({ question, collections }) => {
      await new Promise((resolve) => setTimeout(resolve, question === "slow" ? 40 : 1));
      expect(collections).toEqual(["a", "b"]);
      return { ...answer, answer: question };
    };
    const stdin = '{"question":"slow","id":7}\n\n{"question":"fast"}\nnot json\n{"question":""}\n';
    const { code, lines } = await sluice(memory, ["ask", "--batch", "-", "--collection", "a", "--collection", "b"], { stdin });
    expect(code).toBe(1);
    expect(lines().map((line) => [line["question"], line["id"], line["answer"], (line["error"] as { code: string } | undefined)?.code])).toEqual([
      ["slow", 7, "slow", undefined],
      ["fast", undefined, "fast", undefined],
      [undefined, undefined, undefined, "invalid_input"],
      ["", undefined, undefined, "invalid_input"],
    ]);
  });

  it("a batch is read no faster than it is answered", async () => {
    const path = join(memory.state.folder, "questions.jsonl");
    await writeFile(path, `${JSON.stringify({ question: "q" })}\n`.repeat(200));
    let running = 0;
    let most = 0;
    memory.state.query = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return answer;
    };
    const { code, lines } = await sluice(memory, ["ask", "--batch", path]);
    expect([code, lines().length]).toEqual([0, 200]);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("a batch file that is not there is an error", async () => {
    expect(await sluice(memory, ["ask", "--batch", "none.jsonl"])).toMatchObject({ code: 1, stderr: "error: none.jsonl cannot be read\n" });
  });

  it("shows no control sequence that a document carries", async () => {
    memory.state.query = async () => ({ ...answer, answer: "\u001b]0;owned\u0007 [1]" });
    expect((await sluice(memory, ["ask", "x"])).stdout).toContain("\ufffd]0;owned\ufffd [1]");
  });
});

it("scan gives verdicts of texts, a line each", async () => {
  const stdin = '{"id":"a","text":"nothing"}\n{"id":2,"text":"x@y"}\n{"id":3}\n';
  const { code, lines } = await sluice(memory, ["scan", "--batch", "-"], { stdin });
  expect(code).toBe(1);
  expect(lines().slice(0, 2)).toEqual([{ id: "a", class: "public", spans: [] }, { id: 2, class: "pii", spans: [{ kind: "email", start: 0, end: 3, score: 1, class: "pii", detector: "email" }] }]);
  expect((await sluice(memory, ["scan", "a.txt"])).stdout).toBe("a.txt: public (nothing found)\n");
});

describe("documents and jobs", () => {
  beforeEach(() => {
    memory.state.documents.set("d1", { ...sampleDocument, id: "d1", name: "Bericht 日本.pdf", class: "pii", reasons: [{ kind: "iban", class: "pii", count: 2, detector: "iban" }], tenant: "default", classKnown: true });
    memory.state.jobs.set("j1", { ...sampleJob, id: "j1", documentId: "d1", tenant: "default", decisions: [{ task: "extraction", location: "local", backend: "ollama", model: "qwen3:8b", reason: "sensitive_data", rule: "guard", calls: 3 }] });
  });

  it("are listed as a table or as lines", async () => {
    const { stdout } = await sluice(memory, ["documents"]);
    expect(stdout.split("\n")[2]).toMatch(/^d1  Bericht 日本.pdf  pii    queued/);
    expect((await sluice(memory, ["documents", "--json"])).lines()).toMatchObject([{ id: "d1" }]);
    expect((await sluice(memory, ["jobs"])).stdout).toContain("j1");
  });

  it("are shown with their reasons and decisions", async () => {
    expect((await sluice(memory, ["show", "d1"])).stdout).toContain("class pii: iban ×2");
    expect((await sluice(memory, ["jobs", "j1"])).stdout).toContain("extraction: local qwen3:8b on ollama, sensitive_data, 3 calls");
    for (const argv of [["show", "none"], ["jobs", "none"], ["entity", "none"]]) expect((await sluice(memory, argv)).code).toBe(1);
  });

  it("delete erases and goes on after an id that is not there", async () => {
    const { code, stdout, stderr } = await sluice(memory, ["delete", "none", "d1"]);
    expect([code, stdout, stderr]).toEqual([1, "d1 is erased\n", "there is no document none\n"]);
    expect(memory.state.documents.size).toBe(0);
  });
});

it("keys are made, listed without secret, and revoked", async () => {
  const made = await sluice(memory, ["keys", "create", "ci", "--role", "writer", "operator", "--class", "public", "internal"]);
  expect(made.stdout).toMatch(/^sk_[\w-]{43}\n$/);
  const listed = await sluice(memory, ["keys", "list", "--json"]);
  expect(listed.lines()).toMatchObject([{ name: "ci", roles: ["writer", "operator"], classes: ["public", "internal"], revokedAt: null }]);
  expect(listed.stdout).not.toContain(made.stdout.trim());
  const id = String(listed.lines()[0]!["id"]);
  expect((await sluice(memory, ["keys", "revoke", id])).code).toBe(0);
  expect(await memory.app.authenticate(made.stdout.trim())).toBeNull();
  expect((await sluice(memory, ["keys", "list", "--tenant", "other"])).stdout).toBe("No keys.\n");
});

it("check names what to do and ends with 1 when something failed", async () => {
  const { code, stdout } = await sluice(memory, ["check"]);
  expect([code, stdout]).toEqual([1, "ok      configuration: read\nFAILED  model ollama: no answer\n        → ollama serve\n"]);
});

it("reindex tells how much it did", async () => {
  expect((await sluice(memory, ["reindex", "--json"])).lines()).toMatchObject([{ chunks: 2, model: "bge-m3" }]);
});

it("verify says what differs and what mends it, and fails while something differs", async () => {
  expect(await sluice(memory, ["verify"])).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing differs") });
  memory.different.push({ documentId: "d1", store: "neo4j", kind: "mentions", missing: 2, extra: 0 });
  const found = await sluice(memory, ["verify"]);
  expect([found.code, found.stdout]).toEqual([1, expect.stringMatching(/d1 +neo4j +mentions +2 +0[^]*sluice verify --repair/)]);
  expect((await sluice(memory, ["verify", "--json"])).lines()).toMatchObject([{ documents: 2, differences: [{ documentId: "d1" }] }]);
  expect((await sluice(memory, ["verify", "--repair"])).code).toBe(0);
});

it("worker works without serving until it is told to end", async () => {
  const controller = new AbortController();
  const started = Promise.withResolvers<string>();
  const running = sluice(memory, ["worker", "--concurrency", "3", "--json"], { signal: controller.signal, onStdout: (text) => started.resolve(text) });
  expect(JSON.parse(await started.promise)).toEqual({ concurrency: 2 });
  controller.abort(interruption("SIGTERM"));
  expect((await running).code).toBe(0);
  expect(memory.opened[0]).toMatchObject({ workers: true, overlay: { jobs: { concurrency: 3 } } });
});

it.each([["SIGTERM", 0], ["SIGINT", 130]] as const)("serve answers until %s and ends with %i", async (name, expected) => {
  const controller = new AbortController();
  const listening = Promise.withResolvers<string>();
  const running = sluice(memory, ["serve", "--port", "0", "--json"], { signal: controller.signal, onStdout: (text) => listening.resolve(text) });
  const { url } = JSON.parse(await listening.promise) as { url: string };
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  controller.abort(interruption(name));
  const { code, lines } = await running;
  expect([code, lines()]).toEqual([expected, [{ url }]]);
  await expect(fetch(url)).rejects.toThrow();
  expect(memory.opened[0]).toMatchObject({ workers: true, overlay: { server: { port: 0 } } });
  expect(memory.closed()).toBe(1);
});
