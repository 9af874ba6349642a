import type { Readable } from "node:stream";
import type { Chunk } from "../data/chunk.ts";
import type { Class } from "../data/classification.ts";
import type { Costs } from "../data/costs.ts";
import type { Decision } from "../data/decision.ts";
import type { Document, DocumentStatus, Release } from "../data/document.ts";
import type { Finding, ReleasedCall, ReleaseRequest } from "../data/release.ts";
import type { Estimate, EstimatedFile } from "../data/estimate.ts";
import type { Entity, Mention, Relation } from "../data/entity.ts";
import type { Job, JobEvent, JobStatus } from "../data/job.ts";
import type { Principal, Role } from "../data/principal.ts";
import type { Answer, QueryEvent, QueryRequest } from "../data/query.ts";
import type { ReceivedFile, UploadOptions } from "../data/upload.ts";
import type { Warning } from "../data/warning.ts";
import type { ModelRow } from "../models/model-rows.ts";
import type { BackendStatus, Models } from "../models/models.ts";
import type { ApiKey, Page } from "../stores/ledger/ledger.ts";

/**
 * What the doors call. Every function that reads or writes data takes the principal first; what it may not see is
 * answered with null (absent), never with an error of its own. Failures are `SluiceError`s.
 */
export interface HttpServices {
  documents: DocumentServices;
  jobs: JobServices;
  /** Throws AbortError when `signal` fires; `onEvent` gets everything but `done` and `error`, which the return tells. */
  query(principal: Principal, request: QueryRequest, options: { onEvent?: (event: QueryEvent) => void; signal: AbortSignal; requestId?: string }): Promise<Answer>;
  entities: EntityServices;
  collections: CollectionServices;
  formats(): FormatRow[];
  /** Of the principal's tenant, or (`ofAll`) of every one. */
  costs(principal: Principal, options: { days: number; ofAll: boolean }): Promise<Costs>;
  keys: KeyServices;
  models: ModelServices;
  /** The bearer's principal, or null for an unknown or revoked key. */
  authenticate(bearer: string): Promise<Principal | null>;
  /** Counts a request. Throws `overloaded` with `retryAfter` when the caller has made too many. */
  admit(principal: Principal): Promise<void>;
  /** A fresh path for an upload in flight; what is left there is swept at start. */
  temporary(): Promise<string>;
  /** Each check is a short template without document text. */
  ready(): Promise<{ ready: boolean; checks: Check[] }>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

/** What answers: for operators, of all tenants. */
export interface ModelServices {
  list(): ModelRow[];
  status(): BackendStatus[];
  /** Reads the configuration again and asks every backend what it has. Throws `config`; then all is as before. */
  reload(): Promise<BackendStatus[]>;
  /** Of this process. Throws `not_found` for a backend that is not there. */
  resetBreakers(backend: string | null): Promise<BackendStatus[]>;
  pull: Models["pull"];
  forget: Models["forget"];
}

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface Accepted {
  jobId: string;
  documentId: string;
  status: JobStatus;
  duplicate: boolean;
}

export interface ListOptions {
  collection: string;
  limit: number;
  cursor: string | null;
}

export interface DocumentServices {
  /**
   * Takes the file over (moves it from `path`) and makes its job; durable when resolved. Throws `unsupported_type` with the
   * formats, `too_large`, `overloaded` with `retryAfter`, `conflict` for an idempotency key used with other content.
   */
  upload(principal: Principal, file: ReceivedFile, options: UploadOptions): Promise<Accepted>;
  /** What these files would come to; nothing is stored and no model is asked. Throws `invalid_input` for a class the caller may not see. */
  estimate(principal: Principal, files: EstimatedFile[], options: { collection: string; class: Class | null; signal: AbortSignal }): Promise<Estimate>;
  list(principal: Principal, options: ListOptions & { class?: Class; status?: DocumentStatus; name?: string; parentId?: string }): Promise<Page<Document>>;
  get(principal: Principal, id: string): Promise<Document | null>;
  /** Makes the erase job and cancels running work; null when absent. */
  erase(principal: Principal, id: string): Promise<Job | null>;
  reprocess(principal: Principal, id: string): Promise<Job | null>;
  /** Where and why it is private, with the text. */
  findings(principal: Principal, id: string): Promise<Finding[] | null>;
  /** Lets found values of this version pass. Throws `conflict` and `invalid_input`, saying what to do. */
  release(principal: Principal, id: string, request: ReleaseRequest): Promise<{ release: Release; job: Job } | null>;
  /** Takes a release back; `calls` are those that it let leave. */
  endRelease(principal: Principal, id: string, releaseId: string): Promise<{ job: Job; calls: ReleasedCall[] } | null>;
  chunks(principal: Principal, id: string, options: { limit: number; cursor: string | null }): Promise<Page<Chunk> | null>;
  file(principal: Principal, id: string): Promise<{ stream: Readable; name: string; mediaType: string; bytes: number } | null>;
  /** PNG of page `page` (from 1); null when document or page is absent, `unsupported_type` where there are no page pictures. */
  page(principal: Principal, id: string, page: number, signal: AbortSignal): Promise<Uint8Array | null>;
}

export interface JobServices {
  list(principal: Principal, options: ListOptions & { status?: JobStatus; documentId?: string; parentId?: string }): Promise<Page<Job>>;
  get(principal: Principal, id: string): Promise<Job | null>;
  /** Events with an id above `after`, then new ones as they come; ends after the job's last event or when `signal` fires. */
  events(principal: Principal, id: string, after: number, signal: AbortSignal): Promise<AsyncIterable<JobEvent> | null>;
  /** `conflict` when it is over already. */
  approve(principal: Principal, id: string): Promise<Job | null>;
  /** `conflict` when it is over already. */
  cancel(principal: Principal, id: string): Promise<Job | null>;
  retry(principal: Principal, id: string): Promise<Job | null>;
}

export interface EntityServices {
  search(principal: Principal, options: ListOptions & { text: string; type: string | null }): Promise<Page<Entity>>;
  /** `summary` false: described by rule, nobody is asked. */
  get(principal: Principal, id: string, options?: { summary?: boolean; requestId?: string }): Promise<EntityDetail | null>;
  /** Null when `entity` or `to` names none. Without `entity`: around the most connected ones. With `to`: the shortest paths between both, at most `limit`. */
  graph(principal: Principal, options: { collection: string; entity: string | null; to: string | null; hops: number; limit: number }): Promise<{ nodes: Entity[]; edges: Relation[] } | null>;
}

export interface EntityDetail extends Entity {
  /** The description was made by a model, the one of `decision`. */
  summarised: boolean;
  decision: Decision | null;
  /** Why a long description is cut instead. */
  warnings: Warning[];
  mentions: Mention[];
  relations: Relation[];
  /** The entities at the other ends of `relations`. */
  neighbours: Entity[];
}

export interface CollectionServices {
  list(principal: Principal): Promise<{ name: string; documents: number }[]>;
  /** One erase job a document; null when the tenant has no such collection. */
  delete(principal: Principal, name: string): Promise<Job[] | null>;
}

export interface FormatRow {
  id: string;
  name: string;
  mediaType: string;
  extensions: string[];
}

export interface KeyServices {
  /** `secret` is shown once; only its SHA-256 is stored. */
  create(principal: Principal, key: { name: string; roles: Role[]; classes: Class[] }): Promise<ApiKey & { secret: string }>;
  list(principal: Principal): Promise<ApiKey[]>;
  /** False when the tenant has no such key. */
  revoke(principal: Principal, id: string): Promise<boolean>;
}
