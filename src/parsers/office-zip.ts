import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { load, type CheerioAPI } from "cheerio";
import { unzipSync } from "fflate";
import { SluiceError } from "../errors.ts";
import type { Draft } from "./draft.ts";
import { isoDate } from "./html.ts";
import type { ParseRequest } from "./parser.ts";
import { checkZip } from "./zip-entries.ts";

/** The parts of an Office file that `wanted` names, unpacked only after the whole zip was found to be within bounds. */
export function unpackOffice(bytes: Uint8Array, request: ParseRequest, wanted: (name: string) => boolean): Record<string, Uint8Array> {
  checkZip(bytes, request.limits);
  try {
    return unzipSync(bytes, { filter: ({ name }) => wanted(name) });
  } catch (cause) {
    throw new SluiceError("unreadable", "the file is cut off or damaged and could not be unpacked; save it again and send it anew", { cause });
  }
}

/** XML without a document type: nothing outside is ever looked up. */
export const loadXml = (bytes: Uint8Array): CheerioAPI => load(new TextDecoder().decode(bytes), { xml: true });

/** Core, application and custom properties; sensitivity labels rest in the custom ones or, by their ids alone, in a part of their own. */
export function addOfficeProperties(draft: Draft, parts: Record<string, Uint8Array>): void {
  for (const part of ["docProps/core.xml", "docProps/app.xml"]) {
    if (!parts[part]) continue;
    const $ = loadXml(parts[part]);
    for (const element of $.root().children().children().toArray()) {
      const name = element.name.replace(/^.*:/, "");
      const kept = /^(title|creator|subject|keywords|description|lastModifiedBy|category|contentStatus|created|modified|Company|Manager)$/.test(name);
      if (kept) draft.metadata[name] = $(element).text();
    }
  }
  if (parts["docProps/custom.xml"]) {
    const $ = loadXml(parts["docProps/custom.xml"]);
    for (const element of $("property").toArray()) draft.metadata[$(element).attr("name") ?? "custom"] = $(element).text();
  }
  if (parts["docMetadata/LabelInfo.xml"]) {
    const $ = loadXml(parts["docMetadata/LabelInfo.xml"]);
    const labels = $(String.raw`clbl\:label[enabled="1"]`).toArray().map((element) => $(element).attr("id") ?? "");
    if (labels.length > 0) draft.metadata["sensitivityLabel"] = labels.join(", ");
  }
  draft.date = isoDate(draft.metadata["modified"]) ?? isoDate(draft.metadata["created"]);
}

/** Files that were put into the document become its children. */
export async function addEmbedded(draft: Draft, request: ParseRequest, parts: Record<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of Object.entries(parts)) {
    if (!/\/embeddings\/[^/]+$/.test(name)) continue;
    const file = `child-${draft.children.length + 1}`;
    await writeFile(join(request.output, file), bytes);
    draft.children.push({ file, path: name.split("/").at(-1)!, mediaType: null });
  }
}
