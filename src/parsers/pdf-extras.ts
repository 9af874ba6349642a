import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Draft } from "./draft.ts";
import { addXmp } from "./pdf-xmp.ts";
import type { ParseRequest } from "./parser.ts";

const mostBookmarks = 5000;

interface Annotation {
  subtype?: string;
  contentsObj?: { str: string };
  fieldValue?: unknown;
  fieldName?: string;
  titleObj?: { str: string };
  hidden?: boolean;
}

/** Comments and filled form fields of a page: nothing of the page's own text, but privacy reads them. */
export async function addAnnotations(draft: Draft, page: PDFPageProxy): Promise<void> {
  const annotations = (await page.getAnnotations().catch(() => [])) as Annotation[];
  for (const annotation of annotations) {
    const value = Array.isArray(annotation.fieldValue) ? annotation.fieldValue.join(", ") : annotation.fieldValue;
    const field = typeof value === "string" && value !== "Off" && value !== "" ? `${annotation.fieldName ?? ""}: ${value}` : "";
    const comment = [annotation.titleObj?.str, annotation.contentsObj?.str].filter(Boolean).join(": ");
    const shown = { page: page.pageNumber, boxes: [] };
    if (field !== "") draft.blocks.push({ kind: "paragraph", text: field, ...shown, ...(annotation.hidden ? { role: "hidden" } : {}) });
    if (annotation.contentsObj?.str && annotation.subtype !== "Link") draft.blocks.push({ kind: "paragraph", text: comment, ...shown, role: "comment" });
  }
}

export async function addMetadata(draft: Draft, document: PDFDocumentProxy): Promise<void> {
  const { info, metadata } = (await document.getMetadata().catch(() => ({ info: {}, metadata: null }))) as { info: Record<string, unknown>; metadata: { getRaw(): unknown } | null };
  for (const key of ["Title", "Author", "Subject", "Keywords", "Creator", "Producer"]) {
    if (typeof info[key] === "string") draft.metadata[key.toLowerCase()] = info[key];
  }
  for (const [key, value] of Object.entries((info["Custom"] ?? {}) as object)) if (typeof value === "string") draft.metadata[key] = value;
  addXmp(draft, metadata?.getRaw());
  await addBookmarks(draft, document);
  draft.date = pdfDate(info["ModDate"]) ?? pdfDate(info["CreationDate"]);
}

interface Bookmark {
  title: string;
  items: Bookmark[];
}

/** Titles of the outline; most repeat headings, so that they stand beside the text. */
async function addBookmarks(draft: Draft, document: PDFDocumentProxy): Promise<void> {
  const open = ((await document.getOutline().catch(() => null)) ?? []) as Bookmark[];
  const titles: string[] = [];
  for (let next = open.shift(); next && titles.length < mostBookmarks; next = open.shift()) {
    titles.push(next.title);
    open.push(...(next.items ?? []));
  }
  if (titles.length > 0) draft.metadata["bookmarks"] = titles.join("\n");
}

/** `D:YYYYMMDDHHmmSSOHH'mm` (ISO 32000-1, 7.9.4). */
function pdfDate(value: unknown): string | null {
  const found = typeof value === "string" ? /^D?:?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?/.exec(value) : null;
  if (!found) return null;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", , sign, offsetHour = "00", offsetMinute = "00"] = found;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${sign ? `${sign}${offsetHour}:${offsetMinute}` : "Z"}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

export async function addAttachments(draft: Draft, request: ParseRequest, document: PDFDocumentProxy): Promise<void> {
  const attachments = ((await document.getAttachments().catch(() => null)) ?? {}) as Record<string, { filename: string; content: Uint8Array }>;
  for (const { filename, content } of Object.values(attachments)) {
    const file = `child-${draft.children.length + 1}`;
    await writeFile(join(request.output, file), content);
    draft.children.push({ file, path: filename, mediaType: null });
  }
}
