import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Document } from "../../src/data/document.ts";
import type { Job } from "../../src/data/job.ts";
import { startModelServer, type ModelServer } from "../servers/model-server/model-server.ts";
import { httpClient, serveTestApp, type HttpClient } from "./http-client.ts";
import { modelServers } from "./open-test-app.ts";

const text = "# Harbour\n\nLantern Works Ltd in Aberdeen makes lamps. Ada Quill leads Lantern Works Ltd.\n";

describe("jobs over HTTP, with a model server behind them", () => {
  let models: ModelServer;
  let server: Awaited<ReturnType<typeof serveTestApp>>;
  let client: HttpClient;

  beforeAll(async () => {
    models = await startModelServer({ role: "local", latencyMs: 1 });
    server = await serveTestApp([modelServers(models.url), { jobs: { concurrency: 1, maxQueued: 2 } }]);
    client = httpClient(server.url);
  });
  afterAll(async () => {
    await server.close();
    await models.close();
  });

  const upload = async (name: string) => (await client.upload([{ name, text: `${text}\n${name}` }])).body.jobs[0]!;
  /** Chats hang until the faults are taken back: whatever works on a job waits in them. */
  const holdUp = () => models.setFaults([{ kind: "hang", path: "/api/chat" }]);
  /** A chat with this text is on its way. */
  async function asked(words: string): Promise<void> {
    while (!models.requests.some((each) => each.path === "/api/chat" && each.body.includes(words))) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  async function until(jobId: string, status: Job["status"]): Promise<Job> {
    for (;;) {
      const { body } = await client.get<Job>(`/v1/jobs/${jobId}`);
      if (body.status === status) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it("tell their decisions, and what each call cost, while a client listens", async () => {
    const { id } = await upload("told.md");
    const seen: { event: string; data: Record<string, unknown> }[] = [];
    for await (const each of client.events(`/v1/jobs/${id}/events`)) seen.push({ event: each.event!, data: JSON.parse(each.data) });
    const job = (await client.get<Job>(`/v1/jobs/${id}`)).body;
    expect(job).toMatchObject({ status: "done", progress: 1, error: null });
    expect(job.cost.promptTokens).toBeGreaterThan(0);
    expect(job.decisions.length).toBeGreaterThan(0);
    expect(seen.filter((each) => each.event === "decision")).toHaveLength(job.decisions.length);
    expect(seen.find((each) => each.event === "decision")!.data).toMatchObject({ location: "local", backend: "ollama", model: expect.any(String), reason: expect.any(String), calls: expect.any(Number) });
  });

  it("are cancelled while they run and while they are queued, and go on when retried", async () => {
    holdUp();
    const running = await upload("running.md");
    const queued = await upload("queued.md");
    await asked("running.md");
    expect((await client.get<Job>(`/v1/jobs/${queued.id}`)).body.status).toBe("queued");
    const following = (async () => {
      const events: string[] = [];
      for await (const each of client.events(`/v1/jobs/${running.id}/events`)) events.push(each.event!);
      return events;
    })();
    for (const each of [queued, running]) expect((await client.post(`/v1/jobs/${each.id}/cancel`)).status).toBe(202);
    const events = await following;
    expect(events.at(-1)).toBe("cancelled");
    for (const each of [running, queued]) {
      await until(each.id, "cancelled");
      expect((await client.post(`/v1/jobs/${each.id}/cancel`)).status).toBe(409);
    }
    models.setFaults([]);
    for (const each of [running, queued]) {
      expect((await client.post<Job>(`/v1/jobs/${each.id}/retry`)).status).toBe(202);
      expect(await until(each.id, "done")).toMatchObject({ error: null });
      expect((await client.get<Document>(`/v1/documents/${each.documentId}`)).body.status).toBe("ready");
    }
  });

  it("that fail say why, and can be retried", async () => {
    const broken = (await client.upload([{ name: "cut.pdf", text: "%PDF-1.7\nnothing" }])).body.jobs[0]!;
    expect(await until(broken.id, "failed")).toMatchObject({ error: { code: "unreadable" } });
    expect((await client.post<Job>(`/v1/jobs/${broken.id}/retry`)).status).toBe(202);
    expect(await until(broken.id, "failed")).toMatchObject({ error: { code: "unreadable" } });
    expect((await client.get<{ items: Job[] }>("/v1/jobs?status=failed")).body.items.map((each) => each.id)).toEqual([broken.id]);
  });

  it("are turned away when too many wait, with the time to come again, and nothing stays of them", async () => {
    holdUp();
    const accepted = [await upload("first.md"), await upload("second.md"), await upload("third.md")];
    const refused = await client.upload([{ name: "fourth.md", text }], { key: "fourth" });
    expect(refused).toMatchObject({ status: 429, body: { code: "overloaded" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const names = (await client.get<{ items: Document[] }>("/v1/documents?limit=200")).body.items.map((each) => each.name);
    expect(names).not.toContain("fourth.md");
    for (const each of accepted) await client.post(`/v1/jobs/${each.id}/cancel`);
    for (const each of accepted) await until(each.id, "cancelled");
    models.setFaults([]);
    const again = await client.upload([{ name: "fourth.md", text }], { key: "fourth" });
    expect(again.status).toBe(202);
    await until(again.body.jobs[0]!.id, "done");
  });

  it("that run end when their document is erased", async () => {
    holdUp();
    const held = await upload("held.md");
    await asked("held.md");
    const erase = (await client.remove<Job>(`/v1/documents/${held.documentId}`)).body;
    await until(erase.id, "done");
    models.setFaults([]);
    expect((await client.get(`/v1/jobs/${held.id}`)).status).toBe(404);
    expect((await client.get(`/v1/documents/${held.documentId}`)).status).toBe(404);
  });
});
