import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { assert, asyncProperty, nat } from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { openTestParsers, type ParsedFile } from "./parse-file.ts";
import { makeTar, rawZip } from "./sample-archives.ts";

const { parseFile } = openTestParsers({ size: 1, limits: { unpackedBytes: 40 * 2 ** 20, entries: 50 } });
const words = (text: string): Uint8Array => Buffer.from(text);
const entriesOf = async (archive: ParsedFile): Promise<[string, string][]> => Promise.all(archive.children.map(async ({ path, file }) => [path, await readFile(join(archive.output, file), "utf8")] as [string, string]));
const two = { "one.txt": words("first"), "folder/two.md": words("# second") };

describe("an archive", () => {
  test("gives its files, with their paths, and no text of its own", async () => {
    const archive = await parseFile("a.zip", zipSync(two));
    expect(await entriesOf(archive)).toEqual([["one.txt", "first"], ["folder/two.md", "# second"]]);
    expect(archive).toMatchObject({ mediaType: "application/zip", blocks: [], pages: 0, warnings: [] });
    const plain = { "one.txt": "first", "folder/two.md": "# second" };
    for (const [name, bytes] of [["a.tar", await makeTar(plain)], ["a.tgz", await makeTar(plain, { gzip: true })]] as const) expect(await entriesOf(await parseFile(name, bytes))).toEqual(Object.entries(plain));
    expect(await entriesOf(await parseFile("one.txt.gz", gzipSync("first")))).toEqual([["", "first"]]);
  });

  test("is read in ZIP64, and with names in UTF-8, in code page 437 and in UTF-8 that does not say so", async () => {
    const archive = await parseFile("a.zip", rawZip([
      { name: "größe.txt", bytes: "first", zip64: true },
      { name: Buffer.from([0x67, 0x72, 0x94, 0xe1, 0x65, 0x2e, 0x74, 0x78, 0x74]), utf8: false, bytes: "second" },
      { name: "façade.txt", utf8: false, bytes: "third", method: 0 },
    ], { zip64: true }));
    expect(await entriesOf(archive)).toEqual([["größe.txt", "first"], ["größe.txt", "second"], ["façade.txt", "third"]]);
  });

  test("tells for privacy what else stands in it: comments, second names, folders, links and owners", async () => {
    const archive = await parseFile("a.zip", rawZip([
      { name: "a.txt", bytes: "x", comment: "about the entry", localName: "otherwise.txt" },
      { name: "empty folder/" },
      { name: "link", bytes: "../target of the link", mode: 0o120777 },
    ], { comment: "about PK\u0005\u0006 the archive, longer than any end of a list" }));
    const told = Object.values(archive.metadata).join("\n");
    for (const text of ["about the entry", "otherwise.txt", "empty folder", "target of the link", "the archive, longer"]) expect([text, told.includes(text)]).toEqual([text, true]);
    expect(archive.children.map(({ path }) => path)).toEqual(["a.txt"]);
    const tar = await parseFile("a.tar", await makeTar({ "a.txt": "x" }, { links: { shortcut: "/etc/passwd" } }));
    expect(Object.values(tar.metadata).join("\n")).toContain("passwd");
    expect(tar.warnings).toEqual([{ code: "links_left_out", message: expect.stringContaining("1 of") as string }]);
  });

  test("leaves out what systems put beside the files, and says what else was left out", async () => {
    const archive = await parseFile("a.zip", zipSync({ ...two, "__MACOSX/._one.txt": words("x"), ".DS_Store": words("x"), "folder/._two.md": words("x"), "nothing.txt": words("") }));
    expect(archive.children.map(({ path }) => path)).toEqual(["one.txt", "folder/two.md"]);
    expect(archive.warnings).toEqual([{ code: "empty_entries", message: expect.stringContaining("1 of") as string }]);
  });

  test("reads the words of what systems put beside the files, in any encoding: they go with the archive", async () => {
    const beside = { "__MACOSX/._one.txt": Buffer.from("\u0000\u0005\u0016\u0007com.apple.metadata from anna.weiss@example.org\u0000"), "folder/.DS_Store": Buffer.concat([Buffer.from([0]), Buffer.from("Gehalt Анна", "utf16le").swap16()]), "desktop.ini": Buffer.from("\ufeffLetter to Petra Quandel", "utf16le") };
    const archives = [await parseFile("a.zip", zipSync({ ...two, ...beside })), await parseFile("a.tar", await makeTar({ "one.txt": "x", ...beside }))];
    for (const { metadata, children } of archives) {
      for (const text of ["anna.weiss@example.org", "Gehalt Анна", "Letter to Petra Quandel"]) expect([text, Object.values(metadata).join("\n").includes(text)]).toEqual([text, true]);
      expect(children.some(({ path }) => path.includes("MACOSX"))).toBe(false);
    }
    const thumbnails = await parseFile("a.zip", zipSync({ ...two, "folder/Thumbs.db": words("x") }));
    expect(thumbnails.children.map(({ path }) => path)).toContain("folder/Thumbs.db");
  });

  test.each([
    ["is encrypted", rawZip([{ name: "a.txt", bytes: "x", encrypted: true }]), /encrypted with a password/],
    ["is cut off", Buffer.from(zipSync(two)).subarray(0, 60), /cut off or damaged/],
    ["holds nothing", rawZip([{ name: "folder/" }]), /holds no file/],
    ["is a zip bomb by its ratio", rawZip([{ name: "a.txt", bytes: Buffer.alloc(36 * 2 ** 20) }]), /times its size.*parsing\.limits\.ratio/],
    ["is too large", rawZip([{ name: "a.txt", bytes: "x" }, { name: "b.txt", bytes: Buffer.alloc(2 ** 21), method: 0, unpacked: 41 * 2 ** 20 }]), /unpacks to 41 MB and 40.*parsing\.limits\.unpackedBytes/],
    ["has many entries", rawZip(Array.from({ length: 51 }, (_, index) => ({ name: `${index}.txt`, bytes: "x" }))), /51 parts and 50 are allowed.*parsing\.limits\.entries/],
    ["has entries over one another", rawZip([{ name: "a.txt", bytes: Buffer.alloc(5000) }, { name: "b.txt", bytes: Buffer.alloc(5000), over: 0 }]), /over one another/],
    ["lies about an entry's length", rawZip([{ name: "a.txt", bytes: Buffer.alloc(100_000), unpacked: 900 }]), /more than its list of entries says/],
    ["is wrong in a checksum", rawZip([{ name: "a.txt", bytes: "x", crc: 7 }]), /checksum/],
    ["is packed in another way", rawZip([{ name: "a.txt", bytes: "x", method: 12 }]), /method 12, which is not supported/],
    ["is a gzip bomb", gzipSync(Buffer.alloc(39 * 2 ** 20)), /times its size/],
    ["is a gzip file that is cut off", gzipSync(Buffer.from("words ".repeat(9000))).subarray(0, 80), /cut off or damaged/],
  ])("that %s fails, and says so", async (_, bytes, message) => {
    await expect(parseFile("a.zip", bytes)).rejects.toMatchObject({ code: "unreadable", message: expect.stringMatching(message) as string });
  });

  test("that is a tar and cut off fails; one above a bound names it", async () => {
    const tar = await makeTar({ "a.txt": "x".repeat(3000) });
    await expect(parseFile("a.tar", tar.subarray(0, 1600))).rejects.toMatchObject({ code: "unreadable", message: expect.stringMatching(/cut off or damaged/) as string });
    const many = await makeTar(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`${index}.txt`, "x"])));
    await expect(parseFile("a.tar", many)).rejects.toMatchObject({ code: "unreadable", message: expect.stringMatching(/parsing\.limits\.entries/) as string });
  });

  test("with any byte changed gives files or a clear error", async () => {
    const good = Buffer.from(zipSync(two));
    await assert(
      asyncProperty(nat(good.length - 1), nat(255), async (place, value) => {
        const bytes = Buffer.from(good);
        bytes[place] = value;
        const outcome = await parseFile("a.zip", bytes).catch((error: unknown) => error);
        expect(outcome instanceof SluiceError || (outcome as ParsedFile).version === 1).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});
