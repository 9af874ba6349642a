import * as docx from "docx";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { allDetectors } from "../../src/privacy/detectors/registry.ts";
import { scanPassages } from "../../src/privacy/scan.ts";
import { passagesOf } from "../../src/steps/classify.ts";
import { openTestParsers } from "../parsers/parse-file.ts";
import { makeDocx, makePdf, makePhoto, makeXlsx } from "../parsers/sample-files.ts";

const { parseFile } = openTestParsers();
const language = openLanguage();
const detectors = allDetectors(language);
const secret = "SSN 308-63-0237";
const paragraph = (text: string): docx.Paragraph => new docx.Paragraph(text);
const mail = (...lines: string[]): string => ["From: a@b.example", "To: c@d.example", "MIME-Version: 1.0", ...lines].join("\r\n");

const withParts = (zip: Uint8Array, parts: Record<string, string>): Uint8Array => zipSync({ ...unzipSync(zip), ...Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])) });
const withFooter = (zip: Uint8Array, xml: string): Uint8Array => withParts(zip, { "xl/worksheets/sheet1.xml": strFromU8(unzipSync(zip)["xl/worksheets/sheet1.xml"]!).replace("</worksheet>", `${xml}</worksheet>`) });
const chart = (title: string): string => `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:title><c:tx><c:rich><a:p><a:r><a:t>${title}</a:t></a:r></a:p></c:rich></c:tx></c:title></c:chartSpace>`;

