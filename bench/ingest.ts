import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { PDFParse } from "pdf-parse";
import { formatById } from "../src/parsers/formats.ts";
import { openParsers } from "../src/parsers/parse.ts";
import { lorem, makePdf, saveAs } from "../test/parsers/sample-files.ts";

/**
 * `node bench/ingest.ts [FOLDER]`: PDFs a second through our parsers (child processes, layout, pictures) next to bare
 * pdf-parse (text only, in this process) on the same files. Aim: ratio of at least .5.
 */
interface Measured {
  seconds: number;
  pages: number;
}

const rounds = 3;

const files = process.argv[2] ? await pdfsOf(process.argv[2]) : await generate();
const bytes = (await Promise.all(files.map((file) => readFile(file)))).reduce((sum, file) => sum + file.length, 0);
const parsers = openParsers();
const output = await mkdtemp(join(tmpdir(), "sluice-bench-"));

// Both are measured warm, and in turn, so that a busy machine slows both.
await Promise.all(files.slice(0, availableParallelism() * 2).map(parseOurs));
await bare(files.slice(0, 1));
const ratios: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const theirs = await bare(files);
  const ours = await parseAll();
  ratios.push(theirs.seconds / ours.seconds);
  console.log(JSON.stringify({ round, files: files.length, pages: ours.pages, ours: rates(ours), pdfParse: rates(theirs), ratio: two(theirs.seconds / ours.seconds) }));
}
console.log(JSON.stringify({ bench: "ingest", processes: availableParallelism(), medianRatio: two(ratios.sort((a, b) => a - b)[1]!), aim: 0.5 }));
await parsers.close();
await rm(output, { recursive: true });

async function bare(paths: string[]): Promise<Measured> {
  const start = performance.now();
  let pages = 0;
  for (const path of paths) {
    const parser = new PDFParse({ data: new Uint8Array(await readFile(path)) });
    pages += (await parser.getText()).total;
    await parser.destroy();
  }
  return { seconds: (performance.now() - start) / 1000, pages };
}

async function parseAll(): Promise<Measured> {
  const start = performance.now();
  const pages = await Promise.all(files.map(parseOurs));
  return { seconds: (performance.now() - start) / 1000, pages: pages.reduce((sum, count) => sum + count, 0) };
}

async function parseOurs(input: string): Promise<number> {
  const folder = await mkdtemp(join(output, "file-"));
  const request = { input, output: folder, format: formatById("pdf"), ocrPictures: false, ocrLanguages: ["eng"] };
  return (await parsers.parse(request, new AbortController().signal)).pages;
}

function rates({ seconds, pages }: Measured): { pagesPerSecond: number; megabytesPerSecond: number } {
  return { pagesPerSecond: two(pages / seconds), megabytesPerSecond: two(bytes / 1e6 / seconds) };
}

function two(value: number): number {
  return Math.round(value * 100) / 100;
}

async function pdfsOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.toLowerCase().endsWith(".pdf"));
  if (names.length === 0) throw new Error(`no PDF in ${folder}`);
  return names.map((name) => join(folder, name));
}

/** Twenty reports of ten pages. */
async function generate(): Promise<string[]> {
  const paths: string[] = [];
  for (let file = 0; file < 20; file++) {
    const pdf = await makePdf((page) => {
      for (let chapter = 1; chapter <= 10; chapter++) {
        if (chapter > 1) page.addPage();
        page.fontSize(18).text(`Chapter ${chapter} of report ${file}`).moveDown().fontSize(11);
        for (let paragraph = 0; paragraph < 7; paragraph++) page.text(lorem.repeat(2)).moveDown();
      }
    });
    paths.push(await saveAs(`report-${file}.pdf`, pdf));
  }
  return paths;
}
