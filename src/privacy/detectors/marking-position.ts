import { passageAt, type TextView } from "./detector.ts";

/** Characters of a document that count as its cover. */
const cover = 600;
const longestCoverLine = 80;
const opening = /(?:^|[\n·•|–—,;:([/*#_-])[ \t]{0,3}$/u;
const closing = /^[ \t]{0,3}(?:$|[\n·•|–—;:)\]/*#_!-])/u;
const fileEnding = /^[ ._-]{0,2}(?:[a-z]{2,4}\d?)?$/iu;
const titles = /^(?:title|subject|keywords|category|contentstatus|status|description|comments?|titel|betreff|titre|objet|título|asunto)$/iu;

/**
 * Score that a word of confidentiality has by where it stands: a watermark says it of the document, and so does a header,
 * footer, title or file name that begins or ends with it, or a short line of the cover that sets it apart. 0 elsewhere.
 */
export function scoreByPosition(view: TextView, start: number, end: number): number {
  const passage = passageAt(view, start);
  if (!passage) return 0;
  if (passage.role === "watermark") return 0.9;
  const before = view.text.slice(Math.max(passage.start, start - longestCoverLine), start);
  const after = view.text.slice(end, Math.min(passage.end, end + longestCoverLine));
  // "internal combustion engines" begins with the word too.
  const opens = opening.test(before) && (!/^intern/i.test(view.text.slice(start, end)) || closing.test(after));
  const closes = closing.test(after);
  if (passage.role === "name") return opens || fileEnding.test(after) ? 0.85 : 0;
  if (passage.role === "header" || passage.role === "footer" || (passage.role === "metadata" && titles.test(passage.context))) return opens || closes ? 0.85 : 0;
  // "Anna Schmidt (Interne)" is a doctor in training.
  if (passage.role !== "body" || /^intern/i.test(view.text.slice(start, end))) return 0;
  const line = before.slice(before.lastIndexOf("\n") + 1).length + (end - start) + (after.split("\n", 1)[0] ?? "").length;
  return start < cover && line <= longestCoverLine && opens && closes ? 0.8 : 0;
}
