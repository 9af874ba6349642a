import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A prompt file cut into its literal pieces and the names of the inputs between them. */
export interface Template {
  task: string;
  pieces: { literal: string; input: string | null }[];
}

const folder = fileURLToPath(new URL("../../../prompts/", import.meta.url));

/** The product's own prompt files: reading them is how this server tells the task and finds the document in a request. */
export function readTemplates(from: string = folder): Template[] {
  if (!existsSync(from)) return [];
  return readdirSync(from)
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ task: name.slice(0, -3), pieces: cut(readFileSync(`${from}/${name}`, "utf8")) }));
}

const placeholder = /\{\{\s*(\w+)\s*\}\}|<<\s*(\w+)\s*>>|\$\{(\w+)\}|\{(\w+)\}/g;

function cut(file: string): Template["pieces"] {
  const [, matter = "", body = file] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file) ?? [];
  const pieces: Template["pieces"] = [];
  let from = 0;
  for (const match of body.matchAll(placeholder)) {
    const input = match[1] ?? match[2] ?? match[3] ?? match[4]!;
    if (!matter.includes(input)) continue; // braces of a JSON example
    pieces.push({ literal: body.slice(from, match.index), input });
    from = match.index + match[0].length;
  }
  pieces.push({ literal: body.slice(from), input: null });
  return pieces;
}

export interface Recognised {
  task: string;
  inputs: Record<string, string>;
}

/** The template this prompt was filled from, with the inputs read back; null when it is none of them. */
export function recognise(prompt: string, templates: Template[]): Recognised | null {
  for (const { task, pieces } of templates) {
    const opening = firstLine(pieces[0]!.literal);
    if (opening.length < 8 || !prompt.includes(opening)) continue;
    const inputs: Record<string, string> = {};
    let at = prompt.indexOf(opening);
    pieces.forEach(({ literal, input }, index) => {
      if (!input) return;
      const before = lastLine(literal);
      const start = before ? prompt.indexOf(before, at) : at;
      if (start < 0) return;
      const from = start + before.length;
      const after = firstLine(pieces[index + 1]!.literal);
      // The text of a document may hold the closing mark too: the last input ends at the last place of it.
      const end = !after ? prompt.length : index === pieces.length - 2 ? prompt.lastIndexOf(after) : prompt.indexOf(after, from);
      inputs[input] = prompt.slice(from, end < from ? undefined : end).trim();
      at = end < from ? from : end;
    });
    return { task, inputs };
  }
  return null;
}

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);
const firstLine = (text: string): string => lines(text)[0] ?? "";
const lastLine = (text: string): string => lines(text).at(-1) ?? "";
