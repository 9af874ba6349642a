import { parseArgs } from "node:util";
import { startModelServer } from "../test/servers/model-server/model-server.ts";
import { openBenchApp } from "./open-bench-app.ts";

/**
 * Memory of one process that works through many documents on the scripted model server: resident and heap in MB after each
 * tenth of them. usage: node --expose-gc bench/memory.ts [DOCUMENTS] (default 1000)
 */
const { positionals } = parseArgs({ allowPositionals: true });
const documents = Number(positionals[0] ?? 1000);
const server = await startModelServer({ role: "local", latencyMs: 0, record: false });
const bench = await openBenchApp([{ models: { backends: [{ id: "ollama", url: server.url, slots: 4 }] }, jobs: { concurrency: 4 } }]);

const text = (n: number): string => `# Report ${n}\n\n${Array.from({ length: 8 }, (_, at) => `Marlow${n % 97} Works buys bearing ${n}-${at} from Esbrand Bearings A/S in Esbjerg and ships it to plant ${at} in Cuxhaven.`).join("\n\n")}`;
const seen: number[] = [];
for (let tenth = 0; tenth < 10; tenth++) {
  const jobs: string[] = [];
  for (let n = 0; n < documents / 10; n++) jobs.push(await bench.add(`report-${tenth}-${n}.md`, text(tenth * 1000 + n)));
  for (const id of jobs) await bench.ended(id);
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  seen.push(rss / 1e6);
  console.log(`${String(((tenth + 1) * documents) / 10).padStart(6)} documents  resident ${(rss / 1e6).toFixed(0).padStart(5)} MB  heap ${(heapUsed / 1e6).toFixed(0).padStart(5)} MB`);
}
console.log(`resident at the end ÷ after the first fifth = ${(seen.at(-1)! / seen[1]!).toFixed(2)}`);
await bench.end();
await server.close();
