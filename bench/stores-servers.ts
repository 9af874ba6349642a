// Times of the server stores: `node scripts/with-servers.ts --only neo4j,qdrant -- node bench/stores-servers.ts [chunks]` (default 10000).
// Everything in the graph database is removed first. Without Qdrant the graph alone is measured. The Qdrant that with-servers starts is
// Python's local mode: its times say nothing; name a real one in SLUICE_TEST_QDRANT_URL and SLUICE_TEST_QDRANT_KEY.
import { parseArgs } from "node:util";
import type { Scope } from "../src/data/identity.ts";
import { localPrincipal } from "../src/data/principal.ts";
import type { DocumentPlan } from "../src/stores/document-writer.ts";
import { connect } from "../src/stores/knowledge/neo4j/connect.ts";
import { openNeo4j } from "../src/stores/knowledge/neo4j/open-neo4j.ts";
import { Neo4jOptions } from "../src/stores/knowledge/neo4j/options.ts";
import { openQdrant } from "../src/stores/qdrant/open-qdrant.ts";
import { QdrantOptions } from "../src/stores/qdrant/options.ts";
import { realServer } from "../test/servers/real-servers.ts";
import { inventedPlan, vector, word } from "./invented-plan.ts";

const dimension = 1024;
const { positionals, values } = parseArgs({ allowPositionals: true, options: { keep: { type: "boolean", default: false } } });
const size = Number(positionals[0] ?? 10_000);
const scope: Scope = { tenant: "default", collection: "default" };
const here = [scope.collection];
const relationTypes = ["USES", "PART_OF", "CONTAINS", "EMPLOYS", "MANAGES", "OWNS", "LOCATED_IN", "CAUSES", "ENABLES", "REQUIRES", "CREATES", "RELATED_TO"];
const server = realServer("neo4j");
if (!server) throw new Error("SLUICE_TEST_NEO4J_URL, _USER and _PASSWORD name the server; scripts/with-servers.ts sets them");
const options = Neo4jOptions.parse({ driver: "neo4j", ...server });

const graph = await connect(options);
if (!values.keep) await graph.once("MATCH (n) WHERE NOT n:SluiceSchema CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS");
const started = performance.now();
const { knowledge, writer, close } = await openNeo4j(options, { relationTypes, entityTypes: ["ORGANIZATION"], readInFlight: async () => ({ open: new Map(), ended: new Map() }) });
const vectorServer = realServer("qdrant");
const nothing = async () => ({ open: new Map(), ended: new Map() });
const qdrantOptions = vectorServer && QdrantOptions.parse({ driver: "qdrant", ...vectorServer, collection: `bench-${Date.now()}` });
const qdrant = qdrantOptions && (await openQdrant(qdrantOptions, { readInFlight: nothing, termCounts: { idf: async () => ({ count: 0, idf: new Map() }) }, meanLength: 200 }));
const writers = [writer, ...(qdrant ? [qdrant.writer] : [])];
console.log(`open, schema included ${(performance.now() - started).toFixed(0)} ms`);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
const print = (name: string, ms: number, note = ""): void => console.log(`${name.padEnd(52)} ${ms.toFixed(0).padStart(8)} ms  ${note}`);
const held = async (): Promise<void> => {};

async function write(plan: DocumentPlan, revision: number): Promise<{ write: number; settle: number }> {
  const written = await timed(() => Promise.all(writers.map((each) => each.write([plan], new Map([[plan.documentId, revision]]), held))));
  return { write: written, settle: await timed(() => Promise.all(writers.map((each) => each.settle(plan.documentId, revision)))) };
}

