import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { noCost } from "../../src/data/decision.ts";
import type { Costs } from "../../src/data/costs.ts";
import type { Estimate } from "../../src/data/estimate.ts";
import { noCounts, type Document } from "../../src/data/document.ts";
import { documentId, randomId } from "../../src/data/identity.ts";
import type { Job, JobEvent } from "../../src/data/job.ts";
import type { Principal } from "../../src/data/principal.ts";
import type { Answer, QueryEvent, QueryRequest } from "../../src/data/query.ts";
import { SluiceError } from "../../src/errors.ts";
import { openApiKeys } from "../../src/http/api-keys.ts";
import { createHttp } from "../../src/http/create-http.ts";
import { HttpOptions } from "../../src/http/options.ts";
import { serve } from "../../src/http/serve.ts";
import type { ReceivedFile, UploadOptions } from "../../src/data/upload.ts";
import type { HttpServices } from "../../src/http/services.ts";
import type { ApiKey, KeyLedger } from "../../src/stores/ledger/ledger.ts";

export interface Upload extends UploadOptions, ReceivedFile {
  principal: Principal;
  content: Buffer;
}

/** The functions the edge is given, kept in memory; what a test needs to steer is a field. */
export async function memoryServices() {
  const folder = await mkdtemp(join(tmpdir(), "sluice-http-"));
  const documents = new Map<string, Document & { tenant: string; classKnown: boolean }>();
  const jobs = new Map<string, Job & { tenant: string }>();
  const events: JobEvent[] = [];
  const uploads: Upload[] = [];
  const keys = memoryKeys();
  const state = {
    folder,
    uploads,
    events,
    documents,
    jobs,
    keepContent: true,
    costs: (_principal: Principal, _options: { days: number; ofAll: boolean }): Costs => emptyCosts,
    refuse: null as ((file: ReceivedFile) => void) | null,
    query: async (_request: QueryRequest, _options: { onEvent?: (event: QueryEvent) => void; signal: AbortSignal }): Promise<Answer> => emptyAnswer,
    follow: async function* (after: number, _signal: AbortSignal): AsyncGenerator<JobEvent> {
      yield* events.filter(({ id }) => id > after);
    },
    left: async () => (await readdir(folder)).length,
    close: () => rm(folder, { recursive: true, force: true }),
  };
  const visible = (principal: Principal, id: string) => {
    const document = documents.get(id);
    return document && document.tenant === principal.tenant && principal.classes.includes(document.class) ? document : null;
  };
  const visibleJob = (principal: Principal, id: string) => {
    const job = jobs.get(id);
    return job && job.tenant === principal.tenant && principal.classes.includes(job.class ?? "pii") ? job : null;
  };
  const services: HttpServices = {
    documents: {
      async upload(principal, file, options) {
        state.refuse?.(file);
        const content = state.keepContent ? await readFile(file.path) : Buffer.alloc(0);
        await rm(file.path);
        uploads.push({ ...file, ...options, principal, content });
        const id = documentId({ tenant: principal.tenant, collection: options.collection }, options.key ?? file.sha256);
        const duplicate = documents.get(id)?.sha256 === file.sha256;
        documents.set(id, { ...sampleDocument, ...options, id, key: options.key ?? file.sha256, name: file.name, bytes: file.bytes, sha256: file.sha256, class: options.class ?? "public", tenant: principal.tenant, classKnown: true });
        const job = { ...sampleJob, id: randomId(), documentId: id, name: file.name, class: options.class ?? "public", tenant: principal.tenant };
        jobs.set(job.id, job);
        return { jobId: job.id, documentId: id, status: "queued", duplicate };
      },
      async estimate(_principal, files) {
        return { ...emptyEstimate, documents: files.length };
      },
      list: async (principal, { limit }) => ({ items: [...documents.values()].filter(({ id }) => visible(principal, id)).slice(0, limit), next: null }),
      get: async (principal, id) => visible(principal, id),
      erase: async (principal, id) => (visible(principal, id) ? { ...sampleJob, kind: "erase", documentId: id } : null),
      reprocess: async (principal, id) => (visible(principal, id) ? { ...sampleJob, kind: "reprocess", documentId: id } : null),
      chunks: async (principal, id) => (visible(principal, id) ? { items: [], next: null } : null),
      async file(principal, id) {
        const document = visible(principal, id);
        const content = uploads.find(({ sha256 }) => sha256 === document?.sha256)?.content;
        return document && content ? { stream: Readable.from([content]), name: document.name, mediaType: document.mediaType, bytes: content.length } : null;
      },
      findings: async (principal, id) => (visible(principal, id) ? [] : null),
      release: async () => null,
      endRelease: async () => null,
      page: async (principal, id, page) => (visible(principal, id) && page === 1 ? Buffer.from("\x89PNG") : null),
    },
    jobs: {
      list: async (principal, { limit }) => ({ items: [...jobs.values()].filter(({ id }) => visibleJob(principal, id)).slice(0, limit), next: null }),
      get: async (principal, id) => visibleJob(principal, id),
      events: async (principal, id, after, signal) => (visibleJob(principal, id) ? state.follow(after, signal) : null),
      approve: async (principal, id) => visibleJob(principal, id),
      cancel: async (principal, id) => {
        const job = visibleJob(principal, id);
        if (job?.status === "done") throw new SluiceError("conflict", `job ${id} is done already`);
        return job;
      },
      retry: async (principal, id) => visibleJob(principal, id),
    },
    query: (_principal, request, options) => state.query(request, options),
    entities: {
      search: async () => ({ items: [], next: null }),
      get: async () => null,
      graph: async (_principal, { entity }) => (entity === null ? { nodes: [], edges: [] } : null),
    },
    collections: { list: async () => [{ name: "default", documents: documents.size }], delete: async () => null },
    formats: () => [{ id: "txt", name: "Plain text", mediaType: "text/plain", extensions: ["txt"] }],
    models: {
      list: () => [],
      status: () => [],
      reload: async () => [],
      resetBreakers: async () => [],
      pull: async (model) => ({ backend: "ollama", model }),
      forget: async () => 0,
    },
    costs: async (principal, options) => state.costs(principal, options),
    keys,
    authenticate: (bearer) => keys.authenticate(bearer),
    admit: async () => undefined,
    temporary: async () => join(folder, randomId()),
    ready: async () => ({ ready: true, checks: [] }),
    metrics: async () => "# HELP up\nup 1\n",
  };
  return { services, state };
}

