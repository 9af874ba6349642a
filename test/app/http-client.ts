import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { EventSourceParserStream, type EventSourceMessage } from "eventsource-parser/stream";
import { createHttp } from "../../src/http/create-http.ts";
import { serve } from "../../src/http/serve.ts";
import type { Job } from "../../src/data/job.ts";
import { noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";

export interface UploadLine {
  id: string;
  documentId: string;
  name: string;
  status: string;
  duplicate: boolean;
  error?: { code: string; message: string };
}

export interface Reply<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** What a program on the other side of the socket does; `key` is its API key. */
export function httpClient(url: string, key: string | null = null) {
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };

  async function call<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> {
    const form = body instanceof FormData;
    const response = await fetch(url + path, {
      method,
      headers: { ...authorization, ...(body !== undefined && !form && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (/json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text) as T, headers: response.headers };
  }

  async function* events(path: string, init: RequestInit = {}): AsyncGenerator<EventSourceMessage> {
    const response = await fetch(url + path, { ...init, headers: { ...authorization, accept: "text/event-stream", ...(init.headers as Record<string, string>) } });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    yield* response.body!.pipeThrough(new TextDecoderStream() as never).pipeThrough(new EventSourceParserStream()) as unknown as AsyncIterable<EventSourceMessage>;
  }

  return {
    call,
    events,
    get: <T = Record<string, unknown>>(path: string) => call<T>("GET", path),
    post: <T = Record<string, unknown>>(path: string, body?: unknown, headers?: Record<string, string>) => call<T>("POST", path, body, headers),
    remove: <T = Record<string, unknown>>(path: string) => call<T>("DELETE", path),
    bytes: async (path: string) => {
      const response = await fetch(url + path, { headers: authorization });
      return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
    },
    async upload(files: (string | { name: string; text: string | Uint8Array })[], fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      for (const file of files) {
        if (typeof file === "string") form.append("file", new File([await readFile(file)], basename(file)));
        else form.append("file", new File([file.text as BlobPart], file.name));
      }
      return call<{ jobs: UploadLine[] }>("POST", "/v1/documents", form, headers);
    },
    /** The job as its own event stream ends. */
    async ended(jobId: string): Promise<Job> {
      for await (const event of events(`/v1/jobs/${jobId}/events`)) if (event.event === "waiting") break;
      return (await call<Job>("GET", `/v1/jobs/${jobId}`)).body;
    },
  };
}
export type HttpClient = ReturnType<typeof httpClient>;

/** The real application, served on a free port. */
export async function serveTestApp(values: unknown[] = [noModelServer]): Promise<{ app: TestApp; url: string; close(keep?: boolean): Promise<void> }> {
  const app = await openTestApp(values);
  const served = await serve(createHttp(app, app.server, { log: app.log }), { host: "127.0.0.1", port: 0 });
  return {
    app,
    url: served.url,
    async close(keep = false) {
      await served.close(500);
      await app.end(keep);
    },
  };
}
