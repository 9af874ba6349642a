import { type Document, Packer } from "docx";
import { unzipSync, zipSync } from "fflate";
import { fixedDate } from "./names.ts";

/** Packs a Word document again with fixed dates. */
export async function docxBytes(document: Document): Promise<Buffer> {
  return fixDates(await Packer.toBuffer(document));
}

/** An Office file's bytes with the clock taken out: dates in its properties and in the zip directory. */
export function fixDates(bytes: Uint8Array): Buffer {
  const entries = unzipSync(bytes);
  const stamp = fixedDate.toISOString().replace(".000", "");
  const fixed = Object.fromEntries(
    Object.keys(entries).toSorted().map((path) => {
      const data = path === "docProps/core.xml" ? Buffer.from(Buffer.from(entries[path]!).toString("utf8").replace(/(<dcterms:\w+[^>]*>)[^<]*/g, `$1${stamp}`)) : entries[path]!;
      return [path, [data, { mtime: "2025-03-03T09:00:00" }]] as const;
    }),
  );
  return Buffer.from(zipSync(fixed as Parameters<typeof zipSync>[0], { level: 9 }));
}
