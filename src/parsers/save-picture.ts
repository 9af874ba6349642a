import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type SharpOptions } from "sharp";
import type { Box } from "../data/block.ts";
import { sha256 } from "../data/identity.ts";
import { type Draft, warn } from "./draft.ts";
import type { ParseRequest } from "./parser.ts";

export interface PictureSource {
  /** An encoded picture, or raw pixels with `raw`. */
  bytes: Uint8Array;
  raw?: SharpOptions["raw"];
  page: number;
  box: Box | null;
  altText: string;
}

const smallestSide = 100;
const fewestColours = 16;

/** Writes a picture as PNG beside the parse result and puts its block in the reading order; unreadable ones become a warning. */
export async function addPicture(draft: Draft, request: ParseRequest, source: PictureSource): Promise<void> {
  const png = await toPng(source, request.limits.pixels).catch(() => null);
  if (!png) return warn(draft, "picture_unreadable", "a picture inside the document could not be read; it was left out");
  const hash = sha256(png.data);
  const skipped = draft.pictures.some((picture) => picture.sha256 === hash) ? "repeat" : await whySkipped(png.data, png.info);
  const file = `picture-${draft.pictures.length + 1}.png`;
  await writeFile(join(request.output, file), png.data);
  const ocr = skipped === null && request.ocrPictures ? await readText(png.data, request) : null;
  const text = [source.altText, ocr?.text ?? ""].filter((part) => part !== "").join("\n");
  draft.blocks.push({ kind: "picture", text, page: source.page, boxes: source.box ? [source.box] : [], picture: draft.pictures.length });
  draft.pictures.push({ file, sha256: hash, width: png.info.width, height: png.info.height, page: source.page, box: source.box, altText: source.altText, ocr, skipped });
}

async function toPng({ bytes, raw }: PictureSource, pixels: number) {
  const picture = sharp(bytes, { limitInputPixels: pixels, ...(raw ? { raw } : {}) });
  return picture.rotate().toColourspace("srgb").png({ compressionLevel: 4 }).toBuffer({ resolveWithObject: true });
}

async function readText(png: Buffer, request: ParseRequest): Promise<{ text: string; confidence: number }> {
  const { readPicture } = await import("./read-picture.ts");
  const { text, confidence } = await readPicture(png, request);
  return { text, confidence };
}

/** Logos, rules and backgrounds are not worth a call. */
async function whySkipped(png: Buffer, { width, height }: { width: number; height: number }): Promise<string | null> {
  if (Math.min(width, height) < smallestSide) return "small";
  if (width / height > 10 || height / width > 10) return "aspect";
  const pixels = await sharp(png).resize(96, 96, { fit: "fill", kernel: "nearest" }).flatten({ background: "#fff" }).removeAlpha().raw().toBuffer();
  const colours = new Set<number>();
  for (let at = 0; at + 2 < pixels.length && colours.size < fewestColours; at += 3) colours.add(pixels.readUIntBE(at, 3));
  return colours.size < fewestColours ? "colours" : null;
}
