import { type Draft, warn } from "./draft.ts";
import type { ReadPicture } from "./read-picture.ts";

const lowConfidence = 70;
/** Fewer characters than this are a caption, not a page of text. */
const pageOfText = 80;

/** Puts what OCR read on a page into the last added picture's place: paragraphs for a scan, the picture's own text otherwise. */
export function addReadPage(draft: Draft, read: ReadPicture, { page, scale }: { page: number; scale: number }): void {
  const picture = draft.pictures.at(-1);
  const block = draft.blocks.at(-1);
  if (read.text !== "" && read.confidence < lowConfidence) {
    warn(draft, "ocr_confidence", `text was read from a picture with a confidence of ${read.confidence} of 100 on page ${page}; check it against the original`);
  }
  if (picture && block && read.text.length < pageOfText) {
    picture.ocr = { text: read.text, confidence: read.confidence };
    block.text = read.text;
    return;
  }
  // Its text stands in paragraphs, so that looking at the picture again would say everything twice.
  if (picture) picture.skipped ??= "page";
  for (const { text, box } of read.paragraphs) {
    const placed = { page, x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale };
    draft.blocks.push({ kind: "paragraph", text: joinLines(text), page, boxes: [placed] });
  }
}

const joinLines = (text: string): string => text.replace(/(\p{L})-\n(?=\p{Ll})/gu, "$1").replaceAll("\n", " ");
