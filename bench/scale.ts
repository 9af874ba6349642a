import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startModelServer } from "../test/servers/model-server/model-server.ts";
import { startProcess } from "../test/app/start-process.ts";
import { waitFor } from "../test/app/wait-for-job.ts";

/**
 * One, two and four worker processes of two documents each on one queue, against a scripted model server that is slow and never
 * full: how much faster the same documents are done once every worker is warm. usage: bench/scale.ts [DOCUMENTS] [LATENCY_MS] [OVERLAY]
 * OVERLAY: a configuration on servers (`npm run servers -- --out FILE`); without one the workers share a data folder.
 */
const documents = Number(process.argv[2] ?? 32);
const latencyMs = Number(process.argv[3] ?? 1_500);
const overlay = process.argv[4];
const perWorker = 2;

const note = (n: number) => `Velden Marine GmbH delivers crane ${n} to Terminal ${n}. Terminal ${n} is based in Rostock.`;

async function measure(workers: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-scale-"));
  const server = await startModelServer({ role: "local", latencyMs, slots: 1_000, record: false });
  const config = join(folder, "bench.yaml");
  await writeFile(config, JSON.stringify({ models: { backends: [{ id: "ollama", url: server.url, slots: 64 }] }, privacy: { threads: 1 } }));
  const common = ["--data", join(folder, "data"), "--config", config, ...(overlay ? ["--config", overlay] : [])];
  const serving = await startProcess(["serve", "--port", "0", "--concurrency", "0", ...common]);
  const started = await Promise.all(Array.from({ length: workers }, () => startProcess(["worker", "--concurrency", String(perWorker), ...common])));
  try {
    const url = String(serving.first["url"]);
    // Each worker's first documents load its parsers, word lists and threads.
    await ingest(url, `warm${workers}-${Date.now()}`, workers * perWorker);
    const begin = performance.now();
    await ingest(url, `scale${workers}-${Date.now()}`, documents);
    return performance.now() - begin;
  } finally {
    for (const each of [...started, serving]) {
      each.child.kill("SIGTERM");
      await each.ended;
    }
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function ingest(url: string, collection: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const body = new FormData();
    body.append("collection", collection);
    body.append("file", new Blob([note(n)]), `note-${n}.txt`);
    await fetch(`${url}/v1/documents`, { method: "POST", body });
  }
  const left = async () => ((await (await fetch(`${url}/v1/documents?collection=${collection}&limit=100`)).json()) as { items: { status: string }[] }).items.filter(({ status }) => status !== "ready").length;
  await waitFor(left, (open) => open === 0, 600_000);
}

let alone = 0;
for (const workers of [1, 2, 4]) {
  const ms = await measure(workers);
  alone ||= ms;
  console.log(`${workers} ${workers === 1 ? "worker " : "workers"}  ${(ms / 1000).toFixed(1).padStart(6)} s  speed-up ${(alone / ms).toFixed(2)}`);
}
