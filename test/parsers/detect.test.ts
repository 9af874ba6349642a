import { assert, asyncProperty, string, uint8Array } from "fast-check";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { detect } from "../../src/parsers/detect.ts";
import { formats } from "../../src/parsers/formats.ts";
import { makeTar } from "./sample-archives.ts";
import { makeDocx, makePdf, makePhoto, makeXlsx, saveAs } from "./sample-files.ts";

const found = async (name: string, bytes: Uint8Array | string): Promise<[string, boolean]> => {
  const { format, mismatch } = await detect(await saveAs("file", bytes), name);
  return [format.id, mismatch];
};

describe("a file's format", () => {
  test("is known by content, and a wrong ending is a mismatch", async () => {
    const pdf = await makePdf((page) => page.text("x"));
    expect(await found("a.pdf", pdf)).toEqual(["pdf", false]);
    expect(await found("a.txt", pdf)).toEqual(["pdf", true]);
    expect(await found("no-ending", await makeDocx([]))).toEqual(["docx", false]);
    expect(await found("a.docx", makeXlsx({ a: [[1]] }))).toEqual(["xlsx", true]);
    expect(await found("a.jpg", await makePhoto())).toEqual(["png", true]);
    expect(await found("a.txt", "<!doctype html><p>x")).toEqual(["html", true]);
    expect(await found("a.eml", "From: a@b.example\nTo: c@d.example\nSubject: x\n\nbody")).toEqual(["eml", false]);
  });

  test("of text is known by its ending, and is plain text otherwise", async () => {
    for (const [name, id] of [["a.md", "md"], ["a.CSV", "csv"], ["a.ndjson", "jsonl"], ["a", "txt"], ["a.pdf", "txt"]]) expect((await found(name!, "a,b\n1,2"))[0]).toBe(id);
  });

  test("that is not supported is refused with the list of those that are", async () => {
    const epub = zipSync({ mimetype: [Buffer.from("application/epub+zip"), { level: 0 }] });
    for (const [name, bytes] of [["a.epub", epub], ["a.7z", Buffer.from("377abcaf271c0004", "hex")], ["a.rtf", String.raw`{\rtf1 x}`], ["a.svg", "<svg xmlns='x'></svg>"], ["a.bin", new Uint8Array(500)], ["a.pdf", new Uint8Array(500)]] as const) {
      await expect(found(name, bytes)).rejects.toMatchObject({ code: "unsupported_type", message: expect.stringContaining(formats.map((format) => format.id).join(", ")) });
    }
  });

  test("is an archive whatever documents lie in it", async () => {
    const docx = await makeDocx([]);
    expect(await found("a.zip", zipSync({ "letter.docx": [docx, { level: 0 }] }))).toEqual(["zip", false]);
    expect(await found("a.docx", zipSync({ "backup/word/document.xml": new Uint8Array(9) }))).toEqual(["zip", true]);
    const pdf = await makePdf((page) => page.text("x"));
    expect(await found("a.zip", zipSync({ "a.pdf": [pdf, { level: 0 }] }))).toEqual(["zip", false]);
    expect(await found("a.tar", await makeTar({ "a.pdf": pdf.toString("latin1") }))).toEqual(["tar", false]);
    expect(await found("a.pdf", Buffer.concat([Buffer.from("something in front\n"), pdf]))).toEqual(["pdf", false]);
    expect(await found("a.zip", docx)).toEqual(["docx", true]);
    expect(await found("a.tgz", gzipSync("x"))).toEqual(["gz", false]);
    expect(await found("a.tar", "plain words")).toEqual(["txt", true]);
  });

  test("of any bytes under any name is a format or a clear error", async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 300 }), string(), async (bytes, name) => {
        const outcome = await found(name, bytes).catch((error: unknown) => error);
        expect(Array.isArray(outcome) || outcome instanceof SluiceError).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
