import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as docx from "docx";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openTestParsers, textOf } from "./parse-file.ts";
import { makeDocx, makePhoto, makeXlsx, makeZipBomb } from "./sample-files.ts";

const { parseFile } = openTestParsers();
const paragraph = (text: string): docx.Paragraph => new docx.Paragraph(text);
const cell = (text: string): docx.TableCell => new docx.TableCell({ children: [paragraph(text)] });

describe("a Word file", () => {
  test("gives headings, lists, tables and pictures in their order", async () => {
    const bytes = await makeDocx(
      [
        new docx.Paragraph({ text: "Memo", heading: docx.HeadingLevel.HEADING_1 }),
        paragraph("The plan is ready."),
        new docx.Paragraph({ text: "first step", bullet: { level: 0 } }),
        new docx.Paragraph({ text: "second step", bullet: { level: 0 } }),
        new docx.Table({ rows: [new docx.TableRow({ children: [cell("Name"), cell("Town")] }), new docx.TableRow({ children: [cell("Mara"), cell("Bergen")] })] }),
        new docx.Paragraph({ children: [new docx.ImageRun({ type: "png", data: await makePhoto(), transformation: { width: 90, height: 60 }, altText: { name: "p", title: "p", description: "The old mill" } })] }),
      ],
      { title: "The memo", creator: "Mara Lind" },
    );
    const document = await parseFile("memo.docx", bytes);
    expect(document.blocks.map((block) => [block.kind, block.text])).toEqual([
      ["heading", "Memo"],
      ["paragraph", "The plan is ready."],
      ["list", "- first step\n- second step"],
      ["table", "| Name | Town |\n| --- | --- |\n| Mara | Bergen |"],
      ["picture", "The old mill"],
    ]);
    expect(document.pictures[0]).toMatchObject({ width: 300, height: 200, altText: "The old mill", skipped: null });
    expect(document.metadata).toMatchObject({ title: "The memo", creator: "Mara Lind" });
    expect(document.date).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test("shows privacy its comments, deleted text, header, footer and labels", async () => {
    const bytes = await makeDocx(
      [new docx.Paragraph({ children: [new docx.TextRun("Body"), new docx.DeletedTextRun({ text: "the old salary", id: 1, author: "Mara", date: "2024-01-01T00:00:00Z" }), new docx.CommentRangeStart(0), new docx.CommentRangeEnd(0), new docx.TextRun({ children: [new docx.CommentReference(0)] })] })],
      {
        comments: { children: [{ id: 0, author: "Olaf", date: new Date(), children: [paragraph("call her doctor")] }] },
        customProperties: [{ name: "MSIP_Label_1_Name", value: "Strictly confidential" }],
      },
      { headers: { default: new docx.Header({ children: [paragraph("Internal")] }) }, footers: { default: new docx.Footer({ children: [paragraph("Page end")] }) } },
    );
    const { blocks, metadata } = await parseFile("around.docx", bytes);
    const byRole = Object.fromEntries(blocks.map((block) => [block.role ?? "body", block.text]));
    expect(byRole).toMatchObject({ body: "Body", comment: "Olaf: call her doctor", trackedChange: "Mara: the old salary", header: "Internal", footer: "Page end" });
    expect(metadata["MSIP_Label_1_Name"]).toBe("Strictly confidential");
  });

  test("shows privacy the words of a watermark and the id of a label that no property names", async () => {
    const parts = unzipSync(await makeDocx([paragraph("Body")], {}, { headers: { default: new docx.Header({ children: [paragraph("Norvik")] }) } }));
    const header = Object.keys(parts).find((name) => /^word\/header\d*\.xml$/.test(name))!;
    const mark = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="DRAFT secret"/></v:shape></w:pict></w:r></w:p></w:hdr>';
    const label = '<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"><clbl:label id="{7f3a}" enabled="1" method="Privileged"/><clbl:label id="{9b1c}" enabled="0"/></clbl:labelList>';
    const bytes = zipSync({ ...parts, [header]: strToU8(strFromU8(parts[header]!).replace("</w:hdr>", mark)), "docMetadata/LabelInfo.xml": strToU8(label) });
    const { blocks, metadata } = await parseFile("marked.docx", bytes);
    expect(blocks.find((block) => block.role === "watermark")!.text).toBe("DRAFT secret");
    expect(metadata["sensitivityLabel"]).toBe("{7f3a}");
  });

  test("that is a zip bomb is refused before it is unpacked, with what to do", async () => {
    await expect(parseFile("bomb.docx", makeZipBomb())).rejects.toMatchObject({ code: "unreadable", message: expect.stringMatching(/zip bomb.*raise the limit/) });
  });

  test("that is cut off or encrypted is refused with what to do", async () => {
    const bytes = await makeDocx([paragraph("text")]);
    await expect(parseFile("cut.docx", bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({ code: "unreadable" });
    const encrypted = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(2048)]);
    await expect(parseFile("encrypted.docx", encrypted)).rejects.toMatchObject({ code: "unreadable", message: expect.stringContaining("password") });
  });
});

describe("an Excel file", () => {
  test("gives a page a sheet, titles over their tables, hidden sheets with that role", async () => {
    const bytes = makeXlsx(
      { Prices: [["Prices 2024"], ["Product", "Price"], ["Valve", 12.5], [], ["Other", "List"], ["x", "y"]], Secret: [["salary", "name"], [1, "Mara"]] },
      (book) => (book.Workbook = { Sheets: [{}, { Hidden: 1 }] }),
    );
    const { blocks, pages, metadata } = await parseFile("prices.xlsx", bytes);
    expect(pages).toBe(2);
    expect(metadata["sheets"]).toBe("Prices, Secret");
    expect(blocks.map((block) => [block.page, block.kind, block.role, block.rows ?? block.text])).toEqual([
      [1, "heading", undefined, "Prices"],
      [1, "paragraph", undefined, "Prices 2024"],
      [1, "table", undefined, [["Product", "Price"], ["Valve", "12.5"]]],
      [1, "table", undefined, [["Other", "List"], ["x", "y"]]],
      [2, "heading", "hidden", "Secret"],
      [2, "table", "hidden", [["salary", "name"], ["1", "Mara"]]],
    ]);
  });

  test("has its comments read, and a sheet that claims a million empty rows read at once", async () => {
    const bytes = makeXlsx({ One: [["a", "b"], ["1", "2"]] }, (book) => {
      const sheet = book.Sheets["One"]!;
      sheet["A2"]!.c = [{ a: "Olaf", t: "ask Mara" }];
    });
    const parts = unzipSync(bytes);
    const claimed = strFromU8(parts["xl/worksheets/sheet1.xml"]!).replace("A1:B2", "A1:XFD1048576");
    const { blocks } = await parseFile("comments.xlsx", zipSync({ ...parts, "xl/worksheets/sheet1.xml": strToU8(claimed) }));
    expect(blocks.find((block) => block.role === "comment")!.text).toContain("ask Mara");
    expect(blocks.find((block) => block.kind === "table")!.rows).toEqual([["a", "b"], ["1", "2"]]);
  });
});

describe("an e-mail", () => {
  const lines = (...all: string[]): string => all.join("\r\n");

  test("gives subject, people, body and its attachments as children, a message in it too", async () => {
    const mail = lines(
      "From: Mara Lind <mara@norvik.example>", "To: Olaf Berg <olaf@norvik.example>", "Subject: Your contract", "Date: Mon, 04 Mar 2024 09:00:00 +0100", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "",
      "--b", "Content-Type: text/html; charset=utf-8", "", "<p>Dear Olaf,</p><p>see the <b>annex</b>.</p><img src=https://tracker.example/x.png>",
      "--b", "Content-Type: text/csv", 'Content-Disposition: attachment; filename="../../pay.csv"', "", "name,pay", "Olaf,4200",
      "--b", "Content-Type: message/rfc822", "", "From: a@b.example", "To: c@d.example", "Subject: inner", "", "inner text", "--b--", "",
    );
    const { blocks, children, metadata, date, output } = await parseFile("mail.eml", mail);
    expect(metadata).toMatchObject({ subject: "Your contract", from: "Mara Lind <mara@norvik.example>" });
    expect(date).toBe("2024-03-04T08:00:00.000Z");
    expect(blocks.map((block) => block.text)).toEqual(["Your contract", expect.stringContaining("To: Olaf Berg <olaf@norvik.example>"), "Dear Olaf,", "see the annex."]);
    expect(children.map((child) => child.mediaType)).toEqual(["text/csv", "message/rfc822"]);
    expect(children[0]!.file).toBe("child-1");
    expect(await readFile(join(output, "child-1"), "utf8")).toContain("Olaf,4200");
    const inner = await parseFile("inner.eml", await readFile(join(output, "child-2")));
    expect(textOf(inner)).toContain("inner text");
  });

  test("keeps the headers in which its labels stand", async () => {
    const headers = ["Sensitivity: Company-Confidential", "msip_labels: MSIP_Label_1_Name=Internal", "X-Norvik-Classification: C2"];
    const { metadata } = await parseFile("labelled.eml", lines("From: a@b.example", "To: c@d.example", "Subject: labels", ...headers, "", "text", ""));
    expect(metadata).toMatchObject({ sensitivity: "Company-Confidential", msip_labels: "MSIP_Label_1_Name=Internal", "x-norvik-classification": "C2" });
  });

  test("whose two bodies say different things has both read for privacy", async () => {
    const mail = lines("From: a@b.example", "To: c@d.example", "Subject: two", "MIME-Version: 1.0", 'Content-Type: multipart/alternative; boundary="b"', "", "--b", "Content-Type: text/plain", "", "The password is swordfish nineteen", "--b", "Content-Type: text/html", "", "<p>Nothing here</p>", "--b--", "");
    const { blocks } = await parseFile("two.eml", mail);
    expect(blocks.find((block) => block.role === "hidden")!.text).toContain("swordfish");
  });
});
