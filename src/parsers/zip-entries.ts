import iconv from "iconv-lite";
import { SluiceError } from "../errors.ts";
import type { ParseLimits } from "./parser.ts";

export interface ZipEntry {
  name: string;
  /** Bytes in the file, and of what it unpacks to, as the zip's own directory says. */
  packed: number;
  unpacked: number;
  encrypted: boolean;
  /** 0: stored, 8: deflated. */
  method: number;
  crc: number;
  /** Of its local header in the file. */
  offset: number;
  /** Of Unix: kind and permissions; 0 where the zip was made elsewhere. */
  mode: number;
  comment: string;
}

const endMark = 0x06054b50;
const end64Mark = 0x06064b50;
const locatorMark = 0x07064b50;
const entryMark = 0x02014b50;
/** A field that is full holds its value in the ZIP64 extra field. */
const full = 0xffffffff;
const unix = 3;

/** Deflate cannot pack better than this, whatever an entry claims. */
const bestRatio = 1032;
/** Small files may be packed well without being bombs. */
export const ratioCounts = 32 * 2 ** 20;
/** Bytes behind the directory that a comment and the marks of both its ends can take. */
export const longestEnd = 66_000;

export interface ZipEnd {
  /** Of the directory, in the file. */
  offset: number;
  comment: string;
}

/** Where the directory begins; null when `bytes`, the end of the file from offset `base` on, hold no mark of its end. */
export function zipEnd(bytes: Uint8Array, base = 0): ZipEnd | null {
  const view = viewOf(bytes);
  const mark = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
  let found = -1;
  for (let at = view.lastIndexOf(mark); at >= 0; at = at === 0 ? -1 : view.lastIndexOf(mark, at - 1)) {
    if (at + 22 > view.length || view.readUInt32LE(at) !== endMark) continue;
    if (found === -1) found = at;
    // Its comment ends with the file: one that only stands in a comment does not.
    if (at + 22 + view.readUInt16LE(at + 20) === view.length) {
      found = at;
      break;
    }
  }
  if (found === -1) return null;
  const comment = zipText(view.subarray(found + 22, found + 22 + view.readUInt16LE(found + 20)), false);
  const offset = view.readUInt32LE(found + 16);
  if (offset !== full) return { offset, comment };
  const locator = found - 20;
  if (locator < 0 || view.readUInt32LE(locator) !== locatorMark) return null;
  const end64 = number64(view, locator + 8) - base;
  if (end64 < 0 || end64 + 56 > view.length || view.readUInt32LE(end64) !== end64Mark) return null;
  return { offset: number64(view, end64 + 48), comment };
}

/** The entries as the zip's own directory lists them, read without unpacking anything; null when there is no directory in `bytes`, the file from offset `base` on. */
export function zipEntries(bytes: Uint8Array, base = 0): ZipEntry[] | null {
  const view = viewOf(bytes);
  const end = zipEnd(bytes, base);
  if (!end || end.offset < base) return null;
  const entries: ZipEntry[] = [];
  for (let at = end.offset - base; at + 46 <= view.length && view.readUInt32LE(at) === entryMark; ) {
    const [nameLength, extraLength, commentLength] = [view.readUInt16LE(at + 28), view.readUInt16LE(at + 30), view.readUInt16LE(at + 32)];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > view.length) break;
    entries.push(entryAt(view, at, nameLength, extraLength, commentLength));
    at = next;
  }
  return entries;
}

