import type { CheerioAPI } from "cheerio";
import type { Block } from "../data/block.ts";
import type { Draft } from "./draft.ts";
import { htmlRows } from "./html-table.ts";
import { tableBlocks } from "./table.ts";

type Node_ = ReturnType<CheerioAPI>[number];

export interface HtmlPlace {
  page: number;
  role?: string;
  /** Called for an `img` whose source the document itself carries; others keep their alternative text only. */
  picture?: (source: string, altText: string) => Promise<boolean>;
}

const dropped = new Set(["script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "canvas", "audio", "video", "link", "meta"]);
const containers = new Set(
  "html body div section article main header footer nav aside form fieldset figure blockquote center details dialog address dl tbody thead tfoot tr td th hgroup search summary figcaption dt dd p legend".split(" "),
);

/** Blocks in reading order; comments, hidden parts and link addresses keep a role, so that privacy reads them too. */
export async function addHtml($: CheerioAPI, draft: Draft, place: HtmlPlace): Promise<void> {
  const walker = new Walker($, draft, place);
  await walker.children($.root()[0]!);
  walker.flush();
  walker.addAddresses();
}

class Walker {
  private inline = "";
  private readonly addresses = new Set<string>();
  private readonly $: CheerioAPI;
  private readonly draft: Draft;
  private readonly place: HtmlPlace;
  private role: string | undefined;

  constructor($: CheerioAPI, draft: Draft, place: HtmlPlace) {
    this.$ = $;
    this.draft = draft;
    this.place = place;
    this.role = place.role;
  }

  async children(node: Node_): Promise<void> {
    for (const child of "children" in node ? node.children : []) await this.visit(child);
  }

  private async visit(node: Node_): Promise<void> {
    if (node.type === "text") this.inline += node.data.replace(/\s+/g, " ");
    else if (node.type === "comment") this.push("paragraph", node.data, "comment");
    else if ("name" in node && !dropped.has(node.name)) await this.element(node as Node_ & { name: string });
  }

  private async element(node: Node_ & { name: string }): Promise<void> {
    if (this.isHidden(node) && this.role !== "hidden") return this.hidden(node);
    const level = /^h([1-6])$/.exec(node.name)?.[1];
    if (level) return this.whole(node, () => this.push("heading", this.text(node), this.role, Number(level)));
    if (node.name === "table") return this.table(node);
    if (node.name === "ul" || node.name === "ol") return this.whole(node, () => this.push("list", this.list(node, "").join("\n")));
    if (node.name === "pre") return this.whole(node, () => this.push("code", this.$(node).text().replace(/^\n/, "").trimEnd()));
    if (node.name === "br") this.inline += "\n";
    else if (node.name === "hr") this.flush();
    else if (node.name === "img") await this.image(node);
    else if (node.name === "input") this.input(node);
    else if (containers.has(node.name)) await this.container(node);
    else await this.inlineElement(node);
  }

  private async inlineElement(node: Node_): Promise<void> {
    this.keepAddress(node);
    await this.children(node);
  }

  private async container(node: Node_): Promise<void> {
    this.flush();
    await this.children(node);
    this.flush();
  }

  /** A block read as one text; pictures in it come after it. */
  private async whole(node: Node_, push: () => void): Promise<void> {
    this.flush();
    push();
    for (const link of this.$(node).find("a").toArray()) this.keepAddress(link);
    for (const image of this.$(node).find("img").toArray()) await this.image(image, true);
  }

  private async table(node: Node_): Promise<void> {
    this.flush();
    const rows = htmlRows(this.$, node, (cell) => this.text(cell));
    if (rows === null) return this.children(node);
    const caption = this.$(node).children("caption").text();
    if (caption.trim() !== "") this.push("paragraph", caption);
    this.draft.blocks.push(...tableBlocks(rows, { page: this.place.page, boxes: [], ...(this.role ? { role: this.role } : {}) }));
    for (const link of this.$(node).find("a").toArray()) this.keepAddress(link);
    for (const image of this.$(node).find("img").toArray()) await this.image(image, true);
  }

  private list(node: Node_, indent: string): string[] {
    const ordered = "name" in node && node.name === "ol";
    const lines: string[] = [];
    const first = Number(this.$(node).attr("start") ?? 1);
    for (const [index, item] of this.$(node).children("li").toArray().entries()) {
      const inner = this.$(item).children("ul, ol").toArray();
      const own = this.$(item).clone();
      own.children("ul, ol").remove();
      const text = this.text(own[0]!).replaceAll("\n", " ");
      const mark = ordered ? `${first + index}.` : "-";
      if (text !== "") lines.push(`${indent}${mark} ${text}`);
      for (const each of inner) lines.push(...this.list(each, `${indent}  `));
    }
    return lines;
  }

  /** The text of one block; cells, lines and paragraphs inside it are parted by spaces. */
  private text(node: Node_): string {
    const parts: string[] = [];
    const collect = (each: Node_): void => {
      if (each.type === "text") parts.push(each.data.replace(/\s+/g, " "));
      if (!("name" in each) || !("children" in each) || dropped.has(each.name)) return;
      if (each.name === "br") parts.push("\n");
      const part = containers.has(each.name) || each.name === "li" || each.name === "pre";
      if (part) parts.push(" ");
      for (const child of each.children) collect(child);
      if (part) parts.push(" ");
    };
    collect(node);
    return tidy(parts.join(""));
  }

  private async image(node: Node_, withinBlock = false): Promise<void> {
    const altText = this.$(node).attr("alt")?.trim() ?? "";
    const source = this.$(node).attr("src") ?? "";
    if (this.place.picture) this.flush();
    if (this.place.picture && (await this.place.picture(source, altText))) return;
    if (altText === "") return;
    if (!withinBlock) this.flush();
    this.push("paragraph", altText, "altText");
  }

  private input(node: Node_): void {
    const type = (this.$(node).attr("type") ?? "text").toLowerCase();
    if (type === "hidden") return this.push("paragraph", this.$(node).attr("value") ?? "", "hidden");
    if (type === "checkbox" || type === "radio") this.inline += this.$(node).attr("checked") === undefined ? "[ ] " : "[x] ";
    else this.inline += ` ${this.$(node).attr("value") ?? ""} `;
  }

  private isHidden(node: Node_): boolean {
    const style = this.$(node).attr("style") ?? "";
    return this.$(node).attr("hidden") !== undefined || /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style);
  }

  private async hidden(node: Node_): Promise<void> {
    this.flush();
    const before = this.role;
    this.role = "hidden";
    await this.children(node);
    this.flush();
    this.role = before;
  }

  private keepAddress(node: Node_): void {
    const target = this.$(node).attr("href") ?? "";
    const address = /^(?:mailto|tel):([^?]+)/i.exec(target)?.[1];
    if (address && !this.$(node).text().includes(address)) this.addresses.add(safeDecode(address));
  }

  addAddresses(): void {
    if (this.addresses.size > 0) this.push("paragraph", [...this.addresses].join("\n"), "hidden");
  }

  flush(): void {
    const text = tidy(this.inline);
    this.inline = "";
    if (text !== "") this.add({ kind: "paragraph", text }, this.role);
  }

  private push(kind: Block["kind"], text: string, role = this.role, level?: number): void {
    this.flush();
    const kept = kind === "code" || kind === "list" ? text : tidy(text);
    if (kept.trim() !== "") this.add({ kind, text: kept, ...(level ? { level } : {}) }, role);
  }

  private add(block: Pick<Block, "kind" | "text" | "level">, role: string | undefined): void {
    this.draft.blocks.push({ ...block, page: this.place.page, boxes: [], ...(role ? { role } : {}) });
  }
}

const tidy = (text: string): string => text.replace(/[^\S\n\u00a0]+/g, " ").replace(/ ?\n ?/g, "\n").replace(/\n{2,}/g, "\n").trim();

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
