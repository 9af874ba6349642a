import { localPrincipal } from "../src/data/principal.ts";
import { noModels, openBenchApp, percentile } from "./open-bench-app.ts";

/** p50 and p95 of a question without an answer at about 10,000 chunks, no model. usage: bench/query.ts [CHUNKS] [--data DIR] */
const chunks = Number(process.argv[2] ?? 10_000);
const at = process.argv.indexOf("--data");
const bench = await openBenchApp([noModels, { jobs: { concurrency: 2 } }], at > 0 ? process.argv[at + 1] : undefined);

const places = ["Aberdeen", "Bergen", "Cuxhaven", "Delft", "Esbjerg", "Ferrol", "Gdansk", "Hull", "Izola", "Jersey"];
const things = ["turbine", "bearing", "cable", "mooring", "inverter", "blade", "gearbox", "hull", "buoy", "crane"];
const perDocument = 200;
const company = (n: number) => `Marlow${n % 997} Works`;
const section = (n: number) =>
  `## Site ${n}\n\n${`${company(n)} runs a ${things[n % 10]} plant in ${places[Math.floor(n / 10) % 10]}. It buys from ${company(n * 7 + 3)} and sells to ${company(n * 13 + 5)}. In ${1990 + (n % 35)} it made ${n} units of model M-${n % 311}. `.repeat(6)}\n`;

const jobs: string[] = [];
for (let document = 0; document * perDocument < chunks; document++) {
  const body = Array.from({ length: perDocument }, (_, index) => section(document * perDocument + index)).join("\n");
  jobs.push(await bench.add(`report-${document}.md`, `# Report ${document}\n\n${body}`));
}
for (const id of jobs) await bench.ended(id);

const times: number[] = [];
const ask = async (n: number) => {
  const question = `Where does the company that sells to ${company(n)} run its ${things[n % 10]} plant?`;
  const started = performance.now();
  await bench.app.query(localPrincipal, { question, collections: ["default"], limit: 8, retrieval: "hybrid", answer: false, filters: {} }, { signal: new AbortController().signal });
  return performance.now() - started;
};
for (let n = 0; n < 20; n++) await ask(n);
for (let n = 0; n < 200; n++) times.push(await ask(n * 37));
const { items } = await bench.app.documents.list(localPrincipal, { collection: "default", limit: 100, cursor: null });
const total = items.reduce((sum, each) => sum + each.counts.chunks, 0);
console.log(`${total} chunks; question without an answer: p50 ${percentile(times, 50).toFixed(1)} ms, p95 ${percentile(times, 95).toFixed(1)} ms`);
await bench.end();
