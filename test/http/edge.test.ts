import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { errorCodes } from "../../src/errors.ts";
import { createHttp } from "../../src/http/create-http.ts";
import { HttpOptions } from "../../src/http/options.ts";
import { statusOf } from "../../src/http/problem.ts";
import { memoryServices, sampleDocument, startServer } from "./memory-services.ts";

type Server = Awaited<ReturnType<typeof startServer>>;

/** A request exactly as written; what came back as text. */
export function rawRequest(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (bytes) => (answer += bytes.toString()));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("the edge without keys", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it("answers every error as a problem with its request id", async () => {
    const response = await fetch(`${server.url}/v1/documents/nobody`, { headers: { "X-Request-Id": "abc-123" } });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-request-id")).toBe("abc-123");
    expect(await response.json()).toEqual({ type: "urn:sluice:problem:not_found", title: "Not found", status: 404, detail: "there is no such document", code: "not_found", requestId: "abc-123" });
  });

  it("makes its own request id where the given one is not well formed", async () => {
    const response = await fetch(`${server.url}/health`, { headers: { "X-Request-Id": "a b<script>" } });
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("tells an unknown route from an unknown method", async () => {
    expect((await fetch(`${server.url}/v1/nothing`)).status).toBe(404);
    const response = await fetch(`${server.url}/v1/documents/x`, { method: "PUT" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("DELETE, GET");
  });

  it.each(["evil.example", "127.0.0.1.evil.example", "evil.example:8080"])("refuses the foreign host %s", async (host) => {
    const answer = await rawRequest(server.port, `GET /v1/documents HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain("403 Forbidden");
    expect(answer).toContain("server.hosts");
  });

  it("refuses a foreign origin, also another port of this machine and a page without one", async () => {
    for (const origin of ["https://evil.example", "http://localhost:1", "null"]) {
      expect((await fetch(`${server.url}/v1/documents`, { headers: { Origin: origin } })).status, origin).toBe(403);
    }
    expect((await fetch(`${server.url}/v1/documents`, { headers: { Origin: server.url } })).status).toBe(200);
  });

  it("answers a broken Host header with a problem", async () => {
    const answer = await rawRequest(server.port, "GET /health HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n");
    expect(answer).toContain("400 Bad Request");
    expect(answer).toContain("application/problem+json");
  });

  it("lets a page load nothing from outside", async () => {
    for (const path of ["/", "/docs", "/health", "/v1/nothing"]) {
      const { headers } = await fetch(server.url + path);
      expect(headers.get("content-security-policy"), path).toContain("default-src 'self'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    const page = await (await fetch(`${server.url}/docs`)).text();
    expect(page).toContain("/v1/query");
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].every(([, link]) => link!.startsWith("/"))).toBe(true);
    expect(page).not.toContain("<script");
  });

  it("describes every route of the design and only JSON that its schemas know", async () => {
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>>; components: { schemas: object } };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(routes.toSorted()).toEqual(
      [
        "post /v1/documents", "get /v1/documents", "get /v1/documents/{id}", "delete /v1/documents/{id}", "get /v1/documents/{id}/chunks", "get /v1/documents/{id}/file",
        "get /v1/documents/{id}/pages/{n}", "post /v1/documents/{id}/reprocess", "get /v1/documents/{id}/findings", "post /v1/documents/{id}/releases", "delete /v1/documents/{id}/releases/{releaseId}", "get /v1/jobs", "get /v1/jobs/{id}", "get /v1/jobs/{id}/events", "post /v1/jobs/{id}/cancel", "post /v1/jobs/{id}/approve",
        "post /v1/jobs/{id}/retry", "post /v1/query", "get /v1/entities", "get /v1/entities/{id}", "get /v1/graph", "get /v1/collections", "delete /v1/collections/{name}",
        "get /v1/formats", "get /v1/costs", "get /v1/models", "get /v1/models/status", "post /v1/models/reload", "post /v1/models/breakers/reset", "get /v1/keys", "post /v1/keys", "delete /v1/keys/{id}", "get /health", "get /health/ready", "get /metrics",
      ].toSorted(),
    );
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(["Document", "Job", "Chunk", "Entity", "Mention", "Relation", "Answer", "Problem"]));
  });

  it("shows a document without what only the inside knows", async () => {
    server.state.documents.set("d1", { ...sampleDocument, id: "d1", tenant: "default", classKnown: true });
    const shown = (await (await fetch(`${server.url}/v1/documents/d1`)).json()) as object;
    expect(shown).toEqual({ ...sampleDocument, id: "d1" });
    expect(await (await fetch(`${server.url}/v1/documents`)).json()).toEqual({ items: [{ ...sampleDocument, id: "d1" }], next: null });
  });

  it("names the parameter that is wrong", async () => {
    const response = await fetch(`${server.url}/v1/documents?limit=0&class=secret`);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { errors: { path: string }[] };
    expect(problem.errors.map(({ path }) => path).toSorted()).toEqual(["class", "limit"]);
  });

  it("says no more of a bug than that there is one", async () => {
    server.services.entities.search = async () => {
      throw new Error("Anna Muster, born 1970");
    };
    const response = await fetch(`${server.url}/v1/entities?search=x`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("Muster");
  });

  it("passes on that a reader wants no summary", async () => {
    const asked: unknown[] = [];
    server.services.entities.get = async (_principal, id, options) => {
      asked.push([options?.summary, options?.requestId]);
      return { id, name: "Velden", type: "ORGANIZATION", description: "cranes", aliases: [], class: "public", mentionCount: 1, documentCount: 1, summarised: false, decision: null, warnings: [], mentions: [], relations: [], neighbours: [] };
    };
    for (const query of ["", "?summary=false", "?summary=true"]) {
      const response = await fetch(`${server.url}/v1/entities/e1${query}`, { headers: { "x-request-id": "mine" } });
      expect(await response.json()).toMatchObject({ summarised: false, decision: null, warnings: [] });
    }
    expect(asked).toEqual([[true, "mine"], [false, "mine"], [true, "mine"]]);
    expect((await fetch(`${server.url}/v1/entities/e1?summary=perhaps`)).status).toBe(400);
  });

  it("answers the remaining routes", async () => {
    expect(await (await fetch(`${server.url}/v1/formats`)).json()).toEqual({ items: [{ id: "txt", name: "Plain text", mediaType: "text/plain", extensions: ["txt"] }], next: null });
    expect(await (await fetch(`${server.url}/v1/graph`)).json()).toEqual({ nodes: [], edges: [] });
    expect((await fetch(`${server.url}/v1/graph?entity=none`)).status).toBe(404);
    expect((await fetch(`${server.url}/v1/graph?to=one`)).status).toBe(400);
    expect((await fetch(`${server.url}/v1/documents/d1/pages/1`)).headers.get("content-type")).toBe("image/png");
    expect((await fetch(`${server.url}/v1/documents/d1/pages/2`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`)).headers.get("content-type")).toContain("version=0.0.4");
    expect((await fetch(`${server.url}/v1/documents/d1`, { method: "DELETE" })).status).toBe(202);
  });
});

it("gives every error code one status", () => {
  expect(errorCodes.map((code) => statusOf(code)).every((status) => status >= 400 && status < 600)).toBe(true);
});

it("refuses to serve without keys on an address that is not loopback", async () => {
  const { services, state } = await memoryServices();
  for (const host of ["0.0.0.0", "::", "192.168.1.5", "example.com"]) {
    expect(HttpOptions.safeParse({ host }).success).toBe(false);
    expect(() => createHttp(services, { ...HttpOptions.parse({}), host })).toThrow(/sluice keys create/);
  }
  await state.close();
});

describe("the edge with keys", () => {
  let server: Server;
  const secrets: Record<string, string> = {};
  const as = (who: string, path: string, init: RequestInit = {}) => fetch(server.url + path, { ...init, headers: { Authorization: `Bearer ${secrets[who]}`, ...init.headers } });
  beforeAll(async () => {
    server = await startServer({ auth: "keys" });
    for (const [name, roles, classes] of [["reader", ["reader"], ["public", "internal"]], ["writer", ["writer"], ["public", "pii"]], ["operator", ["operator"], ["public"]], ["stranger", ["writer"], ["public"]]] as const) {
      const maker = { ...localPrincipal, tenant: name === "stranger" ? "other" : "default" };
      secrets[name] = (await server.services.keys.create(maker, { name, roles: [...roles], classes: [...classes] })).secret;
    }
    server.state.documents.set("secret", { ...sampleDocument, id: "secret", class: "pii", tenant: "default", classKnown: true });
  });
  afterAll(() => server.close());

  it("asks for a key on every route with data and on none of the open ones", async () => {
    for (const path of ["/v1/documents", "/v1/jobs", "/v1/formats", "/v1/nothing", "/metrics"]) {
      const response = await fetch(server.url + path);
      expect(response.status, path).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain("Bearer");
    }
    expect((await fetch(`${server.url}/v1/documents`, { headers: { Authorization: `Bearer sk_${"x".repeat(43)}` } })).status).toBe(401);
    for (const path of ["/health", "/health/ready", "/openapi.json", "/docs"]) expect((await fetch(server.url + path)).status, path).toBe(200);
  });

  it("makes what a key may not see equal to what is not there", async () => {
    const [hidden, absent] = await Promise.all(["secret", "absent"].map(async (id) => (await as("reader", `/v1/documents/${id}`, { headers: { "X-Request-Id": "same" } })).text()));
    expect(hidden).toBe(absent);
    expect((await as("writer", "/v1/documents/secret")).status).toBe(200);
    expect((await as("stranger", "/v1/documents/secret")).status).toBe(404);
  });

  it("holds each role to its routes", async () => {
    const form = () => {
      const body = new FormData();
      body.append("file", new Blob(["x"]), "x.txt");
      return { method: "POST", body };
    };
    expect((await as("reader", "/v1/documents", form())).status).toBe(403);
    expect((await as("writer", "/v1/documents", form())).status).toBe(202);
    expect((await as("reader", "/v1/documents/secret", { method: "DELETE" })).status).toBe(403);
    expect((await as("operator", "/v1/documents")).status).toBe(403);
    expect((await as("writer", "/v1/keys")).status).toBe(403);
    expect((await as("writer", "/v1/collections/default", { method: "DELETE" })).status).toBe(403);
    expect((await as("reader", "/metrics")).status).toBe(403);
    expect((await as("operator", "/metrics")).status).toBe(200);
  });

  it("makes, lists and ends keys, never above their maker", async () => {
    const post = (body: object) => as("operator", "/v1/keys", { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    expect((await post({ name: "more", roles: ["operator"], classes: ["pii"] })).status).toBe(403);
    const made = await post({ name: "second", roles: ["operator"], classes: ["public"] });
    expect(made.status).toBe(201);
    const key = (await made.json()) as { id: string; secret: string };
    secrets.second = key.secret;
    const listed = await (await as("second", "/v1/keys")).text();
    expect(listed).toContain(key.id);
    expect(listed).not.toContain(key.secret);
    expect((await as("operator", `/v1/keys/${key.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await as("second", "/v1/keys")).status).toBe(401);
  });
});
