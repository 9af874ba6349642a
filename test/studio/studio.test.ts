import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../src/data/query.ts";
import type { Job } from "../../src/data/job.ts";
import { packageRoot } from "../../src/workers/package-root.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { startModelServer, type ModelServer } from "../servers/model-server/model-server.ts";
import { answers, freePort, killGroup, launcher, openRecorder, type Program, silent, start, traceTo } from "./dev-server.ts";

const folder = await mkdtemp(join(tmpdir(), "sluice-studio-"));
const recorder = await openRecorder();
const hosted = "https://studio.example";
const untouched = [".gitignore", ".langgraph_api"].map((name) => ({ name, before: contents(name) }));

function contents(name: string): string | null {
  const path = join(packageRoot, name);
  return existsSync(path) ? (name.startsWith(".git") ? readFileSync(path, "utf8") : "there") : null;
}

const programs: Program[] = [];
let models: ModelServer;
let port = 0;
let url = "";
let studio: Program;
let client: Client;

beforeAll(async () => {
  models = await startModelServer({ role: "local", latencyMs: 1 });
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  await writeFile(join(folder, "studio.yaml"), `studio: { port: ${port}, origins: ["${hosted}/"] }\nmodels: { backends: [{ id: ollama, url: "${models.url}" }] }\n`);
  studio = start([launcher, "studio", "--config", "studio.yaml", "--data", "data"], { cwd: folder, env: traceTo(recorder.url) });
  programs.push(studio);
  await answers(`${url}/health`, studio);
  client = new Client({ apiUrl: url, apiKey: null });
}, 120_000);

