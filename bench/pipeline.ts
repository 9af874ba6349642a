import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { startModelServer } from "../test/servers/model-server/model-server.ts";
import { openBenchApp } from "./open-bench-app.ts";

/**
 * 100 documents against the scripted model server (200 ms, 4 slots): makespan ÷ ideal (Σ service time ÷ slots), prompt tokens ÷
 * document tokens, and our own CPU per document. One document goes ahead, as on a server that is up; `--cold` leaves it out.
 * usage: bench/pipeline.ts [DOCUMENTS] [--cold]
 */
const documents = Number(process.argv[2] ?? 100);
const latencyMs = 200;
const slots = 4;
const server = await startModelServer({ role: "local", latencyMs, slots, record: false });
const bench = await openBenchApp([{ models: { backends: [{ id: "ollama", url: server.url, slots }] } }]);

const paragraph = (n: number) =>
  `Marlow${n} Works runs a turbine plant in Cuxhaven and buys bearings from Esbrand Bearings A/S in Esbjerg. In ${1990 + (n % 35)} the plant made ${n + 100} rotor blades of model M-${n % 31}, each ${20 + (n % 9)} metres long. The harbour authority inspected the quay, the crane and the test rig, and asked for a new guard rail before the end of the year. `;
const texts = Array.from({ length: documents }, (_, n) => `# Site report ${n}\n\n${Array.from({ length: 11 }, (_row, index) => paragraph(n * 11 + index)).join("\n\n")}`);
const documentTokens = texts.reduce((sum, text) => sum + countTokens(text), 0);

if (!process.argv.includes("--cold")) await bench.ended(await bench.add("first.md", "# Site report\n\nThe quay in Esbjerg is open."));
const servedMs = server.stats.serviceMs;
const started = performance.now();
const cpu = process.cpuUsage();
const jobs: string[] = [];
for (const [n, text] of texts.entries()) jobs.push(await bench.add(`site-${n}.md`, text));
let promptTokens = 0;
for (const id of jobs) promptTokens += (await bench.ended(id)).cost.promptTokens;
const makespan = performance.now() - started;
const used = process.cpuUsage(cpu);
const ideal = (server.stats.serviceMs - servedMs) / slots;
console.log(`${documents} documents, ${server.stats.calls} calls of ${latencyMs} ms in ${slots} slots`);
console.log(`makespan ${(makespan / 1000).toFixed(1)} s ÷ ideal ${(ideal / 1000).toFixed(1)} s = ${(makespan / ideal).toFixed(2)}`);
console.log(`prompt tokens ÷ document tokens = ${(promptTokens / documentTokens).toFixed(2)}`);
console.log(`CPU of this process (model server included) per document ${((used.user + used.system) / 1e6 / documents).toFixed(2)} s`);
await bench.end();
await server.close();
