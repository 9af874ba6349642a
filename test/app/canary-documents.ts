import { randomInt } from "node:crypto";
import * as XLSX from "@e965/xlsx";
import { CommentRangeEnd, CommentRangeStart, CommentReference, DeletedTextRun, Document, FootnoteReferenceRun, Header, ImageRun, Paragraph, TextRun } from "docx";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import sharp from "sharp";
import { docxBytes } from "../documents/make/office.ts";
import { rawZip } from "../parsers/sample-archives.ts";
import { makePdf } from "../parsers/sample-files.ts";

/** Where a private text hides in a document. */
export const places = ["body", "name", "metadata", "title", "table cell", "page header", "footnote", "tracked change", "hidden sheet", "sheet footer", "comment", "alt text", "PDF packet", "attachment in an attachment", "workbook in a Word file in a letter", "letter with an attachment in an attachment, in an archive", "entry's name", "folder in an archive in an archive", "archive's comment", "file in an archive in a letter", "picture"] as const;
export type Place = (typeof places)[number];

export interface CanaryDocument {
  place: Place;
  name: string;
  bytes: Buffer;
}

/** A surname that nobody bears, with a letter that every encoding writes otherwise; its stem is plain ASCII. */
export function newCanary(): string {
  const syllable = (): string => "bdfklmnprstvz"[randomInt(13)]! + "aou"[randomInt(3)]!;
  return `Q${["u", "a", "o"][randomInt(3)]}${syllable()}${syllable()}${syllable()}né`;
}

/**
 * A public document of the company `company`, with `secret` (a person's name, or null for the public twin) at one place.
 * Everything else about the two is the same.
 */
export async function canaryDocument(place: Place, company: string, secret: string | null): Promise<CanaryDocument> {
  const text = `${company} GmbH delivers a harbour crane to Ostwick Terminal. ${company} GmbH is based in Rostock. Ostwick Terminal operates the port of Ostwick.`;
  const said = secret ? `Mrs Anna ${secret}, born on 7 June 1986, works here.` : "The crane works here.";
  const named = secret ? `Mrs Anna ${secret}` : "Harbour crane";
  const [name, bytes] = await made[place]({ text, said, named, company });
  return { place, name, bytes: Buffer.from(bytes) };
}

interface Parts {
  text: string;
  said: string;
  named: string;
  company: string;
}

