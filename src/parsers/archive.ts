import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ParsedDocument } from "../data/block.ts";
import { SluiceError } from "../errors.ts";
import { cleanText } from "./draft.ts";
import type { ParseRequest } from "./parser.ts";
import { tooLargeUnpacked, tooManyEntries } from "./zip-entries.ts";

/** What an archive gives while it is read: a child for each file in it, and every other text for the gate. */
export interface ArchiveDraft {
  /** Before its bytes are there: throws `unreadable` when there would be too many or too large ones. */
  expect(bytes: number): void;
  add(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** An entry that is no document: its name, where a link goes, and the words in what a system put there are read for privacy all the same. */
  leaveOut(path: string, what: "folder" | "link" | "empty" | "system", text?: string): void;
  /** Comments, owners and whatever else a reader of the archive could see. */
  tell(name: string, text: string): void;
  finish(): ParsedDocument;
}

/** What systems put beside the files: views of folders, and what a Mac keeps of a file for other systems. A folder of thumbnails (`Thumbs.db`) is not among them: nobody can read it, so that it counts as any unread file. */
const ofTheSystem = /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|\._[^/]*$|desktop\.ini$)/i;
const mostOfTheSystem = 256 * 1024;
/** Larger ones are files like any other. */
export const isOfTheSystem = (path: string, bytes: number): boolean => bytes <= mostOfTheSystem && ofTheSystem.test(path.replaceAll("\\", "/"));

const words = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}\p{P}\p{Sm} ]{4,}/gu;

/** What a Mac writes into all of its own: its name, its keys, and by which program a file was fetched. */
const known = /Mac OS X|com\.apple\.[\w.#]+|[0-9a-f]{4};[0-9a-f]{8};[\w .-]{0,80};[0-9A-F-]*/g;

/** The words in bytes of no known format, a line each, however they are encoded: who downloads the archive could read them. */
export function wordsIn(bytes: Buffer): string {
  const even = (from: number) => bytes.subarray(from, bytes.length - ((bytes.length - from) % 2));
  const readings = [bytes.toString("utf8"), ...[0, 1].flatMap((from) => [even(from).toString("utf16le"), Buffer.from(even(from)).swap16().toString("utf16le")])];
  return [...new Set(readings.flatMap((text) => text.replaceAll(known, "\n").match(words) ?? []))].join("\n");
}

export function newArchive(request: ParseRequest): ArchiveDraft {
  const children: ParsedDocument["children"] = [];
  const told = new Map<string, Set<string>>();
  const left = { folder: 0, link: 0, empty: 0, system: 0 };
  let expected = 0;
  let bytesExpected = 0;

  function tell(name: string, text: string): void {
    const clean = cleanText(text).trim();
    if (clean === "") return;
    const texts = told.get(name) ?? new Set();
    told.set(name, texts.add(clean));
  }

  return {
    expect(bytes) {
      expected += 1;
      bytesExpected += bytes;
      if (expected > request.limits.entries) throw tooManyEntries(expected, request.limits);
      if (bytesExpected > request.limits.unpackedBytes) throw tooLargeUnpacked(bytesExpected, request.limits);
    },
    async add(path, bytes) {
      const file = `child-${children.length + 1}`;
      children.push({ file, path, mediaType: null });
      await writeFile(join(request.output, file), bytes);
    },
    leaveOut(path, what, text = "") {
      left[what] += 1;
      const spoken = (names: string): string => names.replaceAll(/[/\\]/g, "\n").replaceAll("_", " ");
      tell("leftOut", `${spoken(path)}\n${what === "link" ? spoken(text) : text}`);
    },
    tell,
    finish() {
      const warnings = [
        ...(left.link > 0 ? [{ code: "links_left_out", message: `${left.link} of the archive's entries are links or devices and were left out` }] : []),
        ...(left.empty > 0 ? [{ code: "empty_entries", message: `${left.empty} of the archive's entries are empty and were left out` }] : []),
      ];
      if (children.length === 0) throw new SluiceError("unreadable", "the archive holds no file with anything in it; put the documents into it and send it again");
      const metadata = Object.fromEntries([...told].map(([name, texts]) => [name, [...texts].join("\n")]));
      return { version: 1, mediaType: request.format.mediaType, pages: 0, pageSizes: [], blocks: [], metadata, pictures: [], children, date: null, warnings };
    },
  };
}
