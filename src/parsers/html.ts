import { decodeText } from "./decode-text.ts";
import { finish, newDraft } from "./draft.ts";
import { addHtml } from "./html-blocks.ts";
import { loadHtml } from "./html-load.ts";
import type { ParseFunction } from "./parser.ts";

/** Nothing a page points to is fetched: no picture, frame, style or script. */
export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const text = await decodeText(request, draft);
  const $ = loadHtml(text, draft);
  const title = $("title").first().text().trim();
  if (title !== "") draft.metadata["title"] = title;
  const language = $("html").attr("lang");
  if (language) draft.metadata["language"] = language;
  $("meta[name][content], meta[property][content]").each((_, element) => {
    const name = ($(element).attr("name") ?? $(element).attr("property") ?? "").toLowerCase();
    if (/^(author|description|keywords|date|dc\.|article:|og:(title|description|site_name))/.test(name)) draft.metadata[name] = $(element).attr("content")!;
  });
  draft.date = isoDate(draft.metadata["article:published_time"] ?? draft.metadata["date"] ?? draft.metadata["dc.date"]);
  await addHtml($, draft, { page: 1 });
  return finish(draft, request);
};

export function isoDate(text: string | undefined): string | null {
  const time = text && /\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