const made: Record<Place, (parts: Parts) => Promise<[name: string, bytes: Uint8Array | string]>> = {
  body: async ({ text, said, company }) => [`body-${company}.txt`, `${text}\n\n${said}\n`],
  name: async ({ text, named, company }) => [`${named} ${company}.txt`, `${text}\n\nThe file was written for the port.\n`],
  metadata: async ({ text, named, company }) => [`page-${company}.html`, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crane</title><meta name="author" content="${named}"></head><body><p>${text}</p></body></html>`],
  "hidden sheet": async ({ text, said, company }) => {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["Note"], [text]]), "Open");
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["Note"], [said]]), "Kept");
    book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] };
    return [`sheet-${company}.xlsx`, XLSX.write(book, { type: "buffer", bookType: "xlsx" }) as Buffer];
  },
  comment: async ({ text, said, company }) => {
    const paragraph = new Paragraph({ children: [new CommentRangeStart(0), new TextRun(text), new CommentRangeEnd(0), new TextRun({ children: [new CommentReference(0)] })] });
    return [`comment-${company}.docx`, await docxBytes(new Document({ creator: "Port", comments: { children: [{ id: 0, author: "Port", date: new Date(0), children: [new Paragraph(said)] }] }, sections: [{ children: [paragraph] }] }))];
  },
  title: async ({ text, named, company }) => [`title-${company}.docx`, await docxBytes(new Document({ creator: "Port", title: named, sections: [{ children: [new Paragraph(text)] }] }))],
  "table cell": async ({ text, said, company }) => [`table-${company}.csv`, `Item,Note\nCrane,"${text}"\nLetter,"${said}"\n`],
  "page header": async ({ text, said, company }) => [`page-${company}.docx`, await docxBytes(new Document({ creator: "Port", sections: [{ headers: { default: new Header({ children: [new Paragraph(said)] }) }, children: [new Paragraph(text)] }] }))],
  footnote: async ({ text, said, company }) => [`footnote-${company}.docx`, await docxBytes(new Document({ creator: "Port", footnotes: { 1: { children: [new Paragraph(said)] } }, sections: [{ children: [new Paragraph({ children: [new TextRun(text), new FootnoteReferenceRun(1)] })] }] }))],
  "tracked change": async ({ text, said, company }) => [`change-${company}.docx`, await docxBytes(new Document({ creator: "Port", sections: [{ children: [new Paragraph(text), new Paragraph({ children: [new DeletedTextRun({ text: said, id: 1, author: "Port", date: "2024-06-04T00:00:00Z" })] })] }] }))],
  "sheet footer": async ({ text, named, company }) => {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["Note"], [text]]), "Open");
    const parts = unzipSync(XLSX.write(book, { type: "buffer", bookType: "xlsx" }) as Buffer);
    const sheet = "xl/worksheets/sheet1.xml";
    const footer = `<headerFooter><oddFooter>&amp;C${named}</oddFooter></headerFooter></worksheet>`;
    return [`footer-${company}.xlsx`, zipSync({ ...parts, [sheet]: strToU8(strFromU8(parts[sheet]!).replace("</worksheet>", footer)) })];
  },
  "PDF packet": async ({ text, named, company }) => [`packet-${company}.pdf`, await pdfWithPacket(text, named)],
  "alt text": async ({ text, said, company }) => {
    const image = new ImageRun({ type: "png", data: await drawing("Harbour crane"), transformation: { width: 320, height: 100 }, altText: { title: "Crane", name: "Crane", description: said } });
    return [`alt-${company}.docx`, await docxBytes(new Document({ creator: "Port", sections: [{ children: [new Paragraph(text), new Paragraph({ children: [image] })] }] }))];
  },
  "attachment in an attachment": async ({ text, said, company }) => {
    const inner = mail("Inner note", "See the file.", "text/plain; charset=utf-8", "note.txt", Buffer.from(said));
    return [`letter-${company}.eml`, mail("Delivery of the crane", text, "message/rfc822", "inner.eml", inner)];
  },
  "workbook in a Word file in a letter": async ({ text, said, company }) => {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([["Note"], [said]]), "Open");
    const file = await docxBytes(new Document({ creator: "Port", sections: [{ children: [new Paragraph("See the sheet.")] }] }));
    const filled = zipSync({ ...unzipSync(file), "word/embeddings/sheet.xlsx": XLSX.write(book, { type: "buffer", bookType: "xlsx" }) as Buffer });
    return [`sheets-${company}.eml`, mail("Delivery of the crane", text, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "note.docx", Buffer.from(filled))];
  },
  "letter with an attachment in an attachment, in an archive": async ({ text, said, company }) => {
    const inner = mail("Inner note", "See the file.", "text/plain; charset=utf-8", "note.txt", Buffer.from(said));
    return [`letters-${company}.zip`, rawZip([{ name: "letters/letter.eml", bytes: mail("Delivery of the crane", text, "message/rfc822", "inner.eml", inner) }])];
  },
  "entry's name": async ({ text, named, company }) => [`files-${company}.zip`, rawZip([{ name: `${named} ${company}.txt`, bytes: `${text}\n\nThe file was written for the port.\n` }])],
  "folder in an archive in an archive": async ({ text, named, company }) => [`folders-${company}.zip`, rawZip([{ name: "inner.zip", bytes: rawZip([{ name: `${named}/crane.txt`, bytes: text }]), method: 0 }])],
  "archive's comment": async ({ text, said, company }) => [`commented-${company}.zip`, rawZip([{ name: "crane.txt", bytes: text }], { comment: said })],
  "file in an archive in a letter": async ({ text, said, company }) => [`packed-${company}.eml`, mail("Delivery of the crane", text, "application/zip", "notes.zip", rawZip([{ name: "note.txt", bytes: said }]))],
  picture: async ({ text, named, company }) => [`picture-${company}.eml`, mail("Delivery of the crane", text, "image/png", "crane.png", await drawing(named))],
};

/** A person's name in the packet of metadata alone. */
function pdfWithPacket(text: string, named: string): Promise<Buffer> {
  const packet = Buffer.from(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${named}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`);
  return makePdf((pdf) => {
    const metadata = pdf.ref({ Type: "Metadata", Subtype: "XML", Length: packet.length });
    metadata.end(packet);
    pdf.text(text);
    const root = (pdf as unknown as { _root: { data: object } })._root;
    root.data = { ...root.data, Metadata: metadata };
  }, { compress: false });
}

const drawing = (words: string): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="720" height="200"><rect width="720" height="200" fill="white"/><text x="20" y="110" font-family="DejaVu Sans, sans-serif" font-size="40" fill="black">${words}</text></svg>`)).png().toBuffer();

export function mail(subject: string, text: string, type: string, file: string, bytes: Buffer): Buffer {
  const boundary = `part${subject.length}${type.length}`;
  const nested = type === "message/rfc822";
  const body = nested ? bytes.toString("utf8") : bytes.toString("base64").replace(/.{76}/gu, "$&\r\n");
  const head = [`Subject: ${subject}`, "Date: Tue, 04 Jun 2024 09:00:00 +0200", "MIME-Version: 1.0", `Content-Type: multipart/mixed; boundary="${boundary}"`, "", `--${boundary}`, "Content-Type: text/plain; charset=utf-8", "", text, ""];
  const attached = [`--${boundary}`, `Content-Type: ${type}; name="${file}"`, `Content-Disposition: attachment; filename="${file}"`, nested ? "Content-Transfer-Encoding: 8bit" : "Content-Transfer-Encoding: base64", "", body, `--${boundary}--`, ""];
  return Buffer.from([...head, ...attached].join("\r\n"));
}
