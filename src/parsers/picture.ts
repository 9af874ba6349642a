import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { SluiceError } from "../errors.ts";
import { addReadPage } from "./add-read-page.ts";
import { finish, newDraft } from "./draft.ts";
import type { ParseFunction } from "./parser.ts";
import { addPicture } from "./save-picture.ts";
import { readPicture } from "./read-picture.ts";

const pointsPerInch = 72;
const usualDensity = 96;

/** A scanned page becomes paragraphs with boxes; any other picture one picture block with what OCR read in it. */
export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const bytes = await readFile(request.input);
  const picture = sharp(bytes, { limitInputPixels: request.limits.pixels });
  const { autoOrient: { width, height }, density } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > request.limits.pixels) {
    throw new SluiceError("too_large", `the picture has ${width} x ${height} pixels and ${request.limits.pixels} are allowed; make it smaller`);
  }
  const scale = pointsPerInch / (density && density > 30 ? density : usualDensity);
  draft.pageSizes = [{ width: width * scale, height: height * scale }];
  const box = { page: 1, x: 0, y: 0, width: width * scale, height: height * scale };
  const upright = await picture.autoOrient().png({ compressionLevel: 1 }).toBuffer();
  const read = await readPicture(upright, request);
  await addPicture(draft, { ...request, ocrPictures: false }, { bytes: upright, page: 1, box, altText: "" });
  addReadPage(draft, read, { page: 1, scale });
  return finish(draft, request);
};
