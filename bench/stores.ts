// Times of the embedded stores on invented data: `node bench/stores.ts [chunks] [--dimension 1024] [--words 200] [--data DIR]` (default 10000
// chunks). A folder that is named is kept; when it is filled already only the questions are timed.
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sha256, type Scope } from "../src/data/identity.ts";
import { localPrincipal } from "../src/data/principal.ts";
import type { DocumentPlan } from "../src/stores/document-writer.ts";
import { embeddedSchemas } from "../src/stores/embedded-schemas.ts";
import { openDocumentWriter } from "../src/stores/embedded-writer.ts";
import { openKnowledgeStore } from "../src/stores/knowledge/embedded-knowledge-store.ts";
import { openLedger } from "../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../src/stores/ledger/schema.ts";
import { openSqlite } from "../src/stores/sqlite/open-sqlite.ts";
import { openTextIndex } from "../src/stores/text/embedded-text-index.ts";
import { openVectorStore } from "../src/stores/vectors/embedded-vector-store.ts";
import { inventedPlan, vector, word } from "./invented-plan.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { dimension: { type: "string", default: "1024" }, words: { type: "string", default: "200" }, data: { type: "string" } } });
const size = Number(positionals[0] ?? 10_000);
const dimension = Number(values.dimension);
const scope: Scope = { tenant: "default", collection: "default" };
const model = { name: "bench", dimension };

const folder = values.data ?? mkdtempSync(join(tmpdir(), "sluice-bench-"));
const path = join(folder, "sluice.db");
const isFilled = existsSync(path);
const database = await openSqlite({ path, schemas: [ledgerSchema, ...embeddedSchemas] });
const ledger = openLedger(database);
const text = openTextIndex(database);
const vectors = openVectorStore(database);
const knowledge = openKnowledgeStore(database);
const writer = openDocumentWriter(database, { meanLength: 200 });
const delay = monitorEventLoopDelay({ resolution: 5 });
const here = [scope.collection];

let processor = 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  processor = (user + system) / 1000;
  return performance.now() - start;
}

async function write(planned: DocumentPlan, key: string): Promise<number> {
  const upload = { scope, key, name: key, mediaType: "text/plain", bytes: 1, sha256: sha256(randomUUID()), floor: "public" as const, parentId: null, kind: "ingest" as const };
  const { job, document } = await ledger.documents.accept(localPrincipal, upload, { maxQueued: 1e6, idempotencyKey: null });
  const lease = (await ledger.jobs.claim(job.id, "bench", 600_000))!;
  const ms = await timed(() => writer.replace([{ ...planned, version: document.version }], lease));
  const spent = processor;
  await ledger.jobs.finish(lease, "done", {});
  processor = spent;
  return ms;
}

// Wall time says little on a busy machine; the processor's time of all threads is printed beside it.
const print = (name: string, ms: number, note = ""): void => console.log(`${name.padEnd(52)} ${ms.toFixed(1).padStart(9)} ms  ${note || `processor ${processor.toFixed(0)} ms`}`);

async function percentiles(name: string, work: () => Promise<unknown>, runs = 40): Promise<void> {
  for (let run = 0; run < 3; run++) await work();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) times.push(await timed(work));
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(52)} p50 ${times[runs >> 1]!.toFixed(1).padStart(7)} ms  p95 ${times[Math.floor(runs * 0.95)]!.toFixed(1).padStart(7)} ms  processor ${((user + system) / 1000 / runs).toFixed(1).padStart(7)} ms`);
}

async function fill(): Promise<void> {
  delay.enable();
  print("write 300 chunks, 2,100 mentions, 1,500 statements", await write(middle, "middle"));
  print("write the same again", await write(middle, "middle"));
  const big = inventedPlan(scope, "big", { chunks: 1000, dimension, words: 200, mentions: 2, statements: 1 });
  print("write 1,000 chunks", await write(big, "big"));
  print("write 1,000 chunks again", await write(big, "big"));
  const job = await ledger.jobs.create({ ...scope, documentId: big.documentId, name: "", kind: "erase" });
  const lease = (await ledger.jobs.claim(job.id, "bench", 600_000))!;
  print("erase 1,000 chunks", await timed(() => writer.erase(big.documentId, lease)));
  print("longest wait of the event loop while writing", delay.max / 1e6, "making the invented data included");

  const perDocument = 250;
  const filling = await timed(async () => {
    for (let place = 0; place * perDocument < size; place++) await write(inventedPlan(scope, `filler-${place}`, { chunks: perDocument, dimension, words: Number(values.words), mentions: 4, statements: 2 }), `filler-${place}`);
  });
  print(`fill to ${size} chunks`, filling, `${((1000 * filling) / size).toFixed(0)} ms per 1,000; ${(statSync(path).size / 2 ** 20).toFixed(0)} MB`);
}

const middle = inventedPlan(scope, "middle", { chunks: 300, dimension, words: 400, mentions: 7, statements: 5 });
if (!isFilled) await fill();

const question = (): string[] => ["w0", "w1", "w2", ...Array.from({ length: 7 }, word)];
await percentiles(`vectors, ${size} x ${dimension}, 50 best`, () => vectors.search(localPrincipal, here, model, vector(dimension), 50, {}));
await percentiles("text, 10 words with 3 in almost every chunk, 100 best", async () => {
  const { idf } = await text.idf(localPrincipal, here, question());
  return text.search(localPrincipal, here, idf, 100, {});
});
await percentiles("phrase of two frequent words", () => text.phrases(localPrincipal, here, [["w0", "w1"]], 500));
const someChunks = middle.chunks.slice(0, 100).map((chunk) => chunk.id);
const someNames = [...new Set((await knowledge.linksOfChunks(localPrincipal, someChunks)).map((link) => link.name))];
await percentiles("links of 100 chunks", () => knowledge.linksOfChunks(localPrincipal, someChunks));
await percentiles(`links of ${someNames.length} names`, () => knowledge.linksOfNames(localPrincipal, here, someNames, size / 20));
await percentiles("known entities, 20 names", () => knowledge.known(localPrincipal, "default", someNames.slice(0, 20)));
await percentiles("search entities", () => knowledge.search(localPrincipal, here, "thing", null, 20, null));
await percentiles("graph, two hops, 100 things", () => knowledge.graph(localPrincipal, here, middle.mentions[0]!.entityId, 2, 100));
await percentiles("ten most connected", () => knowledge.mostConnected(localPrincipal, here, 10), 10);
await percentiles("counts", () => knowledge.counts(localPrincipal, here), 10);

await database.close();
if (!values.data) rmSync(folder, { recursive: true, force: true });
