import type { buildQueryGraph } from "../../graphs/query.ts";

import type { Class } from "../data/classification.ts";
import { Tier } from "../data/decision.ts";
import type { Estimate, EstimatedFile } from "../data/estimate.ts";
import { randomId, type Scope, shownKey } from "../data/identity.ts";
import type { Job } from "../data/job.ts";
import { maySee, type Principal } from "../data/principal.ts";
import type { Answer } from "../data/query.ts";
import { SluiceError } from "../errors.ts";
import { openApiKeys } from "../http/api-keys.ts";
import type { EntityServices, HttpServices } from "../http/services.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Models } from "../models/models.ts";
import type { Parsers } from "../parsers/parser.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { DocumentRow, JobRow, Ledger } from "../stores/ledger/ledger.ts";
import type { RateLimits } from "../stores/rate-limits/rate-limits.ts";
import { metrics } from "../telemetry.ts";
import { originalName } from "../steps/artifacts.ts";
import type { FollowedConfiguration } from "./follow-configuration.ts";
import { modelServices } from "./model-services.ts";
import { estimateChanged } from "./estimate-changed.ts";
import { type Engine, readEngines } from "./engines.ts";
import type { Releases } from "./releases.ts";

export interface ServiceParts {
  rateLimits: RateLimits | null;
  estimate(files: EstimatedFile[], options: { scope: Scope; floor: Class; signal: AbortSignal }): Promise<Estimate>;
  engines: Engine[];
  ledger: Ledger;
  files: FileStore;
  parsers: Parsers;
  knowledge: Pick<KnowledgeStore, "documentChunks">;
  entities: EntityServices;
  jobs: Jobs;
  releases: Releases;
  models: Models;
  queryGraph: ReturnType<typeof buildQueryGraph>;
  configuration: Pick<FollowedConfiguration, "reload" | "fault">;
}

