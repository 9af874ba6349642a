import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { type Draft, warn } from "./draft.ts";
import type { ParseRequest } from "./parser.ts";
import type { PdfPage } from "./pdf-page.ts";
import { addPicture } from "./save-picture.ts";

interface Pixels {
  width: number;
  height: number;
  data?: Uint8Array | Uint8ClampedArray;
  kind?: number;
}

const mostOfDocument = 500;
const waitForPicture = 5000;
/** Smaller ones are bullets and pieces of rules; keeping each would cost more than the page. */
const smallestSide = 16;
const oneBit = 1;

/** Pictures of a page become blocks; a scan that fills the page is left to OCR. */
export async function addPdfPictures(draft: Draft, request: ParseRequest, page: PDFPageProxy, read: PdfPage): Promise<void> {
  for (const { source, box } of read.pictures) {
    if (draft.pictures.length >= mostOfDocument) return warn(draft, "pictures_bound", `the document has more than ${mostOfDocument} pictures; the others were left out`);
    const pixels = typeof source === "string" ? await loadPixels(page, source) : (source as Pixels);
    if (!pixels?.data) {
      warn(draft, "picture_unreadable", "a picture inside the document could not be read; it was left out");
      continue;
    }
    if (Math.min(pixels.width, pixels.height) < smallestSide) continue;
    const { bytes, channels } = unpack(pixels);
    const raw = { width: pixels.width, height: pixels.height, channels };
    await addPicture(draft, request, { bytes, raw, page: read.number, box: { page: read.number, ...box }, altText: "" });
  }
}

function loadPixels(page: PDFPageProxy, name: string): Promise<Pixels | null> {
  const objects = name.startsWith("g_") ? page.commonObjs : page.objs;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), waitForPicture);
    objects.get(name, (found: Pixels | null) => {
      clearTimeout(timer);
      resolve(found);
    });
  });
}

function unpack({ width, height, data, kind }: Pixels): { bytes: Uint8Array; channels: 1 | 3 | 4 } {
  if (kind !== oneBit) return { bytes: new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength), channels: kind === 2 ? 3 : 4 };
  const bytes = new Uint8Array(width * height);
  const stride = (width + 7) >> 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes[y * width + x] = (data![y * stride + (x >> 3)]! >> (7 - (x & 7))) & 1 ? 255 : 0;
  }
  return { bytes, channels: 1 };
}
