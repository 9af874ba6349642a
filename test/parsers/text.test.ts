import { describe, expect, test } from "vitest";
import { openTestParsers, textOf } from "./parse-file.ts";

const { parseFile } = openTestParsers({ limits: { characters: 1_000_000 } });
const shape = (document: Awaited<ReturnType<typeof parseFile>>) => document.blocks.map((block) => [block.kind, block.role, block.text]);

describe("text", () => {
  test("is parted at blank lines, in UTF-8, UTF-16 and old encodings", async () => {
    const text = "Grüße aus Tromsø\nzweite Zeile\n\nEin zweiter Absatz über die Brücke und die Mühle";
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, "utf16le"), Buffer.from(text, "latin1")]) {
      expect(textOf(await parseFile("a.txt", bytes))).toBe(text.replace("\n\n", "\n"));
    }
  });

  test("with invalid UTF-8 or NUL characters is read with a warning", async () => {
    const broken = await parseFile("a.txt", Buffer.concat([Buffer.from("Größe über allem und Maß "), Buffer.from([0xff]), Buffer.from(" Ende")]));
    expect(broken.warnings.map((warning) => warning.code)).toEqual(["invalid_utf8"]);
    expect(textOf(broken)).toContain("Größe über allem");
    const nul = await parseFile("a.txt", `one\0two and some more words to follow`);
    expect([textOf(nul), nul.warnings[0]!.code]).toEqual(["onetwo and some more words to follow", "control_characters"]);
  });

  test("without a word says so", async () => {
    for (const text of ["", " \n\n "]) expect((await parseFile("a.txt", text)).warnings.map((warning) => warning.code)).toEqual(["no_text"]);
  });

  test("in one long line is cut into blocks at spaces, and refused beyond the bound", async () => {
    const { blocks } = await parseFile("a.txt", "word ".repeat(100_000));
    expect(Math.max(...blocks.map((block) => block.text.length))).toBeLessThanOrEqual(20_000);
    expect(blocks.map((block) => block.text).join(" ").split(" ").length).toBe(100_000);
    await expect(parseFile("a.txt", "x".repeat(1_000_001))).rejects.toMatchObject({ code: "too_large", message: expect.stringContaining("split") });
  });
});

test("Markdown gives headings, lists, tables, code and front matter; its comments have a role", async () => {
  const text = "---\ntitle: Notes\ndate: 2024-03-01\n---\n# The *plan*\n\nSee [the mill](https://x.example), ![a wheel](w.png) and `a_b_c`.\nSame paragraph.\n\n- one\n- two\n  1. inner\n\n| A | B |\n|---|---|\n| 1 | **2** |\n\n```js\nlet a;\n```\n\n<!-- ask Mara -->\n\nSetext\n------\n";
  const document = await parseFile("notes.md", text);
  expect(document.metadata).toEqual({ title: "Notes", date: "2024-03-01" });
  expect(document.date).toBe("2024-03-01T00:00:00.000Z");
  expect(shape(document).filter(([, role]) => role === undefined)).toEqual([
    ["heading", undefined, "The plan"],
    ["paragraph", undefined, "See the mill, a wheel and a_b_c. Same paragraph."],
    ["list", undefined, "- one\n- two\n  1. inner"],
    ["table", undefined, "| A | B |\n| --- | --- |\n| 1 | 2 |"],
    ["code", undefined, "let a;"],
    ["heading", undefined, "Setext"],
  ]);
  expect(shape(document)).toContainEqual(["paragraph", "comment", "ask Mara"]);
});

test("Marks that never close take no more than a moment", async () => {
  const { parseFile: parseHurried } = openTestParsers({ deadline: 20_000 });
  const marks = ["*a ".repeat(2e5), "[".repeat(2e5), "<!--".repeat(5e4), "`".repeat(1e5), "__a".repeat(1e5)].join("\n\n");
  expect((await parseHurried("marks.md", marks)).blocks.length).toBeGreaterThan(5);
  expect((await parseHurried("open.html", `<html>${"<a ".repeat(3e5)}`)).blocks).toEqual([]);
});

describe("HTML", () => {
  test("gives blocks in order and keeps what is not seen with a role; nothing is fetched", async () => {
    const page = `<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><html lang="en"><head><title>Valves</title><script>alert(1)</script><style>p{}</style></head><body>
      <nav>Home</nav><h1>Brass <em>valves</em></h1><p>For water<br>and oil.</p><!-- price was 3 --><ul><li>small<ul><li>tiny</li></ul></li><li>large</li></ul>
      <img src="http://127.0.0.1:9/pixel.png" alt="a valve"><table><tr><th>Size</th><th>Price</th></tr><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></table>
      <p style="display: none">hidden words</p><pre>x = 1\n  y</pre><p>Ask <a href="mailto:mara@norvik.example">Mara</a></p></body></html>`;
    const document = await parseFile("page.html", page);
    expect(document.metadata).toEqual({ title: "Valves", language: "en" });
    expect(shape(document)).toEqual([
      ["paragraph", undefined, "Home"],
      ["heading", undefined, "Brass valves"],
      ["paragraph", undefined, "For water\nand oil."],
      ["paragraph", "comment", "price was 3"],
      ["list", undefined, "- small\n  - tiny\n- large"],
      ["paragraph", "altText", "a valve"],
      ["table", undefined, "| Size | Price |\n| --- | --- |\n| 1 | 2 |\n| 1 | 3 |"],
      ["paragraph", "hidden", "hidden words"],
      ["code", undefined, "x = 1\n  y"],
      ["paragraph", undefined, "Ask Mara"],
      ["paragraph", "hidden", "mara@norvik.example"],
    ]);
  });

  test("nested without end keeps its text and says so", async () => {
    const document = await parseFile("deep.html", `<html>${"<div>".repeat(50_000)}the text${"</div>".repeat(50_000)}</html>`);
    expect(textOf(document)).toBe("the text");
    expect(document.warnings[0]!.code).toBe("nesting");
  });
});

test("CSV and TSV give tables of bounded length, each part under the header", async () => {
  const rows = Array.from({ length: 250 }, (_, index) => `${index};"name; ${index}"`);
  const { blocks } = await parseFile("list.csv", ["id;name", ...rows].join("\n"));
  expect(blocks.map((block) => [block.rows!.length, block.rows![0]])).toEqual([[101, ["id", "name"]], [101, ["id", "name"]], [51, ["id", "name"]]]);
  expect(blocks[0]!.rows![1]).toEqual(["0", "name; 0"]);
  expect((await parseFile("list.tsv", "a\tb\n1\t2")).blocks[0]!.rows).toEqual([["a", "b"], ["1", "2"]]);
});

test("JSON keeps keys as context, records become tables; broken JSON is an error, broken lines a warning", async () => {
  const document = await parseFile("data.json", JSON.stringify({ company: { name: "Norvik", towns: ["Bergen", "Oslo"] }, people: [{ name: "Mara", age: 40 }, { name: "Olaf", age: 50 }] }));
  expect(shape(document)).toEqual([
    ["paragraph", undefined, "company.name: Norvik\ncompany.towns: Bergen, Oslo"],
    ["heading", undefined, "people"],
    ["table", undefined, "| name | age |\n| --- | --- |\n| Mara | 40 |\n| Olaf | 50 |"],
  ]);
  await expect(parseFile("bad.json", "{ not json")).rejects.toMatchObject({ code: "unreadable" });
  expect((await parseFile("rows.jsonl", '{"a":1}\n{broken\n{"a":2}')).warnings.map((warning) => warning.code)).toEqual(["json_lines"]);
});
