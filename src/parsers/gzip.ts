import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { SluiceError } from "../errors.ts";
import { newArchive } from "./archive.ts";
import type { ParseFunction, ParseLimits, ParseRequest } from "./parser.ts";
import { isTar, readTar } from "./tar.ts";
import { ratioCounts, tooLargeUnpacked, tooWellPacked, zipText } from "./zip-entries.ts";

/** The files of a packed tar as children, or the one file that was packed: its path is empty, since it has the archive's name. */
export const parse: ParseFunction = async (request) => {
  const archive = newArchive(request);
  for (const text of await headerTexts(request.input)) archive.tell("header", text);
  const source = unpacked(request)[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let next = await source.next();
  for (; !next.done && sizeOf(parts) < 512; next = await source.next()) parts.push(next.value);
  const rest = async function* (): AsyncGenerator<Buffer> {
    yield* parts;
    for (; !next.done; next = await source.next()) yield next.value;
  };
  if (isTar(Buffer.concat(parts))) {
    await readTar(rest(), archive);
    return archive.finish();
  }
  if (sizeOf(parts) > 0) await archive.add("", rest());
  return archive.finish();
};

const sizeOf = (parts: Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Ends as soon as a bound is broken, whatever is still to come. */
async function* unpacked({ input, limits }: ParseRequest): AsyncGenerator<Buffer> {
  const { size } = await stat(input);
  let bytes = 0;
  try {
    for await (const part of createReadStream(input).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      bytes += part.length;
      mustFit(bytes, size, limits);
      yield part;
    }
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError("unreadable", "the archive is cut off or damaged and cannot be unpacked; pack it again and send it anew", { cause });
  }
}

function mustFit(bytes: number, size: number, limits: ParseLimits): void {
  if (bytes > limits.unpackedBytes) throw tooLargeUnpacked(bytes, limits);
  if (bytes > ratioCounts && bytes / Math.max(1, size) > limits.ratio) throw tooWellPacked(bytes / size, limits);
}

/** Name and comment that stand before the packed bytes (RFC 1952). */
async function headerTexts(path: string): Promise<string[]> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(70_000), 0, 70_000, 0);
    const head = buffer.subarray(0, bytesRead);
    const flags = head[3] ?? 0;
    let at = 10;
    if (flags & 4) at += 2 + head.readUInt16LE(at);
    const texts: string[] = [];
    for (const flag of [8, 16]) {
      if (!(flags & flag)) continue;
      const end = head.indexOf(0, at);
      texts.push(zipText(head.subarray(at, end === -1 ? undefined : end), false));
      at = end === -1 ? head.length : end + 1;
    }
    return texts;
  } finally {
    await file.close();
  }
}
