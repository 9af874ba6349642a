import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { createWorker, type Line, OEM, PSM, type Worker } from "tesseract.js";
import { SluiceError } from "../errors.ts";
import type { Run } from "./layout/line.ts";
import type { ParseRequest } from "./parser.ts";

export interface ReadPicture {
  text: string;
  /** Mean over the words, 0..100. */
  confidence: number;
  /** Words with places in pixels of the picture as it was given; all words of a line have its height. */
  words: Run[];
}

const require = createRequire(import.meta.url);
const readers = new Map<string, Promise<Worker>>();
/** Lines of less confidence are shapes taken for letters. */
const unreadable = 30;
/** Letters are read best when a line is about 30 pixels high. */
const enlargeBelow = 1000;
const shrinkAbove = 4000;

/** Reads a picture with local OCR; Tesseract is given PNG made by sharp only, since other input can crash it. */
export async function readPicture(picture: Buffer, request: Pick<ParseRequest, "output" | "ocrLanguages">): Promise<ReadPicture> {
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  const longest = Math.max(width, height, 1);
  const scale = longest < enlargeBelow ? 2 : Math.min(1, shrinkAbove / longest);
  const png = await sharp(picture).flatten({ background: "#fff" }).greyscale().resize(Math.max(8, Math.round(width * scale))).png({ compressionLevel: 1 }).toBuffer();
  const worker = await reader(request.ocrLanguages, request.output);
  const { data } = await worker.recognize(png, {}, { text: false, blocks: true });
  const lines = (data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
  const kept = lines.filter((line) => line.confidence > unreadable && line.text.trim() !== "");
  const weight = kept.reduce((sum, line) => sum + line.text.length, 0);
  const confidence = kept.reduce((sum, line) => sum + line.confidence * line.text.length, 0) / Math.max(1, weight);
  return { text: kept.map((line) => line.text.trim()).join("\n"), confidence: Math.round(confidence), words: kept.flatMap((line) => toWords(line, scale)) };
}

function toWords(line: Line, scale: number): Run[] {
  const height = (line.bbox.y1 - line.bbox.y0) / scale;
  return line.words.map(({ text, bbox }) => ({ text, x: bbox.x0 / scale, y: line.bbox.y0 / scale, width: (bbox.x1 - bbox.x0) / scale, height, size: 0.75 * height, bold: false }));
}

function reader(languages: string[], folder: string): Promise<Worker> {
  const key = languages.join("+");
  const known = readers.get(key) ?? startReader(languages, folder);
  readers.set(key, known);
  return known;
}

/** Tesseract takes all languages from one folder, and each comes in a package of its own. */
async function startReader(languages: string[], folder: string): Promise<Worker> {
  const langPath = await mkdtemp(join(folder, "languages-"));
  try {
    for (const code of languages) await copyFile(trained(code), join(langPath, `${code}.traineddata.gz`));
    // Without a handler of its own a failed job ends the process.
    const worker = await createWorker(languages, OEM.LSTM_ONLY, { langPath, cacheMethod: "none", errorHandler: () => {} });
    await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO });
    return worker;
  } finally {
    await rm(langPath, { recursive: true, force: true });
  }
}

function trained(code: string): string {
  if (!/^[a-z_]{3,12}$/.test(code)) throw new SluiceError("config", "an OCR language is named by three letters, such as eng or deu");
  try {
    const folder = dirname(require.resolve(`@tesseract.js-data/${code}/package.json`));
    return join(folder, "4.0.0_best_int", `${code}.traineddata.gz`);
  } catch (cause) {
    throw new SluiceError("config", `the OCR language ${code} is not installed; install @tesseract.js-data/${code} or take it out of the list`, { cause });
  }
}
