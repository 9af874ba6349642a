import { readFile } from "node:fs/promises";
import * as XLSX from "@e965/xlsx";
import { load } from "cheerio";
import mammoth from "mammoth";
import { PDFParse } from "pdf-parse";
import PostalMime from "postal-mime";

/**
 * The text of a sample document by page, read with bare libraries and not with the product's parsers: what the gold is
 * checked against. A picture has none. An attachment comes under its own name.
 */
export async function readPages(folder: string, name: string): Promise<Map<string, string[]>> {
  const bytes = await readFile(`${folder}/${name}`);
  const one = (text: string): Map<string, string[]> => new Map([[name, [text]]]);
  if (name.endsWith(".pdf")) {
    const pdf = new PDFParse({ data: new Uint8Array(bytes) });
    const { pages } = await pdf.getText();
    await pdf.destroy();
    return new Map([[name, pages.map((page) => page.text)]]);
  }
  if (name.endsWith(".docx")) return one(await word(bytes));
  if (name.endsWith(".xlsx")) {
    const book = XLSX.read(bytes);
    return one(book.SheetNames.map((sheet) => XLSX.utils.sheet_to_csv(book.Sheets[sheet]!)).join("\n"));
  }
  if (name.endsWith(".eml")) {
    const mail = await PostalMime.parse(bytes);
    const attached = await Promise.all(mail.attachments.map(async (each): Promise<[string, string[]]> => [each.filename ?? "", [await word(Buffer.from(each.content as ArrayBuffer))]]));
    return new Map([[name, [`${mail.subject}\n${mail.text}`]], ...attached]);
  }
  if (name.endsWith(".html")) {
    const page = load(bytes.toString("utf8"));
    page("script, style").remove();
    return one(page.root().text());
  }
  if (name.endsWith(".png")) return new Map([[name, []]]);
  return one(bytes.toString("utf8"));
}

const word = async (bytes: Buffer): Promise<string> => (await mammoth.extractRawText({ buffer: bytes })).value;

/** White space and quotation marks folded. */
export const fold = (text: string): string => text.replace(/[*|]/g, " ").replace(/[“”„]/g, '"').replace(/\s+/g, " ").trim();