function entryAt(view: Buffer, at: number, nameLength: number, extraLength: number, commentLength: number): ZipEntry {
  const flags = view.readUInt16LE(at + 8);
  const isUtf8 = (flags & 0x800) !== 0;
  const nameAt = at + 46;
  const extra = view.subarray(nameAt + nameLength, nameAt + nameLength + extraLength);
  const fields = extraFields(extra);
  const commentAt = nameAt + nameLength + extraLength;
  const given = { unpacked: view.readUInt32LE(at + 24), packed: view.readUInt32LE(at + 20), offset: view.readUInt32LE(at + 42) };
  // ZIP64 holds, in this order, those fields that are full.
  const large = fields.get(0x0001);
  let place = 0;
  const size = (value: number): number => {
    if (value !== full || !large || place + 8 > large.length) return value;
    place += 8;
    return number64(large, place - 8);
  };
  const [unpacked, packed, offset] = [size(given.unpacked), size(given.packed), size(given.offset)];
  return {
    name: unicodeName(fields) ?? zipText(view.subarray(nameAt, nameAt + nameLength), isUtf8),
    packed, unpacked, offset,
    encrypted: (flags & 0x41) !== 0,
    method: view.readUInt16LE(at + 10),
    crc: view.readUInt32LE(at + 16),
    mode: view.readUInt8(at + 5) === unix ? view.readUInt16LE(at + 40) : 0,
    comment: zipText(view.subarray(commentAt, commentAt + commentLength), isUtf8),
  };
}

function extraFields(extra: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    fields.set(extra.readUInt16LE(at), extra.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** The name in UTF-8 that stands beside one in an old code page. */
function unicodeName(fields: Map<number, Buffer>): string | null {
  const field = fields.get(0x7075);
  return field && field.length > 5 ? field.subarray(5).toString("utf8") : null;
}

/** UTF-8 where it says so or cannot be anything else, else the code page of the first PCs. */
export function zipText(bytes: Buffer, isUtf8: boolean): string {
  if (isUtf8) return bytes.toString("utf8");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return iconv.decode(bytes, "cp437");
  }
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const number64 = (view: Buffer, at: number): number => Number(view.readBigUInt64LE(at));

/** Called before anything is unpacked. Throws `unreadable` for a damaged, encrypted or bomb-like zip. */
export function checkZip(bytes: Uint8Array, limits: ParseLimits): ZipEntry[] {
  const encryptedOffice = Buffer.from(bytes.subarray(0, 8)).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));
  if (encryptedOffice) throw new SluiceError("unreadable", "the file is encrypted with a password or in an old Office format; save it without a password in the current format and send it again");
  const entries = zipEntries(bytes);
  if (!entries || entries.length === 0) throw new SluiceError("unreadable", "the file is cut off or damaged: its list of parts is missing; save it again and send it anew");
  checkBounds(entries, bytes.length, limits);
  return entries;
}

/** Throws `unreadable` where what the directory says is above a bound, or cannot be true; `size`: bytes of the whole file. */
export function checkBounds(entries: ZipEntry[], size: number, limits: ParseLimits): void {
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  if (entries.length > limits.entries) throw tooManyEntries(entries.length, limits);
  if (unpacked > limits.unpackedBytes) throw tooLargeUnpacked(unpacked, limits);
  const lies = entries.some((entry) => entry.unpacked > entry.packed * bestRatio + 1024);
  if (lies || (unpacked > ratioCounts && unpacked / Math.max(1, size) > limits.ratio)) throw tooWellPacked(unpacked / Math.max(1, size), limits);
}

export const tooManyEntries = (entries: number, limits: ParseLimits): SluiceError => bomb(`it has ${entries} parts and ${limits.entries} are allowed`, "entries");
export const tooLargeUnpacked = (bytes: number, limits: ParseLimits): SluiceError =>
  bomb(`it unpacks to ${Math.round(bytes / 2 ** 20)} MB and ${Math.round(limits.unpackedBytes / 2 ** 20)} are allowed`, "unpackedBytes");
export const tooWellPacked = (ratio: number, limits: ParseLimits): SluiceError => bomb(`it unpacks to ${Math.round(ratio)} times its size and ${limits.ratio} are allowed`, "ratio");

const bomb = (why: string, option: string): SluiceError =>
  new SluiceError("unreadable", `the file was not unpacked, since ${why}, as in a zip bomb; if it is genuine, save it again, split it or raise the limit (parsing.limits.${option})`);
