import { readFile } from "node:fs/promises";
import { load } from "cheerio";
import mammoth from "mammoth";
import { SluiceError } from "../errors.ts";
import { type Draft, finish, newDraft } from "./draft.ts";
import { addAround } from "./docx-around.ts";
import { addHtml } from "./html-blocks.ts";
import { addDrawn, drawnParts } from "./office-drawn.ts";
import { addEmbedded, addOfficeProperties, unpackOffice } from "./office-zip.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";
import { addPicture } from "./save-picture.ts";

const styles = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh", "p[style-name='Code'] => pre:separator('\\n')", "p[style-name='HTML Preformatted'] => pre:separator('\\n')"];
const wanted = /^(docProps\/(core|app|custom)\.xml|docMetadata\/LabelInfo\.xml|word\/(document|comments|footnotes|endnotes|header\d*|footer\d*)\.xml|word\/embeddings\/)/;

/** Body through mammoth; comments, tracked changes, headers, footers and properties from the parts themselves. */
export const parse: ParseFunction = async (request) => {
  const bytes = await readFile(request.input);
  const parts = unpackOffice(bytes, request, (name) => wanted.test(name) || drawnParts.test(name));
  const draft = newDraft();
  addOfficeProperties(draft, parts);
  await addBody(draft, request, bytes);
  addAround(draft, parts);
  addDrawn(draft, parts);
  await addEmbedded(draft, request, parts);
  return finish(draft, request);
};

async function addBody(draft: Draft, request: ParseRequest, bytes: Buffer): Promise<void> {
  const pictures: Buffer[] = [];
  const convertImage = mammoth.images.imgElement(async (image) => ({ src: `picture:${pictures.push(await image.readAsBuffer()) - 1}` }));
  const { value } = await mammoth.convertToHtml({ buffer: bytes }, { styleMap: styles, convertImage, externalFileAccess: false }).catch((cause: unknown) => {
    throw new SluiceError("unreadable", "the Word file is damaged and its text could not be read; save it again and send it anew", { cause });
  });
  const $ = load(value);
  // Ways back from a note to its place are marks for a screen, not text.
  $("a[href^='#footnote-ref-'], a[href^='#endnote-ref-'], a[href^='#comment-ref-']").remove();
  const picture = async (source: string, altText: string): Promise<boolean> => {
    const found = pictures[Number(/^picture:(\d+)$/.exec(source)?.[1])];
    if (found) await addPicture(draft, request, { bytes: found, page: 1, box: null, altText });
    return found !== undefined;
  };
  await addHtml($, draft, { page: 1, picture });
}
