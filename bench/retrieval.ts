import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { localPrincipal } from "../src/data/principal.ts";
import type { RetrievalMode } from "../src/data/query.ts";
import { noModels, openBenchApp } from "./open-bench-app.ts";

/**
 * Recall of gold passages on HotpotQA (100 questions over 994 passages), for the odd and the even questions.
 * usage: bench/retrieval.ts FOLDER [--model URL] [--data DIR]   FOLDER holds hotpotqa_train.json and hotpotqa_train_corpus.json
 */
const [folder, ...rest] = process.argv.slice(2);
if (!folder) throw new Error("usage: bench/retrieval.ts FOLDER [--model URL] [--data DIR]");
const option = (name: string) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);

const Question = z.object({ question: z.string(), supporting_facts: z.array(z.tuple([z.string(), z.number()])) });
const questions = z.array(Question).parse(JSON.parse(await readFile(join(folder, "hotpotqa_train.json"), "utf8")));
const Corpus = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const corpus = Corpus.parse(JSON.parse(await readFile(join(folder, "hotpotqa_train_corpus.json"), "utf8")));

const model = option("--model");
const bench = await openBenchApp([model ? { models: { backends: [{ id: "ollama", url: model }] } } : noModels, { jobs: { concurrency: 4 } }], option("--data"));
const jobs: string[] = [];
for (const [title, text] of Object.entries(corpus)) jobs.push(await bench.add(`${title.replaceAll("/", "_")}.md`, `# ${title}\n\n${Array.isArray(text) ? text.join(" ") : text}\n`));
for (const id of jobs) await bench.ended(id);

interface Score {
  r: Record<1 | 2 | 5 | 10, number>;
  all5: number;
}

async function measure(mode: RetrievalMode): Promise<Score[]> {
  const scores: Score[] = [];
  for (const { question, supporting_facts } of questions) {
    const gold = new Set(supporting_facts.map(([title]) => `${title.replaceAll("/", "_")}.md`));
    const request = { question, collections: ["default"], limit: 20, retrieval: mode, answer: false, filters: {} };
    const { passages } = await bench.app.query(localPrincipal, request, { signal: new AbortController().signal });
    const titles = [...new Set(passages.map((each) => each.document))];
    const recall = (k: number) => titles.slice(0, k).filter((title) => gold.has(title ?? "")).length / gold.size;
    scores.push({ r: { 1: recall(1), 2: recall(2), 5: recall(5), 10: recall(10) }, all5: recall(5) === 1 ? 1 : 0 });
  }
  return scores;
}

const mean = (values: number[]) => ((100 * values.reduce((a, b) => a + b, 0)) / values.length).toFixed(1);
const line = (name: string, scores: Score[]) =>
  console.log(name.padEnd(24), ...([1, 2, 5, 10] as const).map((k) => `R@${k} ${mean(scores.map((each) => each.r[k]))}`), `all@5 ${mean(scores.map((each) => each.all5))}`);

for (const mode of model ? (["text", "vector", "hybrid"] as const) : (["text", "hybrid"] as const)) {
  const scores = await measure(mode);
  line(mode, scores);
  line(`${mode}, odd questions`, scores.filter((_, index) => index % 2 === 0));
  line(`${mode}, even questions`, scores.filter((_, index) => index % 2 === 1));
}
await bench.end();
