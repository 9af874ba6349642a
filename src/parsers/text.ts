import { decodeText } from "./decode-text.ts";
import { type Draft, finish, newDraft } from "./draft.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";

/** Paragraphs are what blank lines part; line ends inside them stay. */
export const parse: ParseFunction = async (request: ParseRequest) => {
  const draft = newDraft();
  addParagraphs(draft, await decodeText(request, draft));
  return finish(draft, request);
};

export function addParagraphs(draft: Draft, text: string, role?: string): void {
  const pages = text.split("\f");
  draft.pages = Math.max(draft.pages, pages.length);
  for (const [index, page] of pages.entries()) {
    for (const paragraph of page.split(/\n[ \t]*\n/)) {
      const trimmed = paragraph.replace(/^\n+/, "").trimEnd();
      if (trimmed !== "") draft.blocks.push({ kind: "paragraph", text: trimmed, page: index + 1, boxes: [], ...(role ? { role } : {}) });
    }
  }
}
