import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { openTestParsers, textOf } from "./parse-file.ts";
import { lorem, makePdf, makePhoto, makePicture } from "./sample-files.ts";

const { parsers, parseFile } = openTestParsers();
const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

describe("a PDF", () => {
  test("gives headings, paragraphs with boxes, metadata and a date", async () => {
    const pdf = await makePdf((page) => page.fontSize(22).text("Annual report").moveDown().fontSize(11).text(lorem.repeat(2)).moveDown().text("A second paragraph."), {
      info: { Title: "Report 2024", Author: "Mara Lind", CreationDate: new Date("2024-03-01T10:00:00Z"), ModDate: new Date("2024-03-01T10:00:00Z") },
    });
    const document = await parseFile("report.pdf", pdf);
    expect(document.blocks.map((block) => [block.kind, block.level])).toEqual([["heading", 1], ["paragraph", undefined], ["paragraph", undefined]]);
    expect(document.blocks[1]!.text).toBe(plain(lorem.repeat(2)));
    expect(document.metadata).toMatchObject({ title: "Report 2024", author: "Mara Lind" });
    expect(document.date).toBe("2024-03-01T10:00:00.000Z");
    const [box] = document.blocks[1]!.boxes;
    expect(box!.x).toBeCloseTo(60, 0);
    expect(box!.y).toBeGreaterThan(document.blocks[0]!.boxes[0]!.y);
    expect(box!.x + box!.width).toBeLessThan(document.pageSizes[0]!.width);
  });

  test("is read column by column, with the title over both first", async () => {
    const left = "Left column " + lorem.repeat(2);
    const other = "Right column " + lorem.repeat(2);
    const pdf = await makePdf((page) => {
      page.fontSize(20).text("A title that stands over both of the columns of the page", 60, 60);
      page.fontSize(10).text(left, 60, 130, { width: 220 });
      page.text(other, 310, 130, { width: 220 });
    });
    const texts = (await parseFile("columns.pdf", pdf)).blocks.map((block) => block.text);
    expect(texts).toEqual(["A title that stands over both of the columns of the page", plain(left), plain(other)]);
  });

  test("gives ruled tables and tables of aligned cells as rows", async () => {
    const rows = [["Product", "Price", "Stock"], ["Valve | brass", "12.50", "300"], ["Pump", "99.00", "12"]];
    const pdf = await makePdf((page) => {
      page.fontSize(11).text("Prices:", 60, 60);
      for (const [y, row] of rows.entries()) {
        for (const [x, text] of row.entries()) page.rect(60 + x * 120, 100 + y * 24, 120, 24).stroke().text(text, 66 + x * 120, 106 + y * 24, { lineBreak: false });
      }
      page.text("And without rules:", 60, 250);
      for (const [y, row] of rows.entries()) for (const [x, text] of row.entries()) page.text(text, 66 + x * 120, 280 + y * 18, { lineBreak: false });
    });
    const tables = (await parseFile("tables.pdf", pdf)).blocks.filter((block) => block.kind === "table");
    expect(tables.map((table) => table.rows)).toEqual([rows, rows]);
    expect(tables[0]!.text).toContain(String.raw`| Valve \| brass | 12.50 | 300 |`);
  });

  test("keeps headers and footers out of the body, each wording once", async () => {
    const pdf = await makePdf((pages) => {
      for (let page = 1; page <= 4; page++) {
        if (page > 1) pages.addPage();
        pages.fontSize(9).text("Norvik Works: confidential", 60, 30, { lineBreak: false }).text(`Page ${page} of 4`, 60, 770, { lineBreak: false, height: 20 });
        pages.fontSize(11).text(`Chapter ${page}. ${lorem}`, 60, 100);
      }
    }, { margin: 20 });
    const { blocks, pages } = await parseFile("edges.pdf", pdf);
    expect(pages).toBe(4);
    expect(blocks.filter((block) => block.role === "header").map((block) => block.text)).toEqual(["Norvik Works: confidential"]);
    expect(blocks.filter((block) => block.role === "footer").map((block) => block.text)).toEqual(["Page 1 of 4"]);
    expect(blocks.filter((block) => block.role === undefined).map((block) => block.page)).toEqual([1, 2, 3, 4]);
  });

  test("joins a word broken at a line's end, but not one that has a hyphen elsewhere", async () => {
    const pdf = await makePdf((page) => page.fontSize(11).text("The contract was pre-").text("pared for a long-").text("term plan; a long-term plan is good."));
    expect(textOf(await parseFile("hyphens.pdf", pdf))).toBe("The contract was prepared for a long-term plan; a long-term plan is good.");
  });

  test("gives its pictures as PNG with page and box, and says which are not worth a look", async () => {
    const [photo, small] = [await makePhoto(), await makePhoto(40, 40)];
    const pdf = await makePdf((page) => page.text(lorem).image(photo, 100, 200, { width: 150 }).image(small, 100, 400).addPage().text("Second page of the text").image(photo, 100, 200, { width: 150 }));
    const { pictures, output, blocks } = await parseFile("pictures.pdf", pdf);
    expect(pictures.map((picture) => [picture.page, picture.skipped])).toEqual([[1, null], [1, "small"], [2, "repeat"]]);
    expect(pictures[0]!.box).toMatchObject({ page: 1, x: 100, y: 200, width: 150, height: 100 });
    expect((await sharp(join(output, pictures[0]!.file)).metadata()).format).toBe("png");
    expect(blocks.filter((block) => block.kind === "picture").map((block) => block.picture)).toEqual([0, 1, 2]);
  });

  test("without a text layer is read with OCR, with boxes", async () => {
    const scan = await makePicture(["Invoice of the Norvik Works", "The amount of 4200 euro is due", "on the first day of March", "and is paid to Mara Lind"]);
    const pdf = await makePdf((page) => page.image(scan, 0, 0, { width: 595 }));
    const document = await parseFile("scan.pdf", pdf);
    expect(textOf(document)).toContain("Invoice of the Norvik Works");
    expect(document.pictures[0]!.skipped).toBe("page");
    const found = document.blocks.find((block) => block.text.includes("Invoice"))!.boxes[0]!;
    expect(found.y).toBeGreaterThan(25);
    expect(found.y).toBeLessThan(60);
  });

  test("has its comments read for privacy", async () => {
    const pdf = await makePdf((page) => page.text(lorem).note(100, 100, 50, 50, "ask Mara about the salary"));
    const { blocks } = await parseFile("comment.pdf", pdf);
    expect(blocks.find((block) => block.role === "comment")!.text).toContain("ask Mara about the salary");
  });

  test("that is encrypted is refused with the reason", async () => {
    const pdf = await makePdf((page) => page.text("secret"), { userPassword: "key", ownerPassword: "key", pdfVersion: "1.7" });
    await expect(parseFile("encrypted.pdf", pdf)).rejects.toMatchObject({ code: "unreadable", message: expect.stringContaining("encrypted") });
  });

  test("that is cut off gives what can be read with a warning, or a clear error", async () => {
    const pdf = await makePdf((page) => page.text(lorem.repeat(20)), { compress: false });
    for (const share of [0.3, 0.6, 0.95]) {
      const outcome = await parseFile("cut.pdf", pdf.subarray(0, pdf.length * share)).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "unreadable", message: expect.stringContaining("PDF") });
      else expect((outcome as { warnings: unknown[] }).warnings).not.toEqual([]);
    }
  });

  test("shows a page as a picture, and says when there is none", async () => {
    const pdf = await makePdf((page) => page.text("one").addPage().text("two"));
    const { input, format } = await saved(pdf);
    const image = await parsers.renderPage(input, format, 2, new AbortController().signal);
    expect((await sharp(image).metadata()).width).toBeCloseTo((595 * 110) / 72, -1);
    await expect(parsers.renderPage(input, format, 3, new AbortController().signal)).rejects.toMatchObject({ code: "not_found" });
  });
});

async function saved(pdf: Buffer) {
  const { saveAs } = await import("./sample-files.ts");
  const input = await saveAs("pages.pdf", pdf);
  expect((await readFile(input)).length).toBe(pdf.length);
  return { input, format: (await parsers.detect(input, "pages.pdf")).format };
}
