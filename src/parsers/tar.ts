import { once } from "node:events";
import { createReadStream } from "node:fs";
import { Parser, type ReadEntry } from "tar";
import { SluiceError } from "../errors.ts";
import { type ArchiveDraft, isOfTheSystem, newArchive, wordsIn } from "./archive.ts";
import type { ParseFunction } from "./parser.ts";

/** Every file of the archive as a child. */
export const parse: ParseFunction = async (request) => {
  const archive = newArchive(request);
  await readTar(createReadStream(request.input), archive);
  return archive.finish();
};

/** A tar says its checksum in its first header; `bytes` hold that header. */
export function isTar(bytes: Buffer): boolean {
  if (bytes.length < 512) return false;
  const written = Number.parseInt(bytes.toString("latin1", 148, 156), 8);
  let sum = 8 * 32;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += bytes[at]!;
  return sum === written;
}

export async function readTar(source: AsyncIterable<Buffer>, archive: ArchiveDraft): Promise<void> {
  const adding: Promise<void>[] = [];
  let broken: unknown = null;
  const parser = new Parser({ strict: true, onReadEntry: (entry) => void adding.push(readEntry(entry, archive).catch((error: unknown) => void (broken ??= error))) });
  const ended = once(parser, "end");
  ended.catch(() => undefined);
  try {
    for await (const chunk of source) {
      if (!parser.write(chunk)) await Promise.race([once(parser, "drain"), ended]);
      if (broken) throw broken;
    }
    parser.end();
    await ended;
    await Promise.all(adding);
    if (broken) throw broken;
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError("unreadable", "the archive is cut off or damaged: an entry cannot be read; pack it again and send it anew", { cause });
  }
}

async function readEntry(entry: ReadEntry, archive: ArchiveDraft): Promise<void> {
  const { path, type, size, linkpath } = entry;
  for (const text of [entry.uname, entry.gname, entry.extended?.comment, entry.globalExtended?.comment]) archive.tell("owners", text ?? "");
  const isFile = type === "File" || type === "OldFile" || type === "ContiguousFile";
  const what = type === "Directory" ? "folder" : !isFile ? "link" : isOfTheSystem(path, size) ? "system" : size === 0 ? "empty" : null;
  try {
    archive.expect(what === null ? size : 0);
    if (what === null) return await archive.add(path, await entry.concat());
    if (what === "system") return archive.leaveOut(path, what, wordsIn(await entry.concat()));
    archive.leaveOut(path, what, linkpath);
    entry.resume();
  } catch (error) {
    entry.resume();
    throw error;
  }
}
