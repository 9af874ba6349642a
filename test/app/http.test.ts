import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Chunk } from "../../src/data/chunk.ts";
import { strictest } from "../../src/data/classification.ts";
import type { Document } from "../../src/data/document.ts";
import type { Entity, Mention, Relation } from "../../src/data/entity.ts";
import type { Job } from "../../src/data/job.ts";
import type { Answer } from "../../src/data/query.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { httpClient, serveTestApp, type HttpClient, type UploadLine } from "./http-client.ts";
import { answerChecker, mistakesOf, type OpenApi } from "./open-api.ts";
import { filesWith } from "./store-contents.ts";

interface List<T> {
  items: T[];
  next: string | null;
}

const samples = ["annual-report.pdf", "contract.pdf", "hr-letter.eml", "memo.docx", "product.html", "scanned-delivery-note.png"] as const;

describe("the HTTP API of the real application, driven by a client", () => {
  let server: Awaited<ReturnType<typeof serveTestApp>>;
  let client: HttpClient;
  let document: OpenApi;
  const lines = new Map<string, UploadLine>();
  const line = (name: (typeof samples)[number]) => lines.get(name)!;

  beforeAll(async () => {
    server = await serveTestApp();
    client = httpClient(server.url);
    document = (await client.get<OpenApi>("/openapi.json")).body;
    const uploaded = await client.upload(samples.map((name) => documentPath(name)));
    expect(uploaded.status).toBe(202);
    for (const each of uploaded.body.jobs) lines.set(each.name, each);
    for (const each of lines.values()) await client.ended(each.id);
  }, 180_000);
  afterAll(() => server.close());

  it("accepts several files in one request, with a job and a document each", () => {
    expect([...lines.keys()]).toEqual([...samples]);
    expect(new Set([...lines.values()].flatMap((each) => [each.id, each.documentId])).size).toBe(2 * samples.length);
  });

  it("answers as its OpenAPI document promises, on every route that reads", async () => {
    expect(mistakesOf(document)).toEqual([]);
    const check = answerChecker(document);
    const { id, documentId } = line("annual-report.pdf");
    const entity = (await client.get<List<Entity>>("/v1/entities?search=Corvane")).body.items[0]!;
    const paths = ["/health", "/health/ready", "/metrics", "/v1/documents", `/v1/documents/${documentId}`, `/v1/documents/${documentId}/chunks`, "/v1/jobs", `/v1/jobs/${id}`, "/v1/entities?search=a", `/v1/entities/${entity.id}`, `/v1/graph?entity=${entity.id}`, "/v1/graph", "/v1/collections", "/v1/formats", "/v1/keys", "/v1/documents/absent", "/v1/documents?limit=0"];
    for (const path of paths) expect(check("GET", path, await client.get(path))).toBeNull();
    expect(check("POST", "/v1/query", await client.post("/v1/query", { question: "Who chairs Corvane Tidal?" }))).toBeNull();
    expect(check("POST", "/v1/query", await client.post("/v1/query", { question: "" }))).toBeNull();
    const key = await client.post<{ id: string }>("/v1/keys", { name: "a key", roles: ["reader"], classes: ["public"] });
    expect(check("POST", "/v1/keys", key)).toBeNull();
    expect(check("DELETE", `/v1/keys/${key.body.id}`, await client.remove(`/v1/keys/${key.body.id}`))).toBeNull();
  });

  it("tells a job's events in their order and resumes after the last one seen", async () => {
    const { id } = line("memo.docx");
    const all: { id: number; event: string; data: { jobId: string; at: string } }[] = [];
    for await (const each of client.events(`/v1/jobs/${id}/events`)) all.push({ id: Number(each.id), event: each.event!, data: JSON.parse(each.data) });
    expect(all.map((each) => each.id)).toEqual(all.map((_, index) => index + 1));
    expect(all.at(-1)!.event).toBe("done");
    expect(all.map((each) => each.event)).toEqual(expect.arrayContaining(["progress", "warning"]));
    expect(all.every((each) => each.data.jobId === id && !Number.isNaN(Date.parse(each.data.at)))).toBe(true);
    const rest: number[] = [];
    for await (const each of client.events(`/v1/jobs/${id}/events`, { headers: { "last-event-id": "3" } })) rest.push(Number(each.id));
    expect(rest).toEqual(all.map((each) => each.id).slice(3));
  });

  it("follows a job while it runs", async () => {
    const { body } = await client.upload([{ name: "live.txt", text: "Lantern Works Ltd in Aberdeen makes lamps for lighthouses." }], { collection: "live" });
    const seen: string[] = [];
    for await (const each of client.events(`/v1/jobs/${body.jobs[0]!.id}/events`)) seen.push(each.event!);
    expect(seen.at(-1)).toBe("done");
    expect((await client.get<List<{ name: string; documents: number }>>("/v1/collections")).body.items).toContainEqual({ name: "live", documents: 1 });
  });

  it("lists documents in pages, by class, status and name", async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page: List<Document> = (await client.get<List<Document>>(`/v1/documents?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`)).body;
      expect(page.items.length).toBeLessThanOrEqual(2);
      names.push(...page.items.map((each) => each.name));
      cursor = page.next;
    } while (cursor);
    expect(names).toEqual(expect.arrayContaining([...samples]));
    expect(new Set(names).size).toBe(names.length);
    const of = async (filter: string) => (await client.get<List<Document>>(`/v1/documents?${filter}`)).body.items.map((each) => each.name);
    expect(await of("class=public")).toEqual(expect.arrayContaining(["annual-report.pdf", "product.html"]));
    expect(await of("class=confidential")).toContain("contract.pdf");
    expect(await of("name=memo.docx")).toEqual(["memo.docx"]);
    expect(await of("status=failed")).toEqual([]);
  });

  it("gives a document with its class and why, its chunks in order and its original", async () => {
    const { documentId } = line("contract.pdf");
    const { body } = await client.get<Document>(`/v1/documents/${documentId}`);
    expect(body).toMatchObject({ id: documentId, name: "contract.pdf", status: "ready", class: "confidential", mediaType: "application/pdf", version: 1 });
    expect(body.reasons.map((each) => each.class)).toContain("confidential");
    const chunks = (await client.get<List<Chunk>>(`/v1/documents/${documentId}/chunks?limit=200`)).body.items;
    expect(chunks.map((each) => each.ordinal)).toEqual(chunks.map((_, index) => index));
    expect(chunks).toHaveLength(body.counts.chunks);
    expect(chunks.every((each) => each.documentId === documentId && each.text.length > 0)).toBe(true);
    const original = await client.bytes(`/v1/documents/${documentId}/file`);
    expect(original.bytes.equals(await readFile(documentPath("contract.pdf")))).toBe(true);
    expect(createHash("sha256").update(original.bytes).digest("hex")).toBe(body.sha256);
    expect(original.headers.get("content-disposition")).toContain('attachment; filename="contract.pdf"');
    expect(original.headers.get("content-security-policy")).toContain("sandbox");
  });

  it("shows pages as pictures, and says where there are none", async () => {
    for (const [name, n] of [["annual-report.pdf", 2], ["scanned-delivery-note.png", 1]] as const) {
      const page = await client.bytes(`/v1/documents/${line(name).documentId}/pages/${n}`);
      expect([name, page.status, page.headers.get("content-type")]).toEqual([name, 200, "image/png"]);
      const { format, width } = await sharp(page.bytes).metadata();
      expect([format, width! > 300]).toEqual(["png", true]);
    }
    expect((await client.get(`/v1/documents/${line("annual-report.pdf").documentId}/pages/99`)).status).toBe(404);
    expect((await client.get(`/v1/documents/${line("memo.docx").documentId}/pages/1`)).status).toBe(415);
  });

  it("finds entities, their mentions and neighbours, and the graph around them", async () => {
    const found = (await client.get<List<Entity>>("/v1/entities?search=Corvane%20Tidal&type=ORGANIZATION")).body.items;
    expect(found[0]!.name).toContain("Corvane Tidal");
    const entity = (await client.get<Entity & { mentions: Mention[]; relations: Relation[]; neighbours: Entity[] }>(`/v1/entities/${found[0]!.id}`)).body;
    expect(entity.mentions.length).toBeGreaterThan(1);
    expect(entity.documentCount).toBeGreaterThan(1);
    const ids = new Set([entity.id, ...entity.neighbours.map((each) => each.id)]);
    expect(entity.relations.every((each) => ids.has(each.source) && ids.has(each.target) && each.evidence.length > 0)).toBe(true);
    const graph = (await client.get<{ nodes: Entity[]; edges: Relation[] }>(`/v1/graph?entity=${entity.id}&hops=2&limit=50`)).body;
    const nodes = new Set(graph.nodes.map((each) => each.id));
    expect(nodes.has(entity.id)).toBe(true);
    expect(graph.edges.length).toBeGreaterThan(0);
    expect(graph.edges.every((each) => nodes.has(each.source) && nodes.has(each.target))).toBe(true);
    expect((await client.get("/v1/graph?entity=nobody-of-that-name")).status).toBe(404);
    const farthest = graph.nodes.at(-1)!.id;
    const path = (await client.get<{ nodes: Entity[]; edges: Relation[] }>(`/v1/graph?entity=${entity.id}&to=${farthest}&limit=1`)).body;
    expect([path.nodes[0]!.id, path.nodes.at(-1)!.id, path.edges.length]).toEqual([entity.id, farthest, path.nodes.length - 1]);
  });

  it("answers a question with citations, as one value and as a stream", async () => {
    const question = "When does the Supply Agreement end?";
    const { body } = await client.post<Answer>("/v1/query", { question });
    expect(body.answer).toMatch(/31 December 2027.*\[1\]/);
    expect(body.citations[0]).toMatchObject({ n: 1, document: "contract.pdf", page: 2 });
    expect(body).toMatchObject({ class: strictest(...body.passages.map((each) => each.class)), decision: null });
    const events: { event: string; data: Record<string, unknown> }[] = [];
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ question }) };
    for await (const each of client.events("/v1/query", init)) events.push({ event: each.event!, data: JSON.parse(each.data) });
    const order = events.map((each) => each.event);
    expect([order[0], order.at(-1)]).toEqual(["passages", "done"]);
    expect(order).toContain("token");
    const text = events.filter((each) => each.event === "token").map((each) => each.data.text).join("");
    const { ms: _, ...streamed } = events.at(-1)!.data as unknown as Answer;
    const { ms: __, ...whole } = body;
    expect(text.trim()).toBe(streamed.answer);
    expect(streamed).toEqual(whole);
  });

  it("retrieves without an answer, within filters", async () => {
    const { body } = await client.post<Answer>("/v1/query", { question: "bearing failure", answer: false, limit: 3, filters: { documents: [line("memo.docx").documentId] } });
    expect(body).toMatchObject({ answer: null, citations: [] });
    expect(body.passages.length).toBeGreaterThan(0);
    expect(body.passages.every((each) => each.document === "memo.docx")).toBe(true);
    expect((await client.post<Answer>("/v1/query", { question: "bearing failure", collections: ["empty"] })).body.passages).toEqual([]);
  });

  it("takes the same bytes again as the same document, and the same request once", async () => {
    const again = (await client.upload([documentPath("product.html")])).body.jobs[0]!;
    expect(again).toMatchObject({ duplicate: true, id: line("product.html").id, documentId: line("product.html").documentId });
    const upload = (text: string) => client.upload([{ name: "once.txt", text }], { key: "once", collection: "once" }, { "idempotency-key": "request-1" });
    const first = await upload("Kittiwake Yard builds ferries.");
    const second = await upload("Kittiwake Yard builds ferries.");
    expect(second.body.jobs[0]!.id).toBe(first.body.jobs[0]!.id);
    expect((await upload("Something else.")).status).toBe(409);
    await client.ended(first.body.jobs[0]!.id);
  });

  it("makes a new version of a document with the same key, and works it again when asked", async () => {
    const upload = async (text: string) => (await client.upload([{ name: "news.md", text }], { key: "news", collection: "versions" })).body.jobs[0]!;
    const first = await upload("# News\n\nThe ferry Merle was launched in Leith.");
    await client.ended(first.id);
    const second = await upload("# News\n\nThe ferry Orla was launched in Leith.");
    expect([second.documentId, second.duplicate]).toEqual([first.documentId, false]);
    expect(await client.ended(second.id)).toMatchObject({ status: "done" });
    const { body } = await client.get<Document>(`/v1/documents/${first.documentId}`);
    expect(body).toMatchObject({ version: 2, status: "ready" });
    const passages = (await client.post<Answer>("/v1/query", { question: "ferry launched in Leith", collections: ["versions"], answer: false })).body.passages;
    expect(passages.map((each) => each.text).join()).toContain("Orla");
    expect(passages.map((each) => each.text).join()).not.toContain("Merle");
    const reprocess = await client.post<Job>(`/v1/documents/${first.documentId}/reprocess`);
    expect([reprocess.status, reprocess.body.kind]).toEqual([202, "reprocess"]);
    expect(await client.ended(reprocess.body.id)).toMatchObject({ status: "done", kind: "reprocess" });
  });

  it("refuses a format it cannot read with the list of those it can, and keeps the rest of the request", async () => {
    const refused = await client.upload([{ name: "film.mp4", text: new Uint8Array([0, 0, 0, 24, 102, 116, 121, 112, 109, 112, 52, 50, 0, 0, 0, 0]) }]);
    expect(refused.status).toBe(415);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const { items } = (await client.get<List<{ id: string; extensions: string[] }>>("/v1/formats")).body;
    for (const { id } of items) expect(JSON.stringify(refused.body)).toMatch(new RegExp(`\\b${id}\\b`));
    const mixed = await client.upload([{ name: "film.mp4", text: new Uint8Array([0, 0, 0, 24, 102, 116, 121, 112, 109, 112, 52, 50, 0, 0, 0, 0]) }, { name: "note.txt", text: "A note." }, { name: "empty.txt", text: "" }], { collection: "mixed" });
    expect(mixed.status).toBe(202);
    expect(mixed.body.jobs.map((each) => each.error?.code ?? each.status)).toEqual(["unsupported_type", "queued", "invalid_input"]);
    await client.ended(mixed.body.jobs[1]!.id);
  });

  it("names every mistake as a problem under the caller's request id", async () => {
    const reply = await client.call("GET", "/v1/jobs/absent", undefined, { "x-request-id": "mine-1" });
    expect(reply).toMatchObject({ status: 404, body: { code: "not_found", requestId: "mine-1", status: 404, type: "urn:sluice:problem:not_found" } });
    expect((await client.post("/v1/query", { question: "x".repeat(100_000) })).body).toMatchObject({ status: 400, code: "invalid_input", errors: [{ path: "question" }] });
    for (const path of ["/v1/documents/absent/reprocess", "/v1/jobs/absent/cancel", "/v1/jobs/absent/retry"]) expect((await client.post(path)).status, path).toBe(404);
    expect((await client.post(`/v1/jobs/${line("memo.docx").id}/cancel`)).status).toBe(409);
    expect((await client.post(`/v1/jobs/${line("memo.docx").id}/retry`)).status).toBe(409);
  });

  it("erases a document until nothing is left of it", async () => {
    const word = "Quillfeather";
    const { id, documentId } = (await client.upload([{ name: `${word}.md`, text: `# ${word} report\n\nMs Ada ${word} leads ${word} Holdings Ltd in Bergen.\n` }])).body.jobs[0]!;
    await client.ended(id);
    const entity = (await client.get<List<Entity>>(`/v1/entities?search=${word}`)).body.items[0]!;
    const erase = await client.remove<Job>(`/v1/documents/${documentId}`);
    expect([erase.status, erase.body.kind]).toEqual([202, "erase"]);
    expect(await client.ended(erase.body.id)).toMatchObject({ status: "done", name: "" });
    for (const path of [`/v1/documents/${documentId}`, `/v1/documents/${documentId}/chunks`, `/v1/documents/${documentId}/file`, `/v1/documents/${documentId}/pages/1`, `/v1/jobs/${id}`, `/v1/jobs/${id}/events`, `/v1/entities/${entity.id}`]) {
      expect((await client.get(path)).status, path).toBe(404);
    }
    expect((await client.remove(`/v1/documents/${documentId}`)).status).toBe(404);
    expect((await client.get<List<Entity>>(`/v1/entities?search=${word}`)).body.items).toEqual([]);
    const asked = (await client.post<Answer>("/v1/query", { question: `Who leads ${word} Holdings?` })).body;
    expect(JSON.stringify([asked.passages, asked.citations])).not.toContain(word);
    expect(await filesWith(server.app.folder, [word])).toEqual([]);
  });

  it("erases a collection with all its documents", async () => {
    const uploaded = await client.upload([{ name: "a.txt", text: "Alpha note." }, { name: "b.txt", text: "Beta note." }], { collection: "gone" });
    for (const each of uploaded.body.jobs) await client.ended(each.id);
    const erased = await client.remove<{ jobs: Job[] }>("/v1/collections/gone");
    expect([erased.status, erased.body.jobs.length]).toEqual([202, 2]);
    for (const each of erased.body.jobs) await client.ended(each.id);
    expect((await client.get<List<Document>>("/v1/documents?collection=gone")).body.items).toEqual([]);
    expect((await client.get<List<{ name: string }>>("/v1/collections")).body.items.map((each) => each.name)).not.toContain("gone");
    expect((await client.remove("/v1/collections/gone")).status).toBe(404);
  });
});
