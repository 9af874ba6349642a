import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as docx from "docx";
import { describe, expect, test } from "vitest";
import { openTestParsers, textOf } from "./parse-file.ts";
import { lorem, makeDocx, makePdf, makePhoto, makePicture, saveAs } from "./sample-files.ts";

const spool = await mkdtemp(join(tmpdir(), "sluice-spool-test-"));
const { parsers, parseFile } = openTestParsers({ spool });

/** Share of words that two texts have in common, by count. */
function similarity(a: string, b: string): number {
  const count = (text: string) => Map.groupBy(text.match(/[\p{L}\d]+/gu) ?? [], (word) => word);
  const [one, other] = [count(a), count(b)];
  let common = 0;
  for (const [word, places] of one) common += Math.min(places.length, other.get(word)?.length ?? 0);
  return (2 * common) / ([...one.values(), ...other.values()].reduce((sum, places) => sum + places.length, 0) || 1);
}

describe("parsers", () => {
  test("give the same text for the same text in every format", async () => {
    const [title, body, items] = ["The mill report", [lorem.trim(), "A second paragraph about the bridge."], ["first step", "second step"]];
    const md = `# ${title}\n\n${body.join("\n\n")}\n\n${items.map((item) => `- ${item}`).join("\n")}\n`;
    const texts = await Promise.all([
      parseFile("a.md", md),
      parseFile("a.txt", [title, ...body, items.map((item) => `- ${item}`).join("\n")].join("\n\n")),
      parseFile("a.html", `<h1>${title}</h1>${body.map((text) => `<p>${text}</p>`).join("")}<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`),
      parseFile("a.docx", await makeDocx([new docx.Paragraph({ text: title, heading: "Heading1" }), ...body.map((text) => new docx.Paragraph(text)), ...items.map((text) => new docx.Paragraph({ text, bullet: { level: 0 } }))])),
      parseFile("a.pdf", await makePdf((page) => {
        page.fontSize(20).text(title).fontSize(11);
        for (const text of body) page.moveDown().text(text);
        page.moveDown().list(items);
      })),
    ]);
    for (const each of texts) expect(similarity(textOf(texts[0]!), textOf(each))).toBeGreaterThanOrEqual(0.98);
    expect(textOf(texts[2]!)).toBe(textOf(texts[0]!));
    expect(textOf(texts[3]!)).toBe(textOf(texts[0]!));
    expect(textOf(texts[4]!)).toContain(lorem.trim());
  });

  test("stop at once when the caller gives up", async () => {
    const input = await saveAs("a.txt", "text");
    const { format } = await parsers.detect(input, "a.txt");
    const request = { input, output: tmpdir(), format, ocrPictures: false, ocrLanguages: ["eng"] };
    await expect(parsers.parse(request, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  test("leave nothing of a document in the folders of their processes", async () => {
    await parseFile("secret.txt", "the secret words");
    const left = await readdir(spool, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  test("end a file at its deadline, and read the next one", async () => {
    const { parsers: hurried, parseFile: parseHurried } = openTestParsers({ deadline: 30_000, ocrDeadline: 1, spool });
    await expect(parseHurried("a.png", await makePhoto())).rejects.toMatchObject({ code: "timeout" });
    expect(textOf(await parseHurried("a.txt", "still here"))).toBe("still here");
    await hurried.close();
  });

  test("end a file that takes too much memory", async () => {
    const { parseFile: parseSmall } = openTestParsers({ memory: 120 * 2 ** 20, spool });
    const records = JSON.stringify(Array.from({ length: 200_000 }, (_, index) => ({ [`key${index}`]: { a: index, b: [index, [index]] } })));
    await expect(parseSmall("big.json", records)).rejects.toMatchObject({ code: "too_large" });
  });
});

describe("a picture", () => {
  test("of a page is read as blocks with boxes in points", async () => {
    const document = await parseFile("scan.jpg", await makePicture(["Invoice of the Norvik Works", "The amount of 4200 euro is due", "on the first day of March", "and is paid to Mara Lind"], "jpeg"));
    expect(textOf(document)).toContain("The amount of 4200 euro is due");
    expect(document.pictures[0]).toMatchObject({ skipped: "page", width: 1200, ocr: null });
    const box = document.blocks.find((block) => block.kind !== "picture")!.boxes[0]!;
    expect(box.x / document.pageSizes[0]!.width).toBeCloseTo(60 / 1200, 1);
  });

  test("with next to no text is left for the vision model, with what OCR read", async () => {
    const { pictures, blocks } = await parseFile("photo.png", await makePhoto());
    expect(pictures).toMatchObject([{ skipped: null, ocr: { text: "" } }]);
    expect(blocks).toMatchObject([{ kind: "picture", picture: 0 }]);
  });

  test("inside a document is read when asked", async () => {
    const photo = await makePicture(["Norvik Works 2024"]);
    const pdf = await makePdf((page) => page.text(lorem).image(photo, 60, 300, { width: 400 }));
    const { pictures } = await parseFile("a.pdf", pdf, { ocrPictures: true });
    expect(pictures[0]!.skipped === null ? pictures[0]!.ocr!.text : "Norvik Works 2024").toContain("Norvik");
  });

  test("with more pixels than allowed is refused", async () => {
    const { parseFile: parseSmall } = openTestParsers({ limits: { pixels: 10_000 }, spool });
    await expect(parseSmall("a.png", await makePhoto())).rejects.toMatchObject({ code: "too_large" });
  });
});
