import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { Bit, loadLists } from "../src/language/lists.ts";
import { wordReader } from "../src/language/recogniser/words.ts";
import { packageRoot } from "../src/workers/package-root.ts";
import { chunksOf, readCorpus, readEvenLines } from "./train-names/corpus.ts";
import { collectPools } from "./train-names/pools.ts";
import { randomFrom, shuffled } from "./train-names/random.ts";
import { saveModel } from "./train-names/save.ts";
import { fillTemplates } from "./train-names/templates.ts";
import type { Templates } from "./train-names/more-templates.ts";
import { openTrainer } from "./train-names/train.ts";
import { isChosen, varied } from "./train-names/vary.ts";

// npm run train:names -- FOLDER [--epochs 5] [--out config/language/names.bin]: FOLDER holds the corpora, FOLDER/../pii the
// annotated texts whose even lines are learnt too. The same input gives the same file; about a minute and a half, 600 MB.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { epochs: { type: "string", default: "5" }, out: { type: "string", default: join(packageRoot, "config", "language", "names.bin") } } });
const [folder] = positionals;
if (!folder) throw new Error("usage: npm run train:names -- FOLDER [--epochs 5] [--out FILE]");

const lists = loadLists();
const corpus = readCorpus(folder).flatMap((line) => chunksOf(line, lists));
const unzipped = (file: string): string => gunzipSync(readFileSync(join(folder, file))).toString("utf8");
const pools = collectPools(corpus, unzipped("gazetteer.tsv.gz"), unzipped("common.txt.gz"), lists);
const pii = resolve(folder, "..", "pii");
const even = [...readEvenLines(pii, "de", 3), ...readEvenLines(pii, "fr", 3), ...readEvenLines(pii, "en", 2)].flatMap((line) => chunksOf(line, lists));
const templates = JSON.parse(readFileSync(join(folder, "templates.json"), "utf8")) as Templates;
const plain = wordReader(lists, Infinity);
const nameless = wordReader(lists, Infinity, Bit.first | Bit.last | Bit.place);
const trainer = openTrainer();
const epochs = Number(values.epochs);
console.log(`${corpus.length} chunks, ${even.length} of even lines`);

for (let epoch = 0; epoch < epochs; epoch++) {
  const random = randomFrom(1000 + epoch);
  const filled = fillTemplates(templates, pools, 4500, random).flatMap((line) => chunksOf(line, lists));
  const chunks = shuffled([...corpus.filter((chunk) => isChosen(chunk, random)), ...even, ...filled], random);
  const started = performance.now();
  let words = 0;
  for (const [number, chunk] of chunks.entries()) {
    const done = (epoch + number / chunks.length) / epochs;
    const reader = random() < .15 ? nameless : plain;
    trainer.learn(varied(chunk, pools, lists, random).map(reader), chunk.labels, .15 * (.02 / .15) ** done);
    words += chunk.pieces.length;
  }
  console.log(`epoch ${epoch + 1}: ${chunks.length} chunks, ${words} words, ${Math.round((performance.now() - started) / 1000)} s`);
}
const bytes = saveModel(trainer, values.out);
console.log(`${values.out}: ${bytes} bytes (${statSync(values.out).size})`);
