import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { createWorker, OEM, type Worker } from "tesseract.js";
import { SluiceError } from "../errors.ts";
import type { ParseRequest } from "./parser.ts";

/** A paragraph that OCR read; the rectangle is in pixels of the picture as it was given. */
export interface ReadParagraph {
  text: string;
  confidence: number;
  box: { x: number; y: number; width: number; height: number };
}

export interface ReadPicture {
  text: string;
  /** Mean over the words, 0..100. */
  confidence: number;
  paragraphs: ReadParagraph[];
}

const require = createRequire(import.meta.url);
const readers = new Map<string, Promise<Worker>>();
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
  const paragraphs = (data.blocks ?? []).flatMap((block) => block.paragraphs).map((paragraph) => toParagraph(paragraph, scale));
  const kept = paragraphs.filter((paragraph) => paragraph.text !== "" && paragraph.confidence > 30);
  const weight = kept.reduce((sum, each) => sum + each.text.length, 0);
  const confidence = kept.reduce((sum, each) => sum + each.confidence * each.text.length, 0) / Math.max(1, weight);
  return { text: kept.map((each) => each.text).join("\n\n"), confidence: Math.round(confidence), paragraphs: kept };
}

interface Rectangle {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

function toParagraph(paragraph: { lines: { text: string }[]; confidence: number; bbox: Rectangle }, scale: number): ReadParagraph {
  const { x0, y0, x1, y1 } = paragraph.bbox;
  const text = paragraph.lines.map((line) => line.text.trim()).filter((line) => line !== "").join("\n");
  return { text, confidence: paragraph.confidence, box: { x: x0 / scale, y: y0 / scale, width: (x1 - x0) / scale, height: (y1 - y0) / scale } };
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
    return await createWorker(languages, OEM.LSTM_ONLY, { langPath, cacheMethod: "none", errorHandler: () => {} });
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
