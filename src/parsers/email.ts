import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { type Draft, finish, newDraft } from "./draft.ts";
import { isoDate } from "./html.ts";
import { addHtml } from "./html-blocks.ts";
import { loadHtml } from "./html-load.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";
import { addPicture } from "./save-picture.ts";
import { addParagraphs } from "./text.ts";

const mostAttachments = 1000;

/** Subject, who wrote to whom and the body; attachments, messages among them, become children. */
export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const email = await PostalMime.parse(await readFile(request.input), { forceRfc822Attachments: true, maxNestingDepth: 64 });
  addHeaders(draft, email);
  const inline = await addBody(draft, request, email);
  for (const attachment of email.attachments.slice(0, mostAttachments)) if (!inline.has(attachment)) await addChild(draft, request, attachment);
  return finish(draft, request);
};

function addHeaders(draft: Draft, email: Email): void {
  const lines = {
    From: people([email.from]),
    To: people(email.to),
    Cc: people(email.cc),
    Bcc: people(email.bcc),
    "Reply-To": people(email.replyTo),
    Date: email.date ?? "",
  };
  const shown = Object.entries(lines).filter(([, value]) => value !== "");
  draft.metadata = { subject: email.subject ?? "", messageId: email.messageId ?? "", ...Object.fromEntries(shown.map(([key, value]) => [key.toLowerCase(), value])) };
  for (const { key, value } of email.headers) if (/^(sensitivity|x-sensitivity|importance|(x-)?([a-z]+-){0,5}classification|(x-)?protective-marking|msip_labels|x-.*label|organization|keywords|comments)$/i.test(key)) draft.metadata[key] = value;
  draft.date = isoDate(email.date);
  if (email.subject) draft.blocks.push({ kind: "heading", level: 1, text: email.subject, page: 1, boxes: [] });
  draft.blocks.push({ kind: "paragraph", text: shown.map(([key, value]) => `${key}: ${value}`).join("\n"), page: 1, boxes: [] });
}

function people(addresses: (Address | undefined)[] | undefined): string {
  const flat = (addresses ?? []).flatMap((each) => (each?.group ? each.group : each ? [each] : []));
  return flat.map(({ name, address }) => (name && address ? `${name} <${address}>` : name || address || "")).join(", ");
}

/** Returns the attachments that the body shows in its text. */
async function addBody(draft: Draft, request: ParseRequest, email: Email): Promise<Set<Attachment>> {
  const inline = new Set<Attachment>();
  if (email.html?.trim()) {
    const picture = async (source: string, altText: string): Promise<boolean> => {
      const found = email.attachments.find((each) => each.contentId && each.contentId.replace(/^<|>$/g, "") === source.replace(/^cid:/i, "") && each.mimeType.startsWith("image/"));
      if (!found) return false;
      if (!inline.has(found)) await addPicture(draft, request, { bytes: bytesOf(found), page: 1, box: null, altText });
      inline.add(found);
      return true;
    };
    await addHtml(loadHtml(email.html, draft), draft, { page: 1, picture });
    if (email.text && !saysTheSame(draft, email.text)) addParagraphs(draft, email.text, "hidden");
  } else if (email.text) addParagraphs(draft, email.text.replace(/\r\n?/g, "\n"));
  return inline;
}

/** A mail program shows one of the two bodies; the other is kept for privacy when it says something else. */
function saysTheSame(draft: Draft, text: string): boolean {
  const shown = new Set(draft.blocks.flatMap((block) => block.text.match(/\p{L}{3,}|\d{3,}/gu) ?? []));
  const words = text.match(/\p{L}{3,}|\d{3,}/gu) ?? [];
  return words.filter((word) => !shown.has(word)).length <= words.length * 0.05;
}

const bytesOf = (attachment: Attachment): Uint8Array =>
  typeof attachment.content === "string" ? new TextEncoder().encode(attachment.content) : new Uint8Array(attachment.content as ArrayBuffer);

async function addChild(draft: Draft, request: ParseRequest, attachment: Attachment): Promise<void> {
  const number = draft.children.length + 1;
  const file = `child-${number}`;
  await writeFile(join(request.output, file), bytesOf(attachment));
  const isMessage = attachment.mimeType === "message/rfc822";
  draft.children.push({ file, path: attachment.filename || `attachment-${number}${isMessage ? ".eml" : ""}`, mediaType: attachment.mimeType || null });
}
