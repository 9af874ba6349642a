import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { localPrincipal } from "../src/data/principal.ts";
import type { Answer } from "../src/data/query.ts";
import { noModels, openBenchApp } from "./open-bench-app.ts";
import { half, type Row, score } from "./score-answers.ts";

/**
 * The built-in answer (no model) on HotpotQA, each question asked twice: of all passages, and of those that no question needs,
 * where "not in the documents" is right. Even lines are for tuning, odd ones are looked at only here.
 * usage: bench/answers.ts FOLDER [--data DIR] [--json] [--show]   FOLDER holds hotpotqa_train.json and hotpotqa_train_corpus.json;
 * DIR keeps what was read for the next run; --show prints the even lines' answers
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { data: { type: "string" }, json: { type: "boolean" }, show: { type: "boolean" } } });
const folder = positionals[0];
if (!folder) throw new Error("usage: bench/answers.ts FOLDER [--data DIR] [--json] [--show]");

const Question = z.object({ question: z.string(), answer: z.string(), supporting_facts: z.array(z.tuple([z.string(), z.number()])) });
const questions = z.array(Question).parse(JSON.parse(await readFile(join(folder, "hotpotqa_train.json"), "utf8")));
const corpus = z.record(z.string(), z.array(z.string())).parse(JSON.parse(await readFile(join(folder, "hotpotqa_train_corpus.json"), "utf8")));

const fileOf = (title: string) => `${title.replaceAll("/", "_")}.md`;
const sentencesOf = new Map(Object.entries(corpus).map(([title, sentences]) => [fileOf(title), sentences]));
const needed = new Set(questions.flatMap((each) => each.supporting_facts.map(([title]) => title)));

const bench = await openBenchApp([noModels, { jobs: { concurrency: 4 } }], values.data);
const jobs: string[] = [];
for (const [title, sentences] of Object.entries(corpus)) {
  const text = `# ${title}\n\n${sentences.join(" ")}\n`;
  jobs.push(await bench.add(fileOf(title), text));
  if (!needed.has(title)) jobs.push(await bench.add(fileOf(title), text, "without"));
}
for (const id of jobs) await bench.ended(id);

const ask = (question: string, collection: string): Promise<Answer> =>
  bench.app.query(localPrincipal, { question, collections: [collection], limit: 8, retrieval: "hybrid", answer: true, filters: {} }, { signal: new AbortController().signal });

const rows: Row[] = [];
for (const { question, answer, supporting_facts } of questions) {
  const gold = supporting_facts.map(([title, index]) => `${fileOf(title)}#${index}`);
  rows.push({ question, gold, answer, found: await ask(question, "default"), without: await ask(question, "without") });
}
await bench.end();

const scores = { even: score(half(rows, "even"), sentencesOf), odd: score(half(rows, "odd"), sentencesOf), all: score(rows, sentencesOf) };
if (values.json) console.log(JSON.stringify(scores));
else for (const [name, each] of Object.entries(scores)) console.log(name.padEnd(5), JSON.stringify(each));
if (values.show) {
  for (const { question, answer, gold, found, without } of half(rows, "even")) {
    console.log(`\n${question}  (${answer}; ${gold.join(", ")})\n  ${found.answer}\n  ${found.citations.map((each) => each.document).join(" | ")}\n  without: ${without.answer}`);
  }
}
