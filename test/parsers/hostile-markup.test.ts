import { describe, expect, it } from "vitest";
import { openTestParsers, textOf } from "./parse-file.ts";

const { parseFile } = openTestParsers({ limits: { characters: 5_000_000 } });
const filled = (seed: string, length = 600_000): string => seed.repeat(Math.ceil(length / seed.length));

// Work in the square of these lengths takes far longer than the runner's limit.
describe("hostile markup is read to its end", () => {
  it.each([
    ["a tag's name without an end", `<p>Crane</p><${filled("a")}`],
    ["tags without an end", `<p>Crane</p>${filled("<a ")}`],
    ["scripts without an end, nested deeply", `<p>Crane</p>${filled("<div>", 5000)}${filled("<script ")}`],
    ["blanks in code", `<p>Crane</p><pre>x${filled(" ")}y</pre>`],
  ])("HTML: %s", async (_, text) => {
    expect(textOf(await parseFile("a.html", text))).toContain("Crane");
  });

  it.each([
    ["marks of code before a comment", `${filled("`")}-->`],
    ["a heading of blanks", `# a${filled(" ")}\u2028`],
    ["an item of blanks", `- ${filled(" ")}\u2028`],
    ["a table's rule that is none", `a|b\n-|-${filled(" ")}x`],
    ["blanks inside a line", `a${filled(" ")}b`],
    ["brackets", filled(`${"[".repeat(9000)}\n\n`)],
    ["links without an end", filled(`${"[a](mailto:a".repeat(750)}\n\n`)],
    ["strong marks without an end", filled(`${"**a ".repeat(2400)}\n\n`)],
    ["struck marks without an end", filled(`${"~~a ".repeat(2400)}\n\n`)],
    ["runs of code marks", filled(`${"`".repeat(4500)}${"a".repeat(4500)}\n\n`)],
  ])("Markdown: %s", async (_, text) => {
    expect(textOf(await parseFile("a.md", `Crane\n\n${text}`))).toContain("Crane");
  });

  it("Markdown's marks are taken off as before", async () => {
    const text = ["# Title ##", "", "#  ## ", "", "- \t item", "", "See [the port](https://x.example/a) and [us](mailto:a@x.example \"t\"), ![a crane](c.png), `a_b_` and **strong**.", "two  ", "lines"].join("\n");
    expect((await parseFile("a.md", text)).blocks.map((block) => [block.kind, block.text])).toEqual([
      ["heading", "Title"],
      ["heading", "##"],
      ["list", "- item"],
      ["paragraph", "See the port and us (a@x.example), a crane, a_b_ and strong. two\nlines"],
    ]);
  });

  it("a deeply nested page keeps its text without its scripts", async () => {
    const page = `<p>Crane</p><SCRIPT>let a = "<p>hidden";</script><style>p{}</style>${"<div>".repeat(500)}Port`;
    const text = textOf(await parseFile("a.html", page));
    expect(text).toContain("Crane");
    expect(text).toContain("Port");
    expect(text).not.toContain("hidden");
    expect(text).not.toContain("p{}");
  });
});
