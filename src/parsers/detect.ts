import { open } from "node:fs/promises";
import { extname } from "node:path";
import { fileTypeFromBuffer } from "file-type";
import { SluiceError } from "../errors.ts";
import { formatByExtension, formatById, formats } from "./formats.ts";
import type { Format } from "./parser.ts";
import { zipEntries } from "./zip-entries.ts";

const headBytes = 64 * 1024;
const tailBytes = 1024 * 1024;

/** By content first, extension second. Throws `unsupported_type` with the list of formats. */
export async function detect(path: string, name: string): Promise<{ format: Format; mismatch: boolean }> {
  const { head, size, tail } = await readEnds(path);
  const extension = extname(name).slice(1);
  const named = formatByExtension(extension);
  if (size === 0) return { format: named ?? formatById("txt"), mismatch: false };
  const format = (await byMagic(head, tail)) ?? byText(head, extension, named);
  if (!format) throw unsupported();
  return { format, mismatch: named !== undefined && named.id !== format.id };
}

/** The end of a zip with where it begins in the file. */
interface Tail {
  bytes: Buffer;
  at: number;
}

async function readEnds(path: string): Promise<{ head: Buffer; tail: Tail; size: number }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, headBytes));
    await file.read(head, 0, head.length, 0);
    const isZip = head.subarray(0, 2).toString("latin1") === "PK";
    const bytes = Buffer.alloc(isZip ? Math.min(size, tailBytes) : 0);
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    return { head, tail: { bytes, at: size - bytes.length }, size };
  } finally {
    await file.close();
  }
}

/** A format for bytes that only one format begins with; throws for known formats that are not supported. */
async function byMagic(head: Buffer, tail: Tail): Promise<Format | null> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  // What is in front of a PDF may be anything but an archive, in which one lies as it is.
  const isPacked = head.subarray(0, 2).toString("latin1") === "PK" || found?.ext === "tar";
  if (!isPacked && head.subarray(0, 1024).includes("%PDF-")) return formatById("pdf");
  if (!found) return null;
  if (head.subarray(0, 2).toString("latin1") === "PK") return zipped(found.ext, tail);
  if (found.ext === "cfb") throw new SluiceError("unreadable", "the file is encrypted with a password or in an old Office format; save it without a password as docx or xlsx and send it again");
  if (["xml", "eml"].includes(found.ext)) return null;
  const format = formats.find((each) => each.mediaType === found.mime);
  if (!format) throw unsupported(found.ext);
  return format;
}

/** By the parts that the zip's own list names: bytes of a document inside an archive say nothing about the archive. */
function zipped(guess: string, { bytes, at }: Tail): Format {
  const names = zipEntries(bytes, at)?.map((entry) => entry.name.replaceAll("\\", "/").replace(/^\//, ""));
  if (names?.some((name) => name.startsWith("word/document"))) return formatById("docx");
  if (names?.some((name) => name.startsWith("xl/workbook"))) return formatById("xlsx");
  const cutOff = !names && ["docx", "xlsx"].includes(guess);
  if (cutOff) return formatById(guess);
  if (["zip", "docx", "xlsx"].includes(guess)) return formatById("zip");
  throw unsupported(guess);
}

const unsupportedText = new Set(["rtf", "tex", "rst", "adoc", "asciidoc", "org", "xml", "mhtml", "mht", "ipynb", "svg", "yaml", "yml", "srt", "vtt"]);

function byText(head: Buffer, extension: string, named: Format | undefined): Format | null {
  if (isBinary(head)) return null;
  const text = head.toString("utf8").replace(/^\ufeff/, "").trimStart();
  if (text.startsWith(String.raw`{\rtf`)) throw unsupported("rtf");
  if (/^(<!doctype html|<html[\s>]|<\?xml[^>]*\?>\s*(<!doctype html|<html[\s>]))/i.test(text)) return formatById("html");
  if (text.startsWith("<?xml") || /^<svg[\s>]/i.test(text)) throw unsupported("xml");
  if (named?.id !== "txt" && isMail(text)) return formatById("eml");
  const textual = named && !isBinaryFormat(named) ? named : null;
  if (textual) return textual;
  if (unsupportedText.has(extension.toLowerCase())) throw unsupported(extension.toLowerCase());
  return formatById("txt");
}

const isBinaryFormat = ({ id, archive }: Format): boolean => archive === true || ["pdf", "docx", "xlsx", "png", "jpeg"].includes(id);

const isMail = (text: string): boolean => {
  const headers = text.split(/\r?\n\r?\n/, 1)[0]!.match(/^(from|to|subject|date|received|message-id|mime-version|return-path|content-type):/gim) ?? [];
  return new Set(headers.map((header) => header.toLowerCase())).size >= 3 && /^[A-Za-z-]+:/.test(text);
};

/** UTF-16 has many NULs but a mark in front; text in any other encoding has next to none. */
function isBinary(head: Buffer): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return false;
  let odd = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd += 1;
  return odd > head.length / 20;
}

function unsupported(found?: string): SluiceError {
  const known = formats.map((format) => format.id).join(", ");
  return new SluiceError("unsupported_type", `${found ? `files of type ${found} are` : "the type of this file is"} not supported; supported are ${known}`);
}