/** The functions the doors call, each for a principal; what it may not see is null, as if it were not there. */
export function services(parts: ServiceParts): HttpServices {
  const { ledger, files, jobs, knowledge, parsers } = parts;
  const keys = openApiKeys(ledger.keys);
  const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof SluiceError && error.code === "not_found") return null;
      throw error;
    }
  };
  return {
    documents: {
      async upload(principal, file, options) {
        const { job, duplicate } = await jobs.accept(principal, file, options);
        return { jobId: job.id, documentId: job.documentId, status: job.status, duplicate };
      },
      async estimate(principal, given, { collection, class: floor, signal }) {
        if (floor && !maySee(principal, floor)) throw new SluiceError("invalid_input", `class ${floor} is not among the classes of this API key`);
        return estimateChanged(principal, given, { scope: { tenant: principal.tenant, collection }, floor: floor ?? "public", signal }, { documents: ledger.documents, estimate: parts.estimate });
      },
      async list(principal, options) {
        const { items, next } = await ledger.documents.list(principal, options);
        return { items: items.map(shownDocument), next };
      },
      async get(principal, id) {
        const row = await ledger.documents.get(principal, id);
        return row && shownDocument(row);
      },
      erase: (principal, id) => orNull(jobs.begin(principal, id, "erase").then(shownJob)),
      reprocess: (principal, id) => orNull(jobs.begin(principal, id, "reprocess").then(shownJob)),
      findings: parts.releases.findings,
      async release(principal, id, request) {
        const made = await parts.releases.release(principal, id, request);
        return made && { release: made.release, job: shownJob(made.job) };
      },
      async endRelease(principal, id, releaseId) {
        const ended = await parts.releases.end(principal, id, releaseId);
        return ended && { ...ended, job: shownJob(ended.job) };
      },
      async chunks(principal, id, { limit, cursor }) {
        return (await ledger.documents.get(principal, id)) ? knowledge.documentChunks(principal, id, limit, cursor) : null;
      },
      async file(principal, id) {
        const row = await ledger.documents.get(principal, id);
        if (!row || !(await files.has(id, originalName(row.sha256)))) return null;
        return { stream: await files.stream(id, originalName(row.sha256)), name: row.name, mediaType: row.mediaType, bytes: row.bytes };
      },
      async page(principal, id, page, signal) {
        const row = await ledger.documents.get(principal, id);
        if (!row || page > Math.max(1, row.pages)) return null;
        const path = await files.localPath(id, originalName(row.sha256));
        const { format } = await parsers.detect(path, row.name);
        return parsers.renderPage(path, format, page, signal);
      },
    },
    jobs: {
      async list(principal, options) {
        const { items, next } = await ledger.jobs.list(principal, options);
        return { items: items.map(shownJob), next };
      },
      async get(principal, id) {
        const row = await ledger.jobs.get(principal, id);
        return row && shownJob(row);
      },
      async events(principal, id, after, signal) {
        return (await ledger.jobs.get(principal, id)) ? jobs.events(principal, id, after, signal) : null;
      },
      approve: (principal, id) => orNull(jobs.approve(principal, id).then(shownJob)),
      cancel: (principal, id) => orNull(jobs.cancel(principal, id).then(shownJob)),
      retry: (principal, id) => orNull(jobs.retry(principal, id).then(shownJob)),
    },
    async query(principal, request, { onEvent, signal, requestId = randomId() }): Promise<Answer> {
      const started = performance.now();
      const { question, ...rest } = request;
      const query = { principal, requestId, signal, onEvent: onEvent ?? (() => undefined) };
      const { answer } = await parts.queryGraph.invoke({ question, request: rest }, { configurable: { query }, signal, callbacks: [] });
      return { ...answer!, ms: Math.round(performance.now() - started) };
    },
    entities: parts.entities,
    collections: {
      list: (principal) => ledger.documents.collections(principal),
      async delete(principal, name) {
        const known = (await ledger.documents.collections(principal)).some((each) => each.name === name);
        return known ? eraseAll(principal, name) : null;
      },
    },
    formats: () => parsers.formats.map(({ id, name, mediaType, extensions }) => ({ id, name, mediaType, extensions })),
    costs: (principal, { days, ofAll }) => parts.models.costs({ tenant: ofAll ? null : principal.tenant, days }),
    keys,
    models: modelServices(parts),
    authenticate: keys.authenticate,
    admit: async (principal) => parts.rateLimits?.take(principal.keyId ?? principal.tenant),
    temporary: () => files.temporary(),
    async ready() {
      const backends = parts.models.status();
      const stores = await readEngines(parts.engines);
      const checks = [
        ...stores.map(({ store, ok, detail }) => ({ name: `stores.${store}`, ok, detail })),
        { name: "configuration", ok: parts.configuration.fault() === null, detail: parts.configuration.fault() ?? "as on disk" },
        ...backends.map((each) => ({ name: `models:${each.backend}`, ok: (each.state === "up" && !each.degraded) || each.state === "disabled", detail: each.degraded ? "degraded" : each.state })),
        ...Tier.options.map((tier) => ({ name: `tier:${tier}`, ok: parts.models.tier(tier) !== "down", detail: parts.models.tier(tier) })),
      ];
      // Without a model server the built-in processing works, without a shared queue the ledger is read, without a cache more is asked.
      return { ready: stores.every(({ store, ok }) => ok || store === "queue" || store === "cache"), checks };
    },
    metrics: () => metrics.metrics(),
  };

  async function eraseAll(principal: Principal, collection: string): Promise<Job[]> {
    const made: Job[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: DocumentRow[]; next: string | null } = await ledger.documents.list(principal, { collection, limit: 100, cursor });
      for (const document of page.items.filter((each) => !each.parentId && each.status !== "erasing")) made.push(shownJob(await jobs.begin(principal, document.id, "erase")));
      cursor = page.next;
    } while (cursor);
    return made;
  }
}

/** The API's object, without what only the pipeline needs. An attachment's key is shown as a path. */
function shownDocument(row: DocumentRow) {
  const { tenant: _tenant, isEntry: _entry, uploadedBy: _uploader, floor: _floor, classKnown: _known, ...document } = row;
  return { ...document, key: shownKey(document.key) };
}

function shownJob(row: JobRow | Job): Job {
  const { tenant: _tenant, version: _version, generation: _generation, attempts: _attempts, lease: _lease, cancelRequested: _cancel, approved: _approved, ...job } = row as JobRow;
  return job;
}

