import { readFile } from "node:fs/promises";
import { PDFParse } from "pdf-parse";
import sharp from "sharp";
import { SluiceError } from "../errors.ts";
import { pdfOptions, pdfError } from "./pdf-load.ts";

const scale = 110 / 72;
const widest = 1600;

/** A page as PNG at about 110 dpi. */
export async function render({ input, format, page, pixels }: { input: string; format: string; page: number; pixels: number }): Promise<Buffer> {
  const bytes = await readFile(input);
  if (format === "pdf") return renderPdfPage(bytes, page, scale);
  if (page !== 1) throw noPage(page, 1);
  return sharp(bytes, { limitInputPixels: pixels }).autoOrient().resize(widest, widest, { fit: "inside", withoutEnlargement: true }).png().toBuffer();
}

export async function renderPdfPage(bytes: Buffer, page: number, factor: number): Promise<Buffer> {
  const parser = new PDFParse({ ...pdfOptions(), data: new Uint8Array(bytes) });
  try {
    const { pages, total } = await parser.getScreenshot({ partial: [page], scale: factor, imageDataUrl: false, imageBuffer: true });
    const found = pages.find((each) => each.pageNumber === page);
    if (!found) throw noPage(page, total);
    return Buffer.from(found.data);
  } catch (error) {
    throw pdfError(error);
  } finally {
    await parser.destroy();
  }
}

const noPage = (page: number, pages: number): SluiceError => new SluiceError("not_found", `there is no page ${page}; the document has ${pages}`);
