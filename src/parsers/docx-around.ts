import type { CheerioAPI } from "cheerio";
import type { Draft } from "./draft.ts";
import { loadXml } from "./office-zip.ts";

type Element_ = ReturnType<CheerioAPI>[number];

/** What stands around the body: comments, deleted text, headers, footers and watermarks, each with its role. */
export function addAround(draft: Draft, parts: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(parts).sort(([a], [b]) => a.localeCompare(b))) {
    if (name === "word/comments.xml") addComments(draft, loadXml(bytes));
    else if (/^word\/(document|footnotes|endnotes)\.xml$/.test(name)) {
      const $ = loadXml(bytes);
      addDeleted(draft, $);
      addAuthors(draft, $);
    }
    else if (/^word\/(header|footer)\d*\.xml$/.test(name)) addEdge(draft, loadXml(bytes), name.includes("header") ? "header" : "footer");
  }
}

function add(draft: Draft, text: string, role: string): void {
  const known = draft.blocks.some((block) => block.role === role && block.text === text);
  if (text.trim() !== "" && !known) draft.blocks.push({ kind: "paragraph", text: text.trim(), page: 1, boxes: [], role });
}

/** Text of an element's paragraphs; tabs and breaks are spaces. */
function textOf($: CheerioAPI, element: Element_): string {
  let text = "";
  const collect = (node: Element_): void => {
    if (!("name" in node)) return;
    if (node.name === "w:t" || node.name === "w:delText") text += $(node).text();
    else if (node.name === "w:tab" || node.name === "w:br") text += " ";
    else if ("children" in node) for (const child of node.children) collect(child);
    if (node.name === "w:p") text += "\n";
  };
  collect(element);
  return text.trim();
}

function addComments(draft: Draft, $: CheerioAPI): void {
  for (const comment of $(String.raw`w\:comment`).toArray()) {
    const author = $(comment).attr("w:author");
    add(draft, [author, textOf($, comment)].filter(Boolean).join(": "), "comment");
  }
}

function addDeleted(draft: Draft, $: CheerioAPI): void {
  for (const deleted of $(String.raw`w\:del, w\:moveFrom`).toArray()) {
    const text = textOf($, deleted);
    if (text !== "") add(draft, [$(deleted).attr("w:author"), text].filter(Boolean).join(": "), "trackedChange");
  }
}

/** Who changed anything: of inserted text the body holds the words alone. */
function addAuthors(draft: Draft, $: CheerioAPI): void {
  const known = draft.metadata["author"]?.split(", ") ?? [];
  const authors = $(String.raw`[w\:author]`).toArray().map((change) => $(change).attr("w:author")!.trim());
  draft.metadata["author"] = [...new Set([...known, ...authors])].join(", ");
}

/** Paragraphs of a header or footer, and the words of the watermark that is anchored in it. */
function addEdge(draft: Draft, $: CheerioAPI, role: string): void {
  for (const mark of $(String.raw`v\:textpath`).toArray()) add(draft, $(mark).attr("string") ?? "", "watermark");
  for (const paragraph of $(String.raw`w\:p`).toArray()) add(draft, textOf($, paragraph), role);
}