afterAll(async () => {
  for (const program of programs) killGroup(program);
  await models.close();
  await recorder.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function upload(path: string, name: string): Promise<{ id: string; documentId: string }> {
  const form = new FormData();
  form.append("file", new File([await readFile(path)], name));
  const response = await fetch(`${url}/v1/documents`, { method: "POST", body: form });
  expect(response.status).toBe(202);
  return ((await response.json()) as { jobs: { id: string; documentId: string }[] }).jobs[0]!;
}

/** The job once its event stream has ended. */
async function ended(id: string): Promise<Job> {
  await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  return (await fetch(`${url}/v1/jobs/${id}`)).json() as Promise<Job>;
}

const send = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

describe("LangGraph's dev server on our graphs, started by `sluice studio`", () => {
  it("tells where it is, what a page could read and where it keeps its files", () => {
    expect(studio.output()).toContain(url);
    expect(studio.output()).toContain(`Pages of ${hosted}`);
    expect(studio.output()).toContain(join(folder, "data/studio"));
  });

  it("lists the two graphs, with the schemas of their states", async () => {
    const assistants = await client.assistants.search();
    expect(assistants.map((each) => each.graph_id).toSorted()).toEqual(["ingest", "query"]);
    const query = assistants.find((each) => each.graph_id === "query")!;
    expect((await client.assistants.getSchemas(query.assistant_id)).input_schema?.properties).toHaveProperty("question");
  });

  it("shows an upload as a run on the thread of its job, with all its states and nothing of its text", async () => {
    const { id } = await upload(documentPath("memo.docx"), "memo of Lynn Chester.docx");
    expect(await ended(id)).toMatchObject({ status: "done", class: "pii", error: null });
    expect(await client.runs.list(id)).toMatchObject([{ status: "success" }]);
    const history = await client.threads.getHistory(id, { limit: 100 });
    const nodes = history.flatMap((state) => state.next);
    for (const node of ["parse", "classify", "chunk", "embed", "extract", "vision", "store"]) expect(nodes).toContain(node);
    const everything = JSON.stringify([history, await client.threads.get(id), await client.runs.list(id)]);
    expect(everything).toContain('"kind":"person"');
    for (const hidden of ["Chester", "Voss", "HB-220", "Esbrand", "memo of", ".docx\"", "Cuxhaven"]) expect(everything).not.toContain(hidden);
  });

  it("answers a question in a run of its own, cited, and streams its states but no model's messages", async () => {
    const thread = await client.threads.create();
    const seen: { event: string; data: unknown }[] = [];
    const stream = client.runs.stream(thread.thread_id, "query", { input: { question: "Who makes the bearing HB-220?" }, streamMode: ["updates", "messages-tuple", "messages", "events"] });
    for await (const part of stream) seen.push(part);
    const updates = seen.filter((each) => each.event === "updates").map((each) => Object.keys(each.data as object)[0]);
    expect(updates).toEqual(["understand", "retrieve", "writeAnswer"]);
    expect(models.requests.some((each) => each.path === "/api/chat" && each.body.includes("HB-220"))).toBe(true);
    expect(seen.filter((each) => each.event.startsWith("messages") || JSON.stringify(each.data).includes('"on_chat_model')).map((each) => each.event)).toEqual([]);
    const state = await client.threads.getState<{ answer: Answer }>(thread.thread_id);
    expect(state.values.answer.answer).toMatch(/Esbrand.*\[1\]/);
    expect(state.values.answer.citations[0]).toMatchObject({ n: 1, document: "memo of Lynn Chester.docx", page: 1 });
    expect((await client.threads.getHistory(thread.thread_id)).length).toBe(5);
    await client.threads.delete(thread.thread_id);
    await expect(client.threads.get(thread.thread_id)).rejects.toMatchObject({ status: 404 });
  });

  it("answers on our own routes as well, after its runs", async () => {
    const answer = (await (await send("/v1/query", { question: "Who makes the bearing HB-220?" })).json()) as Answer;
    expect(answer.answer).toContain("Esbrand");
  });

  it("keeps the reason of a failed run on its job", async () => {
    const broken = join(folder, "broken.pdf");
    await writeFile(broken, (await readFile(documentPath("contract.pdf"))).subarray(0, 400));
    const { id } = await upload(broken, "broken.pdf");
    expect(await ended(id)).toMatchObject({ status: "failed", error: { code: "unreadable" } });
    expect(await client.runs.list(id)).toMatchObject([{ status: "error" }]);
  });

  it("erases a document with its thread", async () => {
    const { id, documentId } = await upload(documentPath("brief.txt"), "brief.txt");
    await ended(id);
    const erase = (await (await fetch(`${url}/v1/documents/${documentId}`, { method: "DELETE" })).json()) as Job;
    expect(await ended(erase.id)).toMatchObject({ status: "done" });
    await expect(client.threads.get(id)).rejects.toMatchObject({ status: 404 });
  });

  it("lets no page read it but those of studio.origins", async () => {
    for (const path of ["/threads/search", "/assistants/search", "/v1/query"]) {
      expect((await send(path, {}, { origin: "https://elsewhere.example" })).status, path).toBe(403);
    }
    expect((await fetch(`${url}/v1/documents`, { headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
    const asked = await fetch(`${url}/threads/search`, { method: "OPTIONS", headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST" } });
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
    const allowed = await send("/threads/search", {}, { origin: hosted });
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([200, hosted]);
    expect((await fetch(`${url}/v1/documents`, { headers: { origin: hosted } })).status).toBe(200);
  });

  it("takes no ingest run by hand, and no run that would be sent elsewhere", async () => {
    const { thread_id } = await client.threads.create();
    const runs = `/threads/${thread_id}/runs/wait`;
    const query = { assistant_id: "query", input: { question: "Who?" } };
    expect((await send(runs, { ...query, webhook: recorder.url })).status).toBe(403);
    expect((await send(runs, { ...query, feedback_keys: ["like"] })).status).toBe(403);
    expect((await send(runs, { ...query, langsmith_tracer: { project_name: "elsewhere" } })).status).toBe(403);
    const assistant = await client.assistants.create({ graphId: "query", config: { configurable: { langsmith_project: "elsewhere" } } });
    for (const body of [{ ...query, assistant_id: assistant.assistant_id }, { assistant_id: "ingest", input: { jobId: "any" } }]) {
      expect(JSON.stringify(await (await send(runs, body)).json())).toMatch(/__error__.*(LangSmith|upload)/);
    }
  });

  it("starts only on a free port", async () => {
    const second = start([launcher, "studio", "--port", String(port), "--data", "other"], { cwd: folder });
    programs.push(second);
    expect(await second.ended).toBe(2);
    expect(second.output()).toContain(`port ${port} is in use`);
  });

  it("ends with all its children when it is told to, and has written beside its data only", async () => {
    studio.child.kill("SIGTERM");
    expect(await studio.ended).toBe(0);
    await silent(url);
    expect(await readdir(join(folder, "data/studio"))).toEqual([".gitignore", ".langgraph_api", "langgraph.json"]);
    for (const { name, before } of untouched) expect(contents(name), name).toBe(before);
  });

  it("has sent nothing to a tracing service, though the environment asked for it", () => {
    expect(recorder.bytes()).toBe(0);
  });
});

it("asks for a key where the server does, and ends its dev server also when it is killed itself", async () => {
  const free = await freePort();
  await writeFile(join(folder, "keys.yaml"), "server: { auth: keys }\n");
  const settings = ["--config", "keys.yaml", "--data", "killed"];
  const make = async (...classes: string[]) => {
    const made = start([launcher, "keys", "create", "studio", "--role", "reader", "--class", ...classes, ...settings, "--json"], { cwd: folder });
    programs.push(made);
    expect(await made.ended, made.output()).toBe(0);
    return /sk_[\w-]{43}/.exec(made.output())![0];
  };
  const [all, some] = [await make("public", "internal", "confidential", "pii"), await make("public")];
  const killed = start([launcher, "studio", "--port", String(free), ...settings], { cwd: folder });
  programs.push(killed);
  const address = `http://127.0.0.1:${free}`;
  await answers(`${address}/health`, killed);
  const search = async (key: string | null) => (await fetch(`${address}/threads/search`, { method: "POST", headers: { "content-type": "application/json", ...(key && { "x-api-key": key }) }, body: "{}" })).status;
  expect([await search(null), await search("sk_wrong"), await search(some), await search(all)]).toEqual([401, 401, 403, 200]);
  expect((await fetch(`${address}/v1/documents`)).status).toBe(401);
  killed.child.kill("SIGKILL");
  await silent(`${address}/health`);
}, 120_000);

it("runs on the langgraph.json of the checkout, which says the same as `sluice studio` writes", async () => {
  // Where the file lies, the server writes: so it lies elsewhere here, with the sources beside it.
  const checkout = await mkdtemp(join(folder, "checkout-"));
  for (const name of ["src", "node_modules"]) await symlink(join(packageRoot, name), join(checkout, name));
  await copyFile(join(packageRoot, "langgraph.json"), join(checkout, "langgraph.json"));
  const free = await freePort();
  const server = start([join(packageRoot, "node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs"), "dev", "--no-browser", "--no-reload", "--host", "127.0.0.1", "--port", String(free)], {
    cwd: checkout,
    env: { LANGGRAPH_CLI_NO_ANALYTICS: "1", SLUICE_DATA: join(checkout, "data") },
  });
  programs.push(server);
  const address = `http://127.0.0.1:${free}`;
  await answers(`${address}/health`, server);
  const assistants = await new Client({ apiUrl: address, apiKey: null }).assistants.search();
  expect(assistants.map((each) => each.graph_id).toSorted()).toEqual(["ingest", "query"]);
  expect((await fetch(`${address}/threads/search`, { method: "POST", headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
  process.kill(-server.child.pid!, "SIGTERM");
  await server.ended;
  await silent(`${address}/health`);
  const shape = (file: string) => JSON.stringify(JSON.parse(readFileSync(file, "utf8")), (key, value: unknown) => (key === "env" ? undefined : typeof value === "string" ? value.replace(/^.*studio\.ts:/, "") : Array.isArray(value) ? [] : value));
  expect(shape(join(packageRoot, "langgraph.json"))).toBe(shape(join(folder, "data/studio/langgraph.json")));
}, 120_000);

it("ingests and answers from the command line without a byte to a tracing service", async () => {
  const env = traceTo(recorder.url);
  const config = join(folder, "product.yaml");
  await writeFile(config, `models: { backends: [{ id: ollama, url: "${models.url}" }] }\n`);
  for (const argv of [["ingest", documentPath("memo.docx")], ["ask", "Who makes the bearing HB-220?"]]) {
    const program = start([launcher, ...argv, "--config", config, "--data", "product"], { cwd: folder, env });
    programs.push(program);
    expect(await program.ended, program.output()).toBe(0);
    if (argv[0] === "ask") expect(program.output()).toContain("Esbrand");
  }
  expect(recorder.bytes()).toBe(0);
  // What a plain LangChain program does in the same environment.
  const plain = `import { RunnableLambda } from "@langchain/core/runnables"; await RunnableLambda.from((x) => x).invoke("question"); await new Promise((resolve) => setTimeout(resolve, 1500));`;
  const twin = start(["--input-type=module", "--eval", plain], { cwd: packageRoot, env });
  programs.push(twin);
  expect(await twin.ended, twin.output()).toBe(0);
  expect(recorder.bytes()).toBeGreaterThan(0);
}, 120_000);
