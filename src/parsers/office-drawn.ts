import type { Draft } from "./draft.ts";
import { loadXml } from "./office-zip.ts";

/** Parts of Word and Excel files that are drawn rather than written: charts, diagrams, shapes on sheets. */
export const drawnParts = /^(word|xl)\/(charts\/chart|diagrams\/data|drawings\/drawing)[^/]*\.xml$/;

/** Words in charts, diagrams and shapes, and the alternative texts of what is drawn on a sheet (a Word body's own are read with it). */
export function addDrawn(draft: Draft, parts: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(parts)) {
    if (!drawnParts.test(name)) continue;
    const $ = loadXml(bytes);
    const paragraphs = $(String.raw`a\:p`).toArray().map((paragraph) => $(paragraph).find(String.raw`a\:t, a\:fld`).toArray().map((run) => $(run).text()).join(""));
    // What a chart keeps of the cells it shows, which may lie in another file.
    const kept = $(String.raw`c\:v`).toArray().map((value) => $(value).text()).filter((value) => /\p{L}/u.test(value));
    const words = [...new Set([...paragraphs, ...kept])].filter((text) => text.trim() !== "").join("\n");
    if (words !== "") draft.blocks.push({ kind: "paragraph", text: words, page: 1, boxes: [] });
    for (const drawn of $(String.raw`xdr\:cNvPr`).toArray()) {
      const text = [$(drawn).attr("title"), $(drawn).attr("descr")].filter(Boolean).join(": ");
      if (text !== "") draft.blocks.push({ kind: "paragraph", text, page: 1, boxes: [], role: "altText" });
    }
  }
}
