import { readFile } from "node:fs/promises";
import { getDocument, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { type Draft, finish, newDraft, tooManyCharacters, tooManyPages, warn } from "./draft.ts";
import { mayReadPictures } from "./needs-ocr.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";
import { addPages } from "./pdf-blocks.ts";
import { addAnnotations, addAttachments, addMetadata } from "./pdf-extras.ts";
import { pdfError, pdfOptions } from "./pdf-load.ts";
import { type PdfPage, readPage } from "./pdf-page.ts";
import { addPdfPictures } from "./pdf-pictures.ts";
import { addScannedPage, isScanned } from "./pdf-scan.ts";

/** Text with boxes, tables, pictures, comments and metadata; pages without a text layer are read with OCR. */
export const parse: ParseFunction = async (request) => {
  const bytes = await readFile(request.input);
  // pdfjs takes the bytes it is given for itself.
  const task = getDocument({ ...pdfOptions(), data: new Uint8Array(bytes), maxImageSize: request.limits.pixels });
  try {
    const document = await task.promise;
    if (document.numPages > request.limits.pages) throw tooManyPages(document.numPages, request.limits.pages);
    return await readDocument(document, bytes, request);
  } catch (error) {
    throw pdfError(error);
  } finally {
    await task.destroy();
  }
};

async function readDocument(document: PDFDocumentProxy, bytes: Buffer, request: ParseRequest) {
  const draft = newDraft();
  draft.pages = document.numPages;
  await addMetadata(draft, document);
  const pages: PdfPage[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const page = await readOnePage(document, number, bytes, request, draft);
    if (page === "needs ocr") return finish(newDraft(), request);
    if (page) pages.push(page);
    characters += page?.runs.reduce((sum, run) => sum + run.text.length, 0) ?? 0;
    if (characters > request.limits.characters) throw tooManyCharacters(characters, request.limits.characters);
  }
  if (pages.length === 0) throw new Error("no page of the document could be read");
  if (!bytes.subarray(-2048).includes("%%EOF")) warn(draft, "truncated", "the PDF has no proper end; what could be read was read, and pages may be missing");
  addPages(draft, pages);
  await addAttachments(draft, request, document);
  return finish(draft, request);
}

async function readOnePage(document: PDFDocumentProxy, number: number, bytes: Buffer, request: ParseRequest, draft: Draft): Promise<PdfPage | "needs ocr" | null> {
  try {
    const page = await document.getPage(number);
    const read = await readPage(page);
    draft.pageSizes.push({ width: read.width, height: read.height });
    if (isScanned(read)) {
      if (!mayReadPictures()) return "needs ocr";
      await addScannedPage(draft, request, bytes, read);
    } else await addPdfPictures(draft, request, page, read);
    await addAnnotations(draft, page);
    page.cleanup();
    return read;
  } catch (error) {
    const { name } = error as Error;
    if (name === "SluiceError" || draft.pages === 1) throw error;
    draft.pageSizes.push({ width: 0, height: 0 });
    draft.warnings.push({ code: "page_unreadable", message: `page ${number} is damaged and was left out; save the PDF again and send it anew` });
    return null;
  }
}
