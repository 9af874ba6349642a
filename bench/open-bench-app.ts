import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { openApp } from "../src/app.ts";
import { loadConfig } from "../src/config.ts";
import { sha256 } from "../src/data/identity.ts";
import { isOver, type Job } from "../src/data/job.ts";
import { localPrincipal } from "../src/data/principal.ts";

/** The application on a folder of its own; an address where nothing listens turns the models off. */
export async function openBenchApp(values: unknown[], keep?: string) {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), "sluice-bench-")));
  const app = await openApp({ config: loadConfig({ data: folder, values, environment: {} }), workers: true });
  return {
    app,
    folder,
    async add(name: string, text: string, collection = "default"): Promise<string> {
      const path = await app.temporary();
      await writeFile(path, text);
      const upload = { collection, key: name, class: null, idempotencyKey: null };
      return (await app.documents.upload(localPrincipal, { path, name, bytes: Buffer.byteLength(text), sha256: sha256(text) }, upload)).jobId;
    },
    async ended(jobId: string): Promise<Job> {
      for await (const event of (await app.jobs.events(localPrincipal, jobId, 0, new AbortController().signal)) ?? []) if (event.type === "waiting") break;
      const job = (await app.jobs.get(localPrincipal, jobId))!;
      if (!isOver(job.status) || job.status !== "done") throw new Error(`job ${jobId} is ${job.status}: ${job.error?.message ?? ""}`);
      return job;
    },
    async end(): Promise<void> {
      await app.close();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}

export const noModels = { models: { backends: [{ id: "ollama", url: "http://127.0.0.1:9" }] } };

/** p-th percentile of unsorted values. */
export function percentile(values: number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))]!;
}
