import { once } from "node:events";
import { connect } from "node:net";
import { createParser } from "eventsource-parser";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { JobEvent } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Passage } from "../../src/data/query.ts";
import { SluiceError } from "../../src/errors.ts";
import { emptyAnswer, sampleJob, startServer } from "./memory-services.ts";

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer({ heartbeatMs: 20 });
  server.state.jobs.set("j1", { ...sampleJob, id: "j1", tenant: "default" });
});
afterEach(() => server.close());

async function events(response: Response) {
  const seen: { event: string | undefined; id: string | undefined; data: Record<string, unknown> }[] = [];
  let comments = 0;
  const parser = createParser({
    onEvent: ({ event, id, data }) => seen.push({ event, id, data: JSON.parse(data) }),
    onComment: () => comments++,
  });
  for await (const bytes of response.body!) parser.feed(new TextDecoder().decode(bytes as Uint8Array));
  return { seen, comments };
}
const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/query`, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) });
const event = (id: number, type: JobEvent["type"]): JobEvent => ({ id, jobId: "j1", type, data: { n: id }, at: "2026-01-01T00:00:00.000Z" });

it("a job's events resume after the last one seen", async () => {
  server.state.events.push(event(1, "progress"), event(2, "decision"), event(3, "done"));
  const all = await events(await fetch(`${server.url}/v1/jobs/j1/events`));
  expect(all.seen.map(({ event: type, id }) => [type, id])).toEqual([["progress", "1"], ["decision", "2"], ["done", "3"]]);
  expect(all.seen[0]!.data).toEqual({ n: 1, jobId: "j1", at: "2026-01-01T00:00:00.000Z" });
  const rest = await events(await fetch(`${server.url}/v1/jobs/j1/events`, { headers: { "Last-Event-ID": "2" } }));
  expect(rest.seen.map(({ id }) => id)).toEqual(["3"]);
  expect((await fetch(`${server.url}/v1/jobs/j1/events`, { headers: { "Last-Event-ID": "x" } })).status).toBe(400);
  expect((await fetch(`${server.url}/v1/jobs/j2/events`)).status).toBe(404);
});

it("a job whose class rises above the caller's ends its stream", async () => {
  await server.close();
  server = await startServer({ auth: "keys" });
  server.state.jobs.set("j1", { ...sampleJob, id: "j1", tenant: "default" });
  const { secret } = await server.services.keys.create(localPrincipal, { name: "r", roles: ["reader"], classes: ["public"] });
  server.state.follow = async function* () {
    yield event(1, "progress");
    server.state.jobs.set("j1", { ...sampleJob, id: "j1", class: "pii", tenant: "default" });
    yield event(2, "done");
  };
  const { seen } = await events(await fetch(`${server.url}/v1/jobs/j1/events`, { headers: { Authorization: `Bearer ${secret}` } }));
  expect(seen.map(({ id }) => id)).toEqual(["1"]);
});

it("a quiet stream carries heartbeats", async () => {
  server.state.follow = async function* () {
    await new Promise((resolve) => setTimeout(resolve, 120));
    yield event(1, "done");
  };
  const { comments, seen } = await events(await fetch(`${server.url}/v1/jobs/j1/events`));
  expect(comments).toBeGreaterThan(0);
  expect(seen).toHaveLength(1);
});

it("following ends when the client hangs up", async () => {
  const ended = new Promise<void>((resolve) => {
    server.state.follow = async function* (_after, signal) {
      yield event(1, "progress");
      await once(signal, "abort");
      resolve();
    };
  });
  const socket = connect(server.port, "127.0.0.1");
  socket.write("GET /v1/jobs/j1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(socket, "data");
  socket.destroy();
  await ended;
});

it("a streamed answer tells passages, decision, tokens and the whole, in this order", async () => {
  const passage = { rank: 1, score: 1, chunkId: "c", documentId: "d", document: "a.txt", page: 1, boxes: [], headings: [], text: "line\nbreak", class: "public", found: ["text"] } satisfies Passage;
  server.state.query = async ({ question, limit, collections }, { onEvent }) => {
    expect([question, limit, collections]).toEqual(["Who?", 8, ["default"]]);
    onEvent?.({ type: "passages", passages: [passage] });
    onEvent?.({ type: "decision", decision: { location: "local", backend: null, model: null, reason: "built_in", confidence: 1, rule: "r", considered: [] } });
    for (const text of ["Any", "body\n", "[1]"]) onEvent?.({ type: "token", text });
    return { ...emptyAnswer, answer: "Anybody\n[1]" };
  };
  const { seen } = await events(await ask({ question: "Who?" }, { Accept: "text/event-stream" }));
  expect(seen.map(({ event: type }) => type)).toEqual(["passages", "decision", "token", "token", "token", "done"]);
  expect((seen[0]!.data.passages as Passage[])[0]!.text).toBe("line\nbreak");
  expect(seen.filter(({ event: type }) => type === "token").map(({ data }) => data.text).join("")).toBe(seen.at(-1)!.data.answer);
});

it("an error in the middle of a stream is its last event", async () => {
  server.state.query = async (_request, { onEvent }) => {
    onEvent?.({ type: "token", text: "a" });
    throw new SluiceError("model_unavailable", "no model may answer; start Ollama");
  };
  const { seen } = await events(await ask({ question: "Who?" }, { Accept: "text/event-stream", "X-Request-Id": "r1" }));
  expect(seen.at(-1)).toMatchObject({ event: "error", data: { code: "model_unavailable", requestId: "r1" } });
  expect((await ask({ question: "Who?" })).status).toBe(503);
});

it.each(["application/json", "text/event-stream"])("a client that hangs up ends the work behind its %s answer", async (accept) => {
  const started = Promise.withResolvers<void>();
  const aborted = new Promise<void>((resolve) => {
    server.state.query = async (_request, { signal, onEvent }) => {
      onEvent?.({ type: "token", text: "a" });
      started.resolve();
      await once(signal, "abort");
      resolve();
      throw new DOMException("ended", "AbortError");
    };
  });
  const body = JSON.stringify({ question: "Who?" });
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`POST /v1/query HTTP/1.1\r\nHost: localhost\r\nAccept: ${accept}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await started.promise;
  socket.destroy();
  await aborted;
});

it.each([
  [{ question: "" }, 400, "question"],
  [{ question: "   " }, 400, "question"],
  [{}, 400, "question"],
  [{ question: "x".repeat(100_000) }, 400, "16000"],
  [{ question: "x", limit: 0 }, 400, "limit"],
  [{ question: "x", retrieval: "magic" }, 400, "retrieval"],
  [{ question: "x", limt: 3 }, 400, "limt"],
  ["{", 400, "JSON"],
  [`{"question":"${"x".repeat(2_000_000)}"}`, 413, "larger"],
])("refuses the question %.60j", async (body, status, words) => {
  const response = await ask(body);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(words);
});

it("refuses a question that is not JSON", async () => {
  expect((await ask("question=x", { "Content-Type": "application/x-www-form-urlencoded" })).status).toBe(415);
});

it("stopping the server lets a running answer end", async () => {
  const started = Promise.withResolvers<void>();
  server.state.query = async () => {
    started.resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return emptyAnswer;
  };
  const answer = ask({ question: "Who?" });
  await started.promise;
  const closed = server.close();
  expect((await answer).status).toBe(200);
  await closed;
});
