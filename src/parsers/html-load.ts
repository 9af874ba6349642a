import { load, type CheerioAPI } from "cheerio";
import { SluiceError } from "../errors.ts";
import { type Draft, warn } from "./draft.ts";

/** Walking is recursive, so that nesting is bounded before the tree is built. */
const deepest = 400;
const mostTags = 2_000_000;
const leaves = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "option"]);

export function loadHtml(text: string, draft: Draft): CheerioAPI {
  const depth = nesting(text);
  if (depth <= deepest) return load(text);
  warn(draft, "nesting", `the page is nested ${depth} levels deep; its structure was dropped and its text kept`);
  return load(withoutPrograms(text).replace(/<\/?(?!\/?(p|br|li|h[1-6]|tr)\b)[a-z][^<>]*>/gi, " "));
}

function nesting(text: string): number {
  let depth = 0;
  let highest = 0;
  let tags = 0;
  for (const [, closing, name, rest] of text.matchAll(/<(\/?)([a-z][a-z0-9:-]*)(?![a-z0-9:-])([^<>]*)>/gi)) {
    if (++tags > mostTags) throw new SluiceError("too_large", `the page has more than ${mostTags} tags; split it`);
    if (leaves.has(name!.toLowerCase()) || rest!.endsWith("/")) continue;
    depth = closing ? Math.max(0, depth - 1) : depth + 1;
    highest = Math.max(highest, depth);
  }
  return highest;
}

/** Scripts and styles give way to a blank; one without an end stays. */
function withoutPrograms(text: string): string {
  const opening = /<(script|style)\b/gi;
  const closing = new Map([["script", /<\/script>/gi], ["style", /<\/style>/gi]]);
  let kept = "";
  let from = 0;
  for (let found = opening.exec(text); found; found = opening.exec(text)) {
    const name = found[1]!.toLowerCase();
    const end = closing.get(name);
    if (!end) continue;
    end.lastIndex = opening.lastIndex;
    if (!end.test(text)) closing.delete(name);
    else {
      kept += `${text.slice(from, found.index)} `;
      opening.lastIndex = from = end.lastIndex;
    }
  }
  return kept + text.slice(from);
}
