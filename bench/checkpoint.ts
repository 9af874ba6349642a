// Bytes of checkpoints per document of 1,000 passages: `node bench/checkpoint.ts`. Aim: at most 50 KB.
import { join } from "node:path";
import Database from "better-sqlite3";
import { startModelServer } from "../test/servers/model-server/model-server.ts";
import { noModels, openBenchApp } from "./open-bench-app.ts";

const passages = 1000;

/** Sections of a sentence each, every one a passage of its own. */
const report = Array.from({ length: passages }, (_, index) => `# Crane ${index + 1}\n\nVelden Marine GmbH delivers crane number ${index + 1} to the harbour of Ostwick in ${1900 + (index % 100)}.`).join("\n\n");

export interface CheckpointSize {
  passages: number;
  checkpoints: number;
  /** Of states, metadata and pending writes in the thread. */
  bytes: number;
  largest: number;
}

/** What LangGraph's saver keeps of all threads in this data folder. */
export function checkpointSize(folder: string): Omit<CheckpointSize, "passages"> {
  const database = new Database(join(folder, "checkpoints.sqlite"), { readonly: true });
  try {
    const states = database.prepare("SELECT count(*) AS count, sum(length(checkpoint) + length(metadata)) AS bytes, max(length(checkpoint)) AS largest FROM checkpoints").get() as { count: number; bytes: number; largest: number };
    const writes = database.prepare("SELECT coalesce(sum(length(value)), 0) FROM writes").pluck().get() as number;
    return { checkpoints: states.count, bytes: states.bytes + writes, largest: states.largest };
  } finally {
    database.close();
  }
}

export async function measureCheckpoints(values: unknown[]): Promise<CheckpointSize & { folder: string; end(): Promise<void> }> {
  const bench = await openBenchApp([...values, { chunks: { target: 60, hard: 120, join: 0 }, telemetry: { log: "silent" } }]);
  const job = await bench.ended(await bench.add("cranes.md", report));
  return { passages: job.counts.chunks, ...checkpointSize(bench.folder), folder: bench.folder, end: bench.end };
}

if (import.meta.main) {
  const server = await startModelServer({ role: "local", record: false });
  for (const [how, values] of [["built-in", noModels], ["model server", { models: { backends: [{ id: "ollama", url: server.url, slots: 16 }] } }]] as const) {
    const { folder: _, end, ...size } = await measureCheckpoints([values]);
    process.stdout.write(`${how}: ${size.passages} passages, ${size.checkpoints} checkpoints, ${(size.bytes / 1024).toFixed(1)} KB in all, the largest ${(size.largest / 1024).toFixed(1)} KB\n`);
    await end();
  }
  await server.close();
}
