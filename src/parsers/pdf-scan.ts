import { addReadPage } from "./add-read-page.ts";
import type { Draft } from "./draft.ts";
import type { ParseRequest } from "./parser.ts";
import type { PdfPage } from "./pdf-page.ts";
import { addPicture } from "./save-picture.ts";

const scanScale = 200 / 72;
const fewLetters = 20;
/** Of the page; with a few letters beside it a picture must be larger to be a scan. */
const shareWithLetters = 0.3;
const shareAlone = 0.05;

/** A page that shows pictures or shapes but has next to no text. */
export function isScanned(page: PdfPage): boolean {
  const letters = page.runs.reduce((sum, run) => sum + run.text.trim().length, 0);
  if (letters >= fewLetters) return false;
  const covered = page.pictures.reduce((sum, { box }) => sum + box.width * box.height, 0);
  const share = covered / (page.width * page.height);
  return letters === 0 ? share > shareAlone || page.painted : share > shareWithLetters;
}

/** Draws the page and reads it with OCR; its boxes are in points of the page. */
export async function addScannedPage(draft: Draft, request: ParseRequest, bytes: Buffer, page: PdfPage): Promise<void> {
  const { renderPdfPage } = await import("./render-page.ts");
  const { readPicture } = await import("./read-picture.ts");
  const scale = Math.min(scanScale, Math.sqrt(request.limits.pixels / (page.width * page.height)), 4000 / Math.max(page.width, page.height));
  const png = await renderPdfPage(bytes, page.number, scale);
  const read = await readPicture(png, request);
  page.runs = [];
  page.turned = [];
  const box = { page: page.number, x: 0, y: 0, width: page.width, height: page.height };
  await addPicture(draft, { ...request, ocrPictures: false }, { bytes: png, page: page.number, box, altText: "" });
  addReadPage(draft, read, { page: page.number, scale: 1 / scale });
}