async function percentiles(name: string, work: () => Promise<unknown>, runs = 40): Promise<void> {
  for (let run = 0; run < 5; run++) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await timed(work));
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(52)} p50 ${times[runs >> 1]!.toFixed(1).padStart(7)} ms  p95 ${times[Math.floor(runs * 0.95)]!.toFixed(1).padStart(7)} ms`);
}

const middle = (key: string): DocumentPlan => inventedPlan(scope, key, { chunks: 300, words: 400, mentions: 7, statements: 5, dimension: qdrant ? dimension : 0, relationTypes });
const perDocument = 250;
const filling = await timed(async () => {
  for (let place = 0; place * perDocument < size && !values.keep; place++) await write(inventedPlan(scope, `filler-${place}`, { chunks: perDocument, words: 200, mentions: 4, statements: 2, dimension: qdrant ? dimension : 0, relationTypes }), 1);
});
print(`fill to ${size} chunks`, filling, `${((1000 * filling) / size).toFixed(0)} ms per 1,000`);

// A server that has just started plans every query first: the third document shows what the others take.
for (const run of [1, 2, 3]) {
  const plan = middle(`middle-${run}`);
  const first = await write(plan, 1);
  print(`write 300 chunks, 2,100 mentions, 1,500 statements (${run})`, first.write, `settle ${first.settle.toFixed(0)} ms`);
  const again = await write(plan, 2);
  print("  the same again", again.write, `settle ${again.settle.toFixed(0)} ms`);
  const edited = await write({ ...plan, mentions: plan.mentions.map((each, at) => (at % 10 === 0 ? { ...each, description: "another description" } : each)) }, 3);
  print("  with a tenth of the mentions changed", edited.write, `settle ${edited.settle.toFixed(0)} ms`);
  if (run < 3) print("  erased", await timed(() => Promise.all(writers.map((each) => each.erase([plan.documentId])))));
}

const { documentId } = inventedPlan(scope, "filler-0", { chunks: 0, words: 0, mentions: 0, statements: 0, dimension: 0 });
const some = (await knowledge.documentChunks(localPrincipal, documentId, 100, null)).items.map(({ id }) => id);
const links = await knowledge.linksOfChunks(localPrincipal, some);
const names = [...new Set(links.map((link) => link.name))];
const entities = await knowledge.entitiesOfChunks(localPrincipal, some, 40);
let turn = 0;
const next = (): string => entities[turn++ % entities.length]!.id;

await percentiles("entity", () => knowledge.entity(localPrincipal, next()));
await percentiles("relations of an entity", () => knowledge.relations(localPrincipal, [next()], 20));
await percentiles("two-hop subgraph, 100 things", () => knowledge.graph(localPrincipal, here, next(), 2, 100));
await percentiles("two-hop subgraph, 25 things", () => knowledge.graph(localPrincipal, here, next(), 2, 25));
await percentiles("links of 100 chunks", () => knowledge.linksOfChunks(localPrincipal, some));
await percentiles(`links of ${names.length} names`, () => knowledge.linksOfNames(localPrincipal, here, names, size / 20), 10);
await percentiles("known entities, 20 names", () => knowledge.known(localPrincipal, scope.collection, names.slice(0, 20)), 10);
await percentiles("search entities", () => knowledge.search(localPrincipal, here, "thing", null, 20, null), 10);
await percentiles("chunks, 20", () => knowledge.chunks(localPrincipal, some.slice(0, 20)));
await percentiles("ten most connected", () => knowledge.mostConnected(localPrincipal, here, 10), 5);
await percentiles("counts", () => knowledge.counts(localPrincipal, here), 5);
if (qdrant) {
  const words = (): Map<string, number> => new Map(["w0", "w1", "w2", ...Array.from({ length: 7 }, word)].map((each, place) => [each, place < 3 ? 0.1 : 5]));
  await percentiles(`vectors, ${size} x ${dimension}, 50 best`, () => qdrant.vectors.search(localPrincipal, here, { name: "bench", dimension }, vector(dimension), 50, {}));
  await percentiles("text, 10 words with 3 in almost every chunk, 100 best", () => qdrant.text.search(localPrincipal, here, words(), 100, {}));
  await qdrant.writer.erase(await Array.fromAsync(qdrant.writer.documents()));
}
await close();
await graph.close();
