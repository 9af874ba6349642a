import { bottom, type Line } from "./line.ts";

export interface Furniture {
  line: Line;
  role: "header" | "footer";
  page: number;
}

const edge = 0.1;

/**
 * Lines at the top or bottom that stand on at least half of the pages (two or more), digits aside, are headers and footers:
 * taken out of their pages, each wording kept once.
 */
export function takeFurniture(pages: { lines: Line[]; height: number }[]): Furniture[] {
  const counts = new Map<string, Set<number>>();
  for (const [index, page] of pages.entries()) {
    for (const line of page.lines) {
      const key = keyOf(line, page.height);
      if (key) counts.set(key, (counts.get(key) ?? new Set()).add(index));
    }
  }
  const needed = Math.max(2, pages.length / 2);
  const repeated = new Set([...counts].filter(([, seen]) => seen.size >= needed).map(([key]) => key));
  return pages.flatMap((page, index) => takeFromPage(page, index + 1, repeated));
}

function takeFromPage(page: { lines: Line[]; height: number }, number: number, repeated: Set<string>): Furniture[] {
  const taken: Furniture[] = [];
  page.lines = page.lines.filter((line) => {
    const key = keyOf(line, page.height);
    if (!key || !repeated.has(key)) return true;
    taken.push({ line, role: key.startsWith("top") ? "header" : "footer", page: number });
    return false;
  });
  return taken;
}

function keyOf(line: Line, height: number): string | null {
  const place = bottom(line) < edge * height ? "top" : line.y > (1 - edge) * height ? "bottom" : null;
  return place && line.text.length < 200 ? `${place} ${line.text.replace(/\d+/g, "#")}` : null;
}

/** One of each wording; page numbers differ from page to page and are kept once. */
export function distinctFurniture(furniture: Furniture[]): Furniture[] {
  const seen = new Set<string>();
  return furniture.filter(({ line, role }) => {
    const counting = /^\W*(?:(?:page|seite|p\.|s\.)\s*)?\d+(?:\s*(?:\/|of|von|-)\s*\d+)?\W*$/i.test(line.text) || /(?:page|seite)\s*\d+/i.test(line.text);
    const key = `${role} ${counting ? line.text.replace(/\d+/g, "#") : line.text}`;
    return !seen.has(key) && seen.add(key);
  });
}
