import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { afterEach, beforeEach } from "vitest";
import type { Entity } from "../../src/data/entity.ts";
import type { Job, JobEvent } from "../../src/data/job.ts";
import type { AuditRecord } from "../../src/models/audit-export.ts";
import type { AuditReport } from "../../src/models/audit-verify.ts";
import type { Difference } from "../../src/app/verify.ts";
import type { CliApp, CliParts, OpenOptions } from "../../src/cli/cli-app.ts";
import { run } from "../../src/cli/main.ts";
import { HttpOptions } from "../../src/http/options.ts";
import { silentLog } from "../../src/telemetry.ts";
import { memoryServices } from "../http/memory-services.ts";

/** The functions the command line is given, kept in memory; jobs go through three stages as soon as they are followed. */
export async function memoryApp() {
  const { services, state } = await memoryServices();
  const opened: OpenOptions[] = [];
  let closed = 0;
  const outcome: { error: Job["error"]; decisions: Job["decisions"] } = { error: null, decisions: [] };
  const follow = async function* (id: string): AsyncGenerator<JobEvent> {
    const job = state.jobs.get(id)!;
    let n = 0;
    const event = (type: JobEvent["type"], data: Record<string, unknown>): JobEvent => ({ id: ++n, jobId: id, type, data, at: "2026-01-01T00:00:00.000Z" });
    for (const stage of ["parse", "classify", "store"]) yield event("progress", { stage, progress: 0.5 });
    state.jobs.set(id, { ...job, status: outcome.error ? "failed" : "done", error: outcome.error, decisions: outcome.decisions, counts: { chunks: 2, tokens: 9, pictures: 0, entities: 3, relations: 1 }, startedAt: job.acceptedAt, finishedAt: "2026-01-01T00:00:01.000Z" });
    yield event(outcome.error ? "failed" : "done", {});
  };
  // An upload of what is there already gets the earlier job, as the ledger does it.
  const { upload } = services.documents;
  services.documents.upload = async (principal, file, options) => {
    const before = [...state.jobs.values()].find((job) => state.documents.get(job.documentId)?.sha256 === file.sha256 && job.name === file.name);
    const accepted = await upload(principal, file, options);
    if (!accepted.duplicate || !before) return accepted;
    state.jobs.delete(accepted.jobId);
    return { ...accepted, jobId: before.id, status: before.status };
  };
  services.jobs.events = async (_principal, id) => follow(id);
  services.documents.erase = async (_principal, id) => {
    if (!state.documents.delete(id)) return null;
    const job = { ...[...state.jobs.values()][0]!, id: `erase-${id}`, kind: "erase" as const, status: "queued" as const, documentId: id, tenant: "default" };
    state.jobs.set(job.id, job);
    return job;
  };
  const different: Difference[] = [];
  const audited: AuditReport = { chains: 1, lines: 2, attempts: 1, open: 0, faults: [], unproven: [] };
  const records: AuditRecord[] = [];
  const connected: (Entity & { degree: number })[] = [];
  const app: CliApp = {
    ...services,
    server: HttpOptions.parse({ port: 0 }),
    concurrency: 2,
    log: silentLog,
    directory: join(state.folder, "data"),
    async scan(input) {
      const text = "text" in input ? input.text : "";
      const at = text.indexOf("@");
      return at < 0 ? { class: "public", spans: [] } : { class: "pii", spans: [{ kind: "email", start: at - 1, end: at + 2, score: 1, class: "pii", detector: "email" }] };
    },
    decisions: async (_principal, id) => (state.jobs.has(id) ? [] : null),
    async *check() {
      yield { name: "configuration", state: "ok", detail: "read", hint: null };
      yield { name: "model ollama", state: "failed", detail: "no answer", hint: "ollama serve" };
    },
    async reindex({ onProgress }) {
      onProgress(2, 2);
      return { chunks: 2, model: "bge-m3" };
    },
    verify: async ({ repair }) => ({ documents: 2, differences: different, repaired: { jobIds: repair ? [...state.jobs.keys()].slice(0, different.length) : [], removed: [] } }),
    audit: {
      verify: async () => audited,
      async *export(filter) {
        for (const each of records) if (filter.user === undefined || each.user_id === filter.user) yield each;
      },
      heads: async () => [{ at: "2026-01-01T00:00:00.000Z", chain: "c", head: "h", length: 2 }],
    },
    settled: async (jobId) => ({ ...state.jobs.get(jobId)!, status: "done" }),
    mostConnected: async () => connected,
    status: () => [{ backend: "ollama", location: "local", url: "http://127.0.0.1:11434", state: "down", models: {}, detail: "no answer", degraded: false, hint: null }],
    close: async () => void closed++,
  };
  return { app, state, opened, outcome, connected, different, audited, records, closed: () => closed };
}

export type Memory = Awaited<ReturnType<typeof memoryApp>>;

/** Runs a command line on an app, the one in memory or a real one; what came out where. */
export async function sluice(memory: { app: CliApp; opened: OpenOptions[]; state: { folder: string } }, argv: string[], options: { stdin?: string; cwd?: string; interactive?: boolean; signal?: AbortSignal; fail?: Error; onStdout?: (text: string) => void } = {}) {
  const written = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") =>
    new Writable({
      write(bytes, _encoding, done) {
        written[name] += String(bytes);
        if (name === "stdout") options.onStdout?.(String(bytes));
        done();
      },
    });
  const parts: CliParts = {
    async open(opening) {
      if (options.fail) throw options.fail;
      memory.opened.push(opening);
      return memory.app;
    },
    studio: async () => 0,
    backup: async (_options: OpenOptions, file: string) => ({ documents: 2, createdAt: "2026-01-01T00:00:00.000Z", bytes: file.length }),
    restore: async () => ({ documents: 2, createdAt: "2026-01-01T00:00:00.000Z", directory: "/restored" }),
    terminal: { stdin: options.stdin === undefined ? new PassThrough() : Readable.from([options.stdin]), stdout: into("stdout"), stderr: into("stderr"), interactive: options.interactive ?? false, columns: 120, cwd: options.cwd ?? memory.state.folder },
    signal: options.signal ?? new AbortController().signal,
    version: "0.0.0",
  };
  const code = await run(argv, parts);
  return { code, ...written, lines: () => written.stdout.trim().split("\n").map((line) => JSON.parse(line) as Record<string, never>) };
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "sluice-cli-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A fresh application and an empty folder for each test of a file. */
export function freshApp(): { memory: Memory; folder: string } {
  const fresh = {} as { memory: Memory; folder: string };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
    Object.assign(fresh, { memory: await memoryApp(), folder: folder.path });
  });
  afterEach(async () => {
    await fresh.memory.state.close();
    await folder.remove();
  });
  return fresh;
}