/** The real app on a real socket. */
export async function startServer(options: Partial<HttpOptions> = {}) {
  const { services, state } = await memoryServices();
  const http = HttpOptions.parse({ port: 0, ...options });
  const served = await serve(createHttp(services, http), http);
  const close = async () => {
    await served.close(100);
    await state.close();
  };
  return { ...served, services, state, close };
}

export function memoryKeys() {
  const rows = new Map<string, ApiKey>();
  const ledger: KeyLedger = {
    async create(key, hash) {
      const row = { ...key, createdAt: new Date().toISOString(), revokedAt: null };
      rows.set(hash, row);
      return row;
    },
    list: async (tenant) => [...rows.values()].filter((row) => row.tenant === tenant),
    async revoke(tenant, id) {
      const row = [...rows.values()].find((each) => each.id === id && each.tenant === tenant);
      if (row) row.revokedAt = new Date().toISOString();
      return row !== undefined;
    },
    find: async (hash) => (rows.get(hash)?.revokedAt === null ? rows.get(hash)! : null),
    count: async () => rows.size,
  };
  return openApiKeys(ledger);
}

const at = "2026-01-01T00:00:00.000Z";
export const sampleDocument: Document = {
  id: "", key: "k", name: "a.txt", collection: "default", version: 1, mediaType: "text/plain", bytes: 1, sha256: "", language: null, class: "public",
  reasons: [], releases: [], pages: 1, counts: noCounts, status: "queued", warnings: [], parentId: null, createdAt: at, updatedAt: at,
};
export const sampleJob: Job = {
  id: randomId(), documentId: "d", parentId: null, name: "a.txt", collection: "default", kind: "ingest", status: "queued", waitingFor: null, stage: null, progress: 0, class: "public",
  counts: noCounts, decisions: [], cost: noCost, warnings: [], error: null, acceptedAt: at, startedAt: null, finishedAt: null,
};
const zero = { low: 0, high: 0 };
export const emptyEstimate: Estimate = { documents: 0, unchanged: 0, unreadable: [], pages: 0, pictures: 0, chunks: 0, tokens: 0, stages: [], calls: zero, promptTokens: zero, outputTokens: zero, usd: zero, ms: zero, classes: [], warnings: [] };
const nothing = { calls: 0, succeeded: 0, successRate: null, promptTokens: 0, outputTokens: 0, usd: 0, referenceUsd: 0, savedUsd: 0, meanMs: null, p95Ms: null, fallbacks: 0, cacheHits: 0 };
export const emptyCosts: Costs = { from: "2026-01-01", to: "2026-01-30", items: [], total: nothing, budgets: [], alerts: [] };
export const emptyAnswer: Answer = { answer: "It is not in the documents.", citations: [], passages: [], entities: [], relations: [], class: "public", decision: null, warnings: [], ms: 1 };
