import type { Draft } from "./draft.ts";

export const sheetParts = /^xl\/worksheets\/[^/]+\.xml$/;

/** What stands at the edges of a printed sheet (ECMA-376, 18.3.1.46); `&` and a letter are codes for place, page, font and size. */
const edges = /<(odd|even|first)(Header|Footer)[^>]*>([^<]{1,2000})</g;
const codes = /&(?:"[^"]{0,100}"|K[0-9A-F]{6}|K\d{2}[+-]\d{3}|\d{1,3}|[LCRPNDTZFAGSXYBIUEOHR])/gi;

/** Taken out of the bytes, since the table reader passes over it; only the end of a sheet holds it. */
export function addEdges(draft: Draft, parts: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(parts)) {
    if (!sheetParts.test(name)) continue;
    const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = xml.lastIndexOf("<headerFooter");
    if (start === -1) continue;
    const part = xml.toString("utf8", start, Math.min(xml.length, start + 100_000));
    for (const [, , edge, text] of part.matchAll(edges)) {
      const plain = decode(text!).replace(codes, " ").replaceAll("&&", "&").replace(/\s+/g, " ").trim();
      const role = edge === "Header" ? "header" : "footer";
      if (plain !== "" && !draft.blocks.some((block) => block.role === role && block.text === plain)) draft.blocks.push({ kind: "paragraph", text: plain, page: 1, boxes: [], role });
    }
  }
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (_all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name) return named[name.toLowerCase()]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : " ";
  });
