import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Document } from "../../src/data/document.ts";
import type { Entity } from "../../src/data/entity.ts";
import type { Job } from "../../src/data/job.ts";
import type { Answer } from "../../src/data/query.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { httpClient, serveTestApp, type HttpClient, type UploadLine } from "./http-client.ts";
import { noModelServer } from "./open-test-app.ts";

interface List<T> {
  items: T[];
  next: string | null;
}

describe("the HTTP API with keys", () => {
  let server: Awaited<ReturnType<typeof serveTestApp>>;
  let operator: HttpClient;
  let writer: HttpClient;
  let reader: HttpClient;
  let letter: UploadLine;
  let page: UploadLine;

  beforeAll(async () => {
    server = await serveTestApp([noModelServer, { server: { auth: "keys" } }]);
    // The first key comes from the command line, as the machine's own user.
    const first = await server.app.keys.create(localPrincipal, { name: "first", roles: ["operator", "writer", "reviewer", "reader"], classes: ["public", "internal", "confidential", "pii"] });
    operator = httpClient(server.url, first.secret);
    const make = async (roles: string[], classes: string[]) => {
      const made = await operator.post<{ secret: string }>("/v1/keys", { name: roles.join(), roles, classes });
      expect(made.status).toBe(201);
      return httpClient(server.url, made.body.secret);
    };
    writer = await make(["writer"], ["public", "internal", "confidential", "pii"]);
    reader = await make(["reader"], ["public"]);
    const uploaded = (await writer.upload([documentPath("hr-letter.eml"), documentPath("product.html")])).body.jobs;
    [letter, page] = [uploaded[0]!, uploaded[1]!];
    for (const each of uploaded) await writer.ended(each.id);
  }, 120_000);
  afterAll(() => server.close());

  it("asks for a key on every route with data", async () => {
    const nobody = httpClient(server.url);
    for (const path of ["/v1/documents", "/v1/jobs", "/v1/entities", "/v1/graph", "/v1/collections", "/v1/keys", "/v1/formats", "/metrics", `/v1/documents/${page.documentId}/file`]) {
      const reply = await nobody.get(path);
      expect([path, reply.status, reply.body.code]).toEqual([path, 401, "unauthorized"]);
    }
    expect((await httpClient(server.url, "sk_wrong").get("/v1/documents")).status).toBe(401);
    for (const path of ["/health", "/health/ready", "/openapi.json", "/docs"]) expect((await nobody.get(path)).status, path).toBe(200);
  });

  it("makes a document above the reader's classes absent on every route", async () => {
    const [absentDocument, absentJob] = ["00000000-0000-8000-8000-000000000000", "00000000-0000-7000-8000-000000000000"];
    const plain = ({ status, body }: { status: number; body: object }) => ({ status, body: { ...body, requestId: null } });
    for (const path of ["", "/chunks", "/file", "/pages/1"]) {
      expect((await writer.get(`/v1/documents/${letter.documentId}${path}`)).status, path).toBe(path === "/pages/1" ? 415 : 200);
      expect(plain(await reader.get(`/v1/documents/${letter.documentId}${path}`)), path).toEqual(plain(await reader.get(`/v1/documents/${absentDocument}${path}`)));
    }
    for (const path of ["", "/events"]) {
      expect(plain(await reader.get(`/v1/jobs/${letter.id}${path}`)), path).toEqual(plain(await reader.get(`/v1/jobs/${absentJob}${path}`)));
    }
    const documents = (await reader.get<List<Document>>("/v1/documents")).body.items;
    expect(documents.map((each) => each.name)).toEqual(["product.html"]);
    expect((await reader.get<List<Job>>("/v1/jobs")).body.items.map((each) => each.id)).toEqual([page.id]);
    expect((await reader.get<List<{ documents: number }>>("/v1/collections")).body.items).toEqual([{ name: "default", documents: 1 }]);
  });

  it("lets a reviewer alone release a document, and only one that exists for the key", async () => {
    const path = `/v1/documents/${letter.documentId}/releases`;
    const body = { signal: "iban", reason: "the account of the tax office" };
    expect((await writer.post(path, body)).status).toBe(403);
    const secretOf = async (classes: string[]) => (await operator.post<{ secret: string }>("/v1/keys", { name: "review", roles: ["reviewer"], classes })).body.secret;
    const outsider = httpClient(server.url, await secretOf(["public"]));
    expect((await outsider.post(path, body)).status).toBe(404);
    expect((await outsider.get(`/v1/documents/${letter.documentId}/findings`)).status).toBe(404);
    const reviewer = httpClient(server.url, await secretOf(["public", "internal", "confidential", "pii"]));
    expect((await reviewer.post(path, { signal: "iban" })).status).toBe(400);
    expect((await reviewer.post(path, { class: "public", signal: "iban", reason: "x" })).status).toBe(400);
    const findings = (await reviewer.get<List<{ kind: string; text: string }>>(`/v1/documents/${letter.documentId}/findings?limit=200`)).body.items;
    expect(findings.filter((each) => each.kind === "iban").map((each) => each.text.replace(/\s/g, ""))).toContain("DE89370400440532013000");
    const made = await reviewer.post<{ release: { id: string }; job: Job }>(path, body);
    expect([made.status, made.body.job.documentId]).toEqual([202, letter.documentId]);
    await reviewer.ended(made.body.job.id);
    const document = (await reviewer.get<Document>(`/v1/documents/${letter.documentId}`)).body;
    expect(document.releases).toEqual([made.body.release]);
    expect(document.reasons.map((each) => each.kind)).not.toContain("iban");
    const ended = await reviewer.remove<{ job: Job; calls: unknown[] }>(`${path}/${made.body.release.id}`);
    expect([ended.status, ended.body.calls]).toEqual([202, []]);
    await reviewer.ended(ended.body.job.id);
    expect((await reviewer.get<Document>(`/v1/documents/${letter.documentId}`)).body.reasons.map((each) => each.kind)).toContain("iban");
  });

  it("keeps what only hidden documents say out of entities, graph and answers", async () => {
    const all = (await writer.get<List<Entity>>("/v1/entities?limit=200")).body.items;
    const visible = (await reader.get<List<Entity>>("/v1/entities?limit=200")).body.items;
    const hidden = all.filter((each) => !visible.some((other) => other.id === each.id));
    expect(hidden.some((each) => each.type === "PERSON")).toBe(true);
    for (const entity of hidden.slice(0, 10)) {
      expect((await reader.get(`/v1/entities/${entity.id}`)).status).toBe(404);
      expect((await reader.get(`/v1/graph?entity=${entity.id}`)).status).toBe(404);
    }
    const question = "Who is the letter about the salary addressed to?";
    const seen = (await writer.post<Answer>("/v1/query", { question })).body;
    expect(seen.passages.some((each) => each.documentId === letter.documentId)).toBe(true);
    const shown = (await reader.post<Answer>("/v1/query", { question })).body;
    expect(shown.passages.every((each) => each.documentId === page.documentId)).toBe(true);
    expect(shown.class).toBe("public");
  });

  it("holds each role to its routes", async () => {
    expect((await reader.upload([{ name: "a.txt", text: "text" }])).status).toBe(403);
    expect((await reader.remove(`/v1/documents/${page.documentId}`)).status).toBe(403);
    expect((await reader.post(`/v1/documents/${page.documentId}/reprocess`)).status).toBe(403);
    for (const client of [reader, writer]) {
      expect((await client.get("/v1/keys")).status).toBe(403);
      expect((await client.get("/metrics")).status).toBe(403);
      expect((await client.remove("/v1/collections/default")).status).toBe(403);
    }
    const metrics = await operator.get<string>("/metrics");
    expect([metrics.status, metrics.body.includes("sluice_http_requests_total")]).toEqual([200, true]);
    expect(metrics.body).not.toContain("hr-letter");
  });

  it("lets a key make only what it has itself, and ends a key at once", async () => {
    const limited = (await operator.post<{ secret: string }>("/v1/keys", { name: "limited", roles: ["operator"], classes: ["public"] })).body;
    const client = httpClient(server.url, limited.secret);
    expect((await client.post("/v1/keys", { name: "more", roles: ["writer"], classes: ["public"] })).status).toBe(403);
    expect((await client.post("/v1/keys", { name: "more", roles: ["operator"], classes: ["pii"] })).status).toBe(403);
    const made = (await client.post<{ id: string; secret: string }>("/v1/keys", { name: "same", roles: ["operator"], classes: ["public"] })).body;
    const listed = await client.get<List<{ id: string; secret?: string }>>("/v1/keys");
    expect(listed.body.items.map((each) => each.id)).toContain(made.id);
    expect(JSON.stringify(listed.body)).not.toContain(made.secret);
    expect((await operator.remove(`/v1/keys/${made.id}`)).status).toBe(204);
    expect((await httpClient(server.url, made.secret).get("/v1/keys")).status).toBe(401);
  });

  it("keeps a declared class as a floor, and takes none that the key may not see", async () => {
    const declared = (await writer.upload([{ name: "plain.txt", text: "The sea is wide." }], { class: "confidential" })).body.jobs[0]!;
    expect(await writer.ended(declared.id)).toMatchObject({ status: "done", class: "confidential" });
    expect((await reader.get(`/v1/documents/${declared.documentId}`)).status).toBe(404);
    const limited = (await operator.post<{ secret: string }>("/v1/keys", { name: "low", roles: ["writer"], classes: ["public"] })).body;
    expect((await httpClient(server.url, limited.secret).upload([{ name: "up.txt", text: "text" }], { class: "pii" })).status).toBe(400);
  });

  it("shows an uploader its job once the class is known and among its own", async () => {
    const low = httpClient(server.url, (await operator.post<{ secret: string }>("/v1/keys", { name: "low", roles: ["writer"], classes: ["public"] })).body.secret);
    const [open, closed] = (await low.upload([{ name: "open.txt", text: "The tide is high." }, { name: "closed.txt", text: "Ms Margarethe Voss, margarethe.voss@example.org, +44 20 7946 0958" }])).body.jobs;
    await writer.ended(open!.id);
    await writer.ended(closed!.id);
    expect((await low.get<Job>(`/v1/jobs/${open!.id}`)).body).toMatchObject({ status: "done", class: "public" });
    expect((await low.get(`/v1/jobs/${closed!.id}`)).status).toBe(404);
    expect((await low.get(`/v1/documents/${closed!.documentId}`)).status).toBe(404);
  });
});

it("a key that asks too often is told when to come again, while others are answered", async () => {
  const server = await serveTestApp([noModelServer, { server: { auth: "keys", requestsPerMinute: 3 } }]);
  const keyed = async (name: string) => httpClient(server.url, (await server.app.keys.create(localPrincipal, { name, roles: ["reader"], classes: ["public"] })).secret);
  const [eager, other] = [await keyed("eager"), await keyed("other")];
  for (let count = 0; count < 3; count += 1) expect((await eager.get("/v1/formats")).status).toBe(200);
  const refused = await eager.get("/v1/formats");
  expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
  expect((await other.get("/v1/formats")).status).toBe(200);
  await server.close();
}, 60_000);
