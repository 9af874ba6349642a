import { SluiceError } from "../errors.ts";
import type { ParseLimits } from "./parser.ts";

export interface ZipEntry {
  name: string;
  packed: number;
  unpacked: number;
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
/** Deflate cannot pack better than this, whatever an entry claims. */
const bestRatio = 1032;
/** Small files may be packed well without being bombs. */
const ratioCounts = 32 * 2 ** 20;

/** The entries as the zip's own directory lists them, read without unpacking anything; null when there is no directory. */
export function zipEntries(bytes: Uint8Array): ZipEntry[] | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + 22 > view.length || view.readUInt32LE(end) !== endMark) return null;
  const entries: ZipEntry[] = [];
  for (let at = view.readUInt32LE(end + 16); at + 46 <= end && view.readUInt32LE(at) === entryMark; ) {
    const nameLength = view.readUInt16LE(at + 28);
    const name = view.toString("utf8", at + 46, at + 46 + nameLength);
    entries.push({ name, packed: view.readUInt32LE(at + 20), unpacked: view.readUInt32LE(at + 24) });
    at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return entries;
}

/** Called before anything is unpacked. Throws `unreadable` for a damaged, encrypted or bomb-like zip. */
export function checkZip(bytes: Uint8Array, limits: ParseLimits): ZipEntry[] {
  const encryptedOffice = Buffer.from(bytes.subarray(0, 8)).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));
  if (encryptedOffice) throw new SluiceError("unreadable", "the file is encrypted with a password or in an old Office format; save it without a password in the current format and send it again");
  const entries = zipEntries(bytes);
  if (!entries || entries.length === 0) throw new SluiceError("unreadable", "the file is cut off or damaged: its list of parts is missing; save it again and send it anew");
  const unpacked = entries.reduce((sum, entry) => sum + entry.unpacked, 0);
  const ratio = unpacked / Math.max(1, bytes.length);
  const lies = entries.some((entry) => entry.unpacked > entry.packed * bestRatio + 1024);
  if (entries.length > limits.entries) throw bomb(`it has ${entries.length} parts and ${limits.entries} are allowed`);
  if (unpacked > limits.unpackedBytes) throw bomb(`it unpacks to ${Math.round(unpacked / 2 ** 20)} MB and ${Math.round(limits.unpackedBytes / 2 ** 20)} are allowed`);
  if (lies || (unpacked > ratioCounts && ratio > limits.ratio)) throw bomb(`it unpacks to ${Math.round(ratio)} times its size and ${limits.ratio} are allowed`);
  return entries;
}

const bomb = (why: string): SluiceError =>
  new SluiceError("unreadable", `the file was not unpacked, since ${why}, as in a zip bomb; if it is genuine, save it again, split it or raise the limit`);
