// `node scripts/check-demo.mjs strict|balanced`, with what `npm run --silent demo -- --model-server --json` wrote on stdin: which
// classes the scripted cloud was asked about. Plain JavaScript, since the Node of a fresh machine runs it.
import { readFileSync } from "node:fs";

const policy = process.argv[2];
const lines = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const jobs = lines.filter(({ kind }) => kind === "ingest");
const asked = jobs.filter(({ decisions }) => decisions.some(({ location }) => location === "cloud"));
const answers = lines.filter(({ question }) => question !== undefined);
const wrong = [];

const expect = (holds, words) => holds || wrong.push(words);
expect(jobs.length >= 10 && jobs.every(({ status }) => status === "done"), "every sample is done");
expect(asked.filter((job) => job.class === "public").length >= 2, "at least two public samples show a cloud decision");
expect(answers.length === 3 && answers.every(({ citations }) => citations.length > 0), "three questions have cited answers");
const others = asked.filter((job) => job.class !== "public");
if (policy === "strict") expect(others.length === 0, "nothing but public text went to the cloud");
else {
  expect(others.length > 0 && others.every((job) => job.class === "internal"), "internal text, and nothing above it, went to the cloud with its names replaced");
  const entities = lines.find((line) => line.entities)?.entities ?? [];
  expect(!JSON.stringify([entities, answers]).match(/\[(PERSON|EMAIL|PHONE)_\d/), "no placeholder comes back");
}
for (const each of wrong) console.error(`does not hold: ${each}`);
console.log(`${policy}: ${asked.length} of ${jobs.length} documents asked the cloud (${asked.map((job) => `${job.name} ${job.class}`).join(", ")})`);
process.exitCode = wrong.length > 0 ? 1 : 0;
