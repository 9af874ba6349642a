import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils, write } from "@e965/xlsx";
import * as docx from "docx";
import { zipSync } from "fflate";
import Pdfkit from "pdfkit";
import sharp from "sharp";

type Pdf = InstanceType<typeof Pdfkit>;

/** A PDF drawn by `draw`; page size A4, as pdfkit makes it. */
export function makePdf(draw: (pdf: Pdf) => void, options: ConstructorParameters<typeof Pdfkit>[0] = {}): Promise<Buffer> {
  return new Promise((resolve) => {
    const pdf = new Pdfkit({ size: "A4", margin: 60, ...options });
    const parts: Buffer[] = [];
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(Buffer.concat(parts)));
    draw(pdf);
    pdf.end();
  });
}

export const makeDocx = (children: docx.FileChild[], options: Partial<docx.IPropertiesOptions> = {}, section: Partial<docx.ISectionOptions> = {}): Promise<Buffer> =>
  docx.Packer.toBuffer(new docx.Document({ ...options, sections: [{ ...section, children }] }));

export function makeXlsx(sheets: Record<string, unknown[][]>, change: (book: ReturnType<typeof utils.book_new>) => void = () => {}): Buffer {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  change(book);
  return write(book, { type: "buffer", bookType: "xlsx" }) as Buffer;
}

/** Black words on white, large enough for OCR. */
export function makePicture(lines: string[], format: "png" | "jpeg" = "png"): Promise<Buffer> {
  const text = lines.map((line, index) => `<text x="60" y="${100 + index * 60}" font-size="36" font-family="DejaVu Sans, Arial, sans-serif">${line}</text>`).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="${160 + lines.length * 60}"><rect width="100%" height="100%" fill="white"/>${text}</svg>`;
  return sharp(Buffer.from(svg)).toFormat(format).toBuffer();
}

/** A picture with many colours, of which no OCR reads anything. */
export function makePhoto(width = 300, height = 200): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set([(x * 255) / width, (y * 255) / height, 128], (y * width + x) * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();
}

/** A Word file whose one part unpacks to a thousand times its size. */
export function makeZipBomb(): Uint8Array {
  const zeros = new Uint8Array(40 * 2 ** 20);
  return zipSync({ "[Content_Types].xml": new Uint8Array(10), "word/document.xml": [zeros, { level: 1 }] });
}

export async function saveAs(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "sluice-sample-")), name);
  await writeFile(path, bytes);
  return path;
}

export const lorem =
  "The river runs past the old mill and turns east where the road begins to climb towards the hills, and every spring the water rises high enough to reach the first step of the stone bridge that the village built two hundred years ago. ";
