import { type Draft, warn } from "./draft.ts";
import { type Run, toLines } from "./layout/line.ts";
import { readingOrder } from "./layout/reading-order.ts";
import { regionBlocks } from "./layout/region-blocks.ts";
import type { ReadPicture } from "./read-picture.ts";

const lowConfidence = 70;
/** Fewer or less certain characters than these are a caption or a drawing, not a page of text. */
const pageOfText = 80;
const pageConfidence = 55;
/** Words of a justified line stand far apart in a scan, where nothing says that a space is between them. */
const widestSpace = 2.2;

/** Puts what OCR read on a page into the last added picture's place: blocks for a scan, the picture's own text otherwise. */
export function addReadPage(draft: Draft, read: ReadPicture, { page, scale }: { page: number; scale: number }): void {
  const picture = draft.pictures.at(-1);
  const block = draft.blocks.at(-1);
  if (read.text !== "" && read.confidence < lowConfidence) {
    warn(draft, "ocr_confidence", `text was read from a picture with a confidence of ${read.confidence} of 100 on page ${page}; check it against the original`);
  }
  if (picture && block && (read.text.length < pageOfText || read.confidence < pageConfidence)) {
    picture.ocr = { text: read.text, confidence: read.confidence };
    block.text = read.text;
    return;
  }
  // Its text stands in blocks, so that looking at the picture again would say everything twice.
  if (picture) picture.skipped ??= "page";
  const runs = read.words.map((word) => place(word, scale));
  const body = median(runs.map((run) => run.size));
  // Heights of lines vary with their letters; only much larger ones are headings.
  for (const run of runs) if (run.size < 1.6 * body) run.size = body;
  for (const region of readingOrder(toLines(runs, widestSpace))) draft.blocks.push(...regionBlocks(region, page, { body, larger: [], boldStandsOut: false }, new Set()));
}

const place = (word: Run, scale: number): Run => ({ ...word, x: word.x * scale, y: word.y * scale, width: word.width * scale, height: word.height * scale, size: word.size * scale });

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 10;
}
