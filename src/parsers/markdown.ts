import { parse as parseYaml } from "yaml";
import { decodeText } from "./decode-text.ts";
import { type Draft, finish, newDraft, warn } from "./draft.ts";
import { isoDate } from "./html.ts";
import { addMarkdown } from "./markdown-blocks.ts";
import type { ParseFunction } from "./parser.ts";

export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const text = (await decodeText(request, draft)).replace(/^\ufeff/, "");
  addMarkdown(draft, readFrontMatter(text, draft));
  return finish(draft, request);
};

/** The YAML between the first two lines of dashes becomes metadata; returns what follows it. */
function readFrontMatter(text: string, draft: Draft): string {
  const found = /^---[ \t]*\n([\s\S]{0,100000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (!found) return text;
  try {
    const fields: unknown = parseYaml(found[1]!, { maxAliasCount: 10 });
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return text;
    for (const [key, value] of Object.entries(fields)) draft.metadata[key] = typeof value === "object" ? JSON.stringify(value) : String(value);
    draft.date = isoDate(draft.metadata["date"]);
    return text.slice(found[0].length);
  } catch {
    warn(draft, "front_matter", "the front matter is not valid YAML; it was read as text");
    return text;
  }
}
