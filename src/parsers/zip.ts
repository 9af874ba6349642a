import { open, type FileHandle } from "node:fs/promises";
import { crc32, inflateRawSync } from "node:zlib";
import { SluiceError } from "../errors.ts";
import { isOfTheSystem, newArchive, wordsIn } from "./archive.ts";
import type { ParseFunction, ParseLimits } from "./parser.ts";
import { checkBounds, longestEnd, zipEnd, zipEntries, zipText, type ZipEntry } from "./zip-entries.ts";

const localHeader = 30;
const localMark = 0x04034b50;
/** Bytes a directory takes for an entry with longer names than anybody gives. */
const longestEntry = 4096;

/** Every file of the archive as a child. Nothing is unpacked before the whole directory was found to be within bounds. */
export const parse: ParseFunction = async (request) => {
  const file = await open(request.input, "r");
  try {
    const { size } = await file.stat();
    const { entries, comment } = await readDirectory(file, size, request.limits);
    checkEntries(entries, size, request.limits);
    const archive = newArchive(request);
    archive.tell("comment", comment);
    for (const entry of entries) {
      archive.tell("comments", entry.comment);
      const { name, bytes } = await locate(file, entry);
      // Where an entry has two names, whoever unpacks it may see either.
      if (name !== entry.name) archive.tell("otherNames", name);
      if (isFolder(entry)) archive.leaveOut(entry.name, "folder");
      else if (isLink(entry)) archive.leaveOut(entry.name, "link", unpack(await bytes(), entry).toString("utf8"));
      else if (isOfTheSystem(entry.name, entry.unpacked)) archive.leaveOut(entry.name, "system", wordsIn(unpack(await bytes(), entry)));
      else if (entry.unpacked === 0) archive.leaveOut(entry.name, "empty");
      else await archive.add(entry.name, unpack(await bytes(), entry));
    }
    return archive.finish();
  } finally {
    await file.close();
  }
};

const isFolder = ({ name, mode }: ZipEntry): boolean => /[/\\]$/.test(name) || (mode & 0o170000) === 0o040000;
const isLink = ({ mode }: ZipEntry): boolean => mode !== 0 && ![0, 0o100000].includes(mode & 0o170000);

async function readDirectory(file: FileHandle, size: number, limits: ParseLimits): Promise<{ entries: ZipEntry[]; comment: string }> {
  const tailAt = Math.max(0, size - longestEnd);
  const end = zipEnd(await readAt(file, tailAt, size - tailAt), tailAt);
  if (!end || end.offset > size) throw damaged("its list of entries is missing");
  if (size - end.offset > limits.entries * longestEntry + longestEnd) throw damaged("its list of entries is longer than any list may be");
  const entries = zipEntries(await readAt(file, end.offset, size - end.offset), end.offset);
  if (!entries) throw damaged("its list of entries cannot be read");
  return { entries, comment: end.comment };
}

function checkEntries(entries: ZipEntry[], size: number, limits: ParseLimits): void {
  checkBounds(entries, size, limits);
  const encrypted = entries.filter((entry) => entry.encrypted).length;
  if (encrypted > 0) throw new SluiceError("unreadable", `the archive is encrypted with a password (${encrypted} of its ${entries.length} entries); pack it without a password and send it again`);
  const odd = entries.find((entry) => entry.method !== 0 && entry.method !== 8);
  if (odd) throw new SluiceError("unreadable", `the archive's entries are packed by method ${odd.method}, which is not supported; pack it again with deflate, as any zip program does`);
  // Many entries over the same bytes unpack to far more than the file holds.
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [index, entry] of ordered.entries()) {
    const next = ordered[index + 1]?.offset ?? size;
    if (entry.offset + localHeader + entry.packed > next) throw damaged("its entries lie over one another, as in a zip bomb");
  }
}

/** The name in the entry's own header, and its packed bytes. */
async function locate(file: FileHandle, entry: ZipEntry): Promise<{ name: string; bytes: () => Promise<Buffer> }> {
  const header = await readAt(file, entry.offset, localHeader);
  if (header.length < localHeader || header.readUInt32LE(0) !== localMark) throw damaged("an entry is not where its list of entries says");
  const [nameLength, extraLength] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const name = zipText(await readAt(file, entry.offset + localHeader, nameLength), (header.readUInt16LE(6) & 0x800) !== 0);
  return { name, bytes: () => readAt(file, entry.offset + localHeader + nameLength + extraLength, entry.packed) };
}

/** No more than the directory says, however much the bytes would give. */
function unpack(packed: Buffer, entry: ZipEntry): Buffer {
  const bytes = entry.method === 0 ? packed : inflate(packed, entry.unpacked);
  if (bytes.length !== entry.unpacked) throw damaged("an entry is not as long as its list of entries says");
  if (crc32(bytes) !== entry.crc) throw damaged("the checksum of an entry is wrong");
  return bytes;
}

function inflate(packed: Buffer, length: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    const isLonger = (cause as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";
    throw damaged(isLonger ? "an entry unpacks to more than its list of entries says, as in a zip bomb" : "an entry cannot be unpacked", cause);
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const damaged = (why: string, cause?: unknown): SluiceError =>
  new SluiceError("unreadable", `the archive is cut off or damaged: ${why}; pack it again and send it anew`, { cause });
