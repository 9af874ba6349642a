import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { siblingModule } from "../workers/package-root.ts";
import { needsOcr } from "./needs-ocr.ts";
import type { ParseFunction, ParseRequest } from "./parser.ts";

export interface ParseTask {
  task: "parse";
  request: ParseRequest;
  /** Whether this process may start threads; a parser that finds it must read pictures asks for one that may. */
  ocr: boolean;
}
export interface RenderTask {
  task: "render";
  input: string;
  output: string;
  format: string;
  page: number;
  pixels: number;
}

/** What a child process does; only names and flags go over the channel, the rest is files in its folder. */
export async function run(task: ParseTask | RenderTask): Promise<{ needsOcr: boolean }> {
  if (task.task === "render") return renderPage(task);
  const { parse } = (await import(siblingModule(import.meta.url, task.request.format.parser).href)) as { parse: ParseFunction };
  needsOcr.allowed = task.ocr;
  needsOcr.asked = false;
  const parsed = await parse(task.request);
  if (needsOcr.asked) return { needsOcr: true };
  await writeFile(join(task.request.output, "parsed.json"), JSON.stringify(parsed));
  return { needsOcr: false };
}

async function renderPage(task: RenderTask): Promise<{ needsOcr: boolean }> {
  const { render } = await import("./render-page.ts");
  await writeFile(join(task.output, "page.png"), await render(task));
  return { needsOcr: false };
}
