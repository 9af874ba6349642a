import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type App, openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { sha256 } from "../../src/data/identity.ts";
import type { Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Answer, QueryRequest } from "../../src/data/query.ts";
import { type Log, silentLog } from "../../src/telemetry.ts";

/** Nothing listens there: the built-in language processing does the work. */
export const noModelServer = { models: { backends: [{ id: "ollama", url: "http://127.0.0.1:9" }] } };

/** A local server, and a cloud when its address is given. */
export const modelServers = (local: string, cloud?: string) => ({
  models: {
    backends: [
      { id: "ollama", url: local },
      ...(cloud ? [{ id: "ollama-cloud", url: cloud, apiKey: "test-key", enabled: true }] : []),
    ],
  },
});

export interface TestApp extends App {
  folder: string;
  add(file: string | { name: string; text: string | Uint8Array }, options?: { key?: string; collection?: string; class?: "internal" | "confidential" | "pii" }): Promise<{ jobId: string; documentId: string; duplicate: boolean }>;
  ended(jobId: string): Promise<Job>;
  ask(question: string, options?: Partial<QueryRequest>): Promise<Answer>;
  /** Closes it and removes its folder, unless `keep`. */
  end(keep?: boolean): Promise<void>;
}

/** The real application on a fresh folder; `values` are laid over the shipped configuration and over the files that it follows. */
export async function openTestApp(values: unknown[] = [noModelServer], folder?: string, log: Log = silentLog, overlays: string[] = []): Promise<TestApp> {
  const data = folder ?? (await mkdtemp(join(tmpdir(), "sluice-test-")));
  const load = () => loadConfig({ data, values, overlays, environment: {} });
  const app = await openApp({ config: load(), workers: true, log, source: { files: overlays, load } });
  const never = new AbortController().signal;
  return {
    ...app,
    folder: data,
    async add(file, options = {}) {
      const path = await app.temporary();
      if (typeof file === "string") await copyFile(file, path);
      else await writeFile(path, file.text);
      const name = typeof file === "string" ? basename(file) : file.name;
      const bytes = await readFile(path);
      const upload = { collection: options.collection ?? "default", key: options.key ?? name, class: options.class ?? null, idempotencyKey: null };
      try {
        return await app.documents.upload(localPrincipal, { path, name, bytes: bytes.length, sha256: sha256(bytes) }, upload);
      } finally {
        await rm(path, { force: true });
      }
    },
    async ended(jobId) {
      const events = await app.jobs.events(localPrincipal, jobId, 0, AbortSignal.timeout(50_000));
      for await (const event of events ?? []) if (["done", "failed", "cancelled", "waiting"].includes(event.type) && event.data["waitingFor"] !== "entries") break;
      return (await app.jobs.get(localPrincipal, jobId))!;
    },
    ask: (question, options = {}) => app.query(localPrincipal, { question, collections: ["default"], limit: 8, retrieval: "hybrid", answer: true, filters: {}, ...options }, { signal: never }),
    async end(keep = false) {
      await app.close();
      if (!keep) await rm(data, { recursive: true, force: true });
    },
  };
}