/** A PDF whose catalogue has a packet of metadata of its own. */
async function pdfWithXmp(elements: string, attributes = ""): Promise<Buffer> {
  const packet = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`;
  return makePdf((pdf) => {
    const metadata = pdf.ref({ Type: "Metadata", Subtype: "XML", Length: packet.length });
    metadata.end(Buffer.from(packet));
    pdf.text("The crane.");
    (pdf as unknown as { _root: { data: object } })._root.data = { ...(pdf as unknown as { _root: { data: object } })._root.data, Metadata: metadata };
  }, { compress: false });
}

/** One place of a file, with `text` in it. */
const places: Record<string, (text: string) => Promise<[name: string, bytes: Uint8Array | string]>> = {
  "a file name": async (text) => [`${text}.txt`, "The crane."],
  "a Word title": async (text) => ["a.docx", await makeDocx([paragraph("The crane.")], { title: text })],
  "a Word property": async (text) => ["a.docx", await makeDocx([paragraph("The crane.")], { customProperties: [{ name: "Project", value: text }] })],
  "a Word header": async (text) => ["a.docx", await makeDocx([paragraph("The crane.")], {}, { headers: { default: new docx.Header({ children: [paragraph(text)] }) } })],
  "a Word footer": async (text) => ["a.docx", await makeDocx([paragraph("The crane.")], {}, { footers: { first: new docx.Footer({ children: [paragraph(text)] }) } })],
  "a footnote": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.TextRun("The crane."), new docx.FootnoteReferenceRun(1)] })], { footnotes: { 1: { children: [paragraph(text)] } } })],
  "deleted text": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.DeletedTextRun({ text, id: 1, author: "x", date: "2024-01-01T00:00:00Z" })] }), paragraph("The crane.")])],
  "inserted text": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.InsertedTextRun({ text, id: 1, author: "x", date: "2024-01-01T00:00:00Z" })] })])],
  "a comment": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.CommentRangeStart(0), new docx.CommentRangeEnd(0), new docx.TextRun({ children: [new docx.CommentReference(0)] })] })], { comments: { children: [{ id: 0, author: "x", date: new Date(0), children: [paragraph(text)] }] } })],
  "an alternative text": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.ImageRun({ type: "png", data: await makePhoto(), transformation: { width: 90, height: 60 }, altText: { name: "p", title: "p", description: text } })] })])],
  "a watermark": async (text) => {
    const parts = unzipSync(await makeDocx([paragraph("The crane.")], {}, { headers: { default: new docx.Header({ children: [paragraph("Norvik")] }) } }));
    const header = Object.keys(parts).find((name) => /^word\/header\d*\.xml$/.test(name))!;
    const mark = `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="${text}"/></v:shape></w:pict></w:r></w:p></w:hdr>`;
    return ["a.docx", zipSync({ ...parts, [header]: strToU8(strFromU8(parts[header]!).replace("</w:hdr>", mark)) })];
  },
  "a text box": async (text) => {
    const parts = unzipSync(await makeDocx([paragraph("The crane.")]));
    const box = `<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>`;
    return ["a.docx", zipSync({ ...parts, "word/document.xml": strToU8(strFromU8(parts["word/document.xml"]!).replace("<w:body>", `<w:body>${box}`)) })];
  },
  "a content control": async (text) => {
    const parts = unzipSync(await makeDocx([paragraph("The crane.")]));
    const control = `<w:sdt><w:sdtContent><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:sdtContent></w:sdt>`;
    return ["a.docx", zipSync({ ...parts, "word/document.xml": strToU8(strFromU8(parts["word/document.xml"]!).replace("<w:body>", `<w:body>${control}`)) })];
  },
  "an endnote": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.TextRun("The crane."), new docx.EndnoteReferenceRun(1)] })], { endnotes: { 1: { children: [paragraph(text)] } } })],
  "a deletion in a footnote": async (text) => {
    const gone = new docx.Paragraph({ children: [new docx.DeletedTextRun({ text, id: 1, author: "x", date: "2024-01-01T00:00:00Z" })] });
    return ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.TextRun("The crane."), new docx.FootnoteReferenceRun(1)] })], { footnotes: { 1: { children: [gone] } } })];
  },
  "the author of an insertion": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.InsertedTextRun({ text: "The crane.", id: 1, author: text, date: "2024-01-01T00:00:00Z" })] })])],
  "a chart in Word": async (text) => ["a.docx", withParts(await makeDocx([paragraph("The crane.")]), { "word/charts/chart1.xml": chart(text) })],
  "hidden letters": async (text) => ["a.docx", await makeDocx([new docx.Paragraph({ children: [new docx.TextRun("The crane."), new docx.TextRun({ text, vanish: true })] })])],
  "a PDF property": async (text) => ["a.pdf", await makePdf((pdf) => pdf.text("The crane."), { info: { Project: text } as object })],
  "a hidden sheet": async (text) => ["a.xlsx", makeXlsx({ Open: [["The crane."]], Kept: [["Note"], [text]] }, (book) => (book.Workbook = { Sheets: [{}, { Hidden: 2 }] }))],
  "a sheet's name": async (text) => ["a.xlsx", makeXlsx({ [text]: [["The crane."]] })],
  "a cell's comment": async (text) => ["a.xlsx", makeXlsx({ One: [["The crane."]] }, (book) => (book.Sheets["One"]!["A1"]!.c = [{ a: "x", t: text }]))],
  "a sheet's header": async (text) => ["a.xlsx", withFooter(makeXlsx({ One: [["The crane."]] }), `<headerFooter><oddHeader>&amp;L&amp;&quot;Arial,Bold&quot;&amp;8${text}&amp;RPage &amp;P</oddHeader></headerFooter>`)],
  "a sheet's footer of the first page": async (text) => ["a.xlsx", withFooter(makeXlsx({ One: [["The crane."]] }), `<headerFooter differentFirst="1"><firstFooter>&amp;C${text}</firstFooter></headerFooter>`)],
  "a text box on a sheet": async (text) => ["a.xlsx", withParts(makeXlsx({ One: [["The crane."]] }), { "xl/drawings/drawing1.xml": `<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>` })],
  "an alternative text on a sheet": async (text) => ["a.xlsx", withParts(makeXlsx({ One: [["The crane."]] }), { "xl/drawings/drawing1.xml": `<xdr:wsDr xmlns:xdr="x"><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="Picture 1" descr="${text}"/></xdr:nvPicPr></xdr:pic></xdr:wsDr>` })],
  "a chart on a sheet": async (text) => ["a.xlsx", withParts(makeXlsx({ One: [["The crane."]] }), { "xl/charts/chart1.xml": chart(text) })],
  "the name of a range": async (text) => ["a.xlsx", makeXlsx({ One: [["The crane."]] }, (book) => (book.Workbook = { Names: [{ Name: "kept", Ref: "One!$A$1", Comment: text }] }))],
  "an XMP element": async (text) => ["a.pdf", await pdfWithXmp(`<dc:description xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></dc:description>`)],
  "an XMP attribute": async (text) => ["a.pdf", await pdfWithXmp("", `xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:Note="${text}"`)],
  "a PDF bookmark": async (text) => ["a.pdf", await makePdf((pdf) => void pdf.text("The crane.").outline.addItem(text))],
  "a PDF title": async (text) => ["a.pdf", await makePdf((pdf) => pdf.text("The crane."), { info: { Title: text } })],
  "a PDF comment": async (text) => ["a.pdf", await makePdf((pdf) => pdf.text("The crane.").note(100, 100, 20, 20, text))],
  "an HTML comment's neighbour, hidden": async (text) => ["a.html", `<!doctype html><p>The crane.</p><p style="display:none">${text}</p>`],
  "an HTML meta element": async (text) => ["a.html", `<!doctype html><head><meta name="description" content="${text}"></head><p>The crane.</p>`],
  "an HTML alternative text": async (text) => ["a.html", `<!doctype html><p>The crane.</p><img src="x.png" alt="${text}">`],
  "a mail's subject": async (text) => ["a.eml", mail(`Subject: ${text}`, "", "The crane.")],
  "a mail's keywords": async (text) => ["a.eml", mail("Subject: crane", `Keywords: ${text}`, "", "The crane.")],
  "front matter": async (text) => ["a.md", `---\nnote: ${text}\n---\nThe crane.`],
  "a Markdown comment": async (text) => ["a.md", `The crane.\n\n<!-- ${text} -->\n`],
};

async function kindsIn([name, bytes]: [string, Uint8Array | string]): Promise<string[]> {
  const passages = passagesOf(await parseFile(name, bytes), name, []).map(({ text, context, role }) => ({ text, ...(context ? { context } : {}), ...(role ? { role } : {}) }));
  return scanPassages({ passages, terms: [], allow: [], scores: {} }, detectors, language.identify, () => {}).flatMap((each) => each.found.map(({ kind }) => kind));
}

describe("a number that is private", () => {
  it.each(Object.entries(places))("is found in %s", async (_place, make) => {
    expect(await kindsIn(await make(secret))).toContain("social_security");
    expect(await kindsIn(await make("pump 17"))).not.toContain("social_security");
  });
  it("is named by a label that a tool wrote into a PDF's packet alone", async () => {
    expect(await kindsIn(["a.pdf", await pdfWithXmp("", 'xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:MSIP_Label_17_Name="Highly Confidential"')])).toEqual(["confidential_marking"]);
    expect(await kindsIn(["a.pdf", await pdfWithXmp('<pdfx:MSIP_Label_17_Name xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/">Public</pdfx:MSIP_Label_17_Name>')])).toEqual([]);
  });
  it.each<[string, string, string]>([
    ["a.csv", "Surname,Salary\nWurst,54000\nZwirn,51000\n", "salary"],
    ["a.json", '[{"lastName":"Wurst","kto":"4711 0815"},{"lastName":"Zwirn","kto":"4711 0816"}]', "account_number"],
    ["a.json", '{"patient":{"lastName":"Wurst","bloodType":"A"}}', "person"],
    ["a.txt", "<patient><lastName>Wurst</lastName><salary>54000</salary></patient>", "salary"],
    ["a.md", "| Konfession |\n|---|\n| evangelisch |\n", "religion"],
  ])("is named by its column or key in %s: %j", async (name, text, kind) => expect(await kindsIn([name, text])).toContain(kind));
});
