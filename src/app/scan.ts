import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Class, type Signal, strictest } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import type { Parsers } from "../parsers/parser.ts";
import type { Passage, Privacy } from "../privacy/privacy.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { SluiceError } from "../errors.ts";
import { passagesOf, placedSignals } from "../steps/classify.ts";
import { nameAlone } from "../steps/child-paths.ts";
import { defined, type ParseOptions } from "../steps/parse-options.ts";

export interface ScanParts {
  files: Pick<FileStore, "temporary">;
  parsers: Parsers;
  privacy: Privacy;
  options: ParseOptions;
}

/** The verdict on a file or text; nothing is stored. Spans are offsets in the text, of a file: of all its blocks. */
export async function scan(input: { path: string; name: string } | { text: string }, scope: Scope, signal: AbortSignal, parts: ScanParts): Promise<{ class: Class; spans: Signal[] }> {
  return "text" in input ? verdict([{ text: input.text, role: "body", at: 0 }], scope, parts) : scanFile(input, 0, scope, signal, parts);
}

async function verdict(passages: (Passage & { at: number | null })[], scope: Scope, { privacy }: ScanParts): Promise<{ class: Class; spans: Signal[] }> {
  const verdicts = await privacy.scan(passages, scope);
  return { class: strictest(...verdicts.map((each) => each.class)), spans: placedSignals(verdicts, passages) };
}

/** A file is as private as what is attached to it or lies in it; what of that cannot be read could be anything. */
async function scanFile(input: { path: string; name: string }, depth: number, scope: Scope, signal: AbortSignal, parts: ScanParts): Promise<{ class: Class; spans: Signal[] }> {
  const { format } = await parts.parsers.detect(input.path, input.name);
  const output = await parts.files.temporary();
  await mkdir(output, { recursive: true, mode: 0o700 });
  try {
    const parsed = await parts.parsers.parse({ input: input.path, output, format, ocrPictures: true, ocrLanguages: parts.options.ocrLanguages, limits: defined(parts.options.limits) }, signal);
    const own = await verdict(passagesOf(parsed, input.name, []), scope, parts);
    const classes: Class[] = [own.class];
    for (const { path, file } of parsed.children) {
      const child = { path: join(output, file), name: path.split("/").at(-1) || nameAlone(input.name) };
      const read = depth < parts.options.depth ? await scanFile(child, depth + 1, scope, signal, parts).catch(unread) : { class: "pii" as const };
      classes.push(read.class);
    }
    return { ...own, class: strictest(...classes) };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

function unread(error: unknown): { class: Class } {
  if (error instanceof SluiceError && error.code !== "cancelled") return { class: "pii" };
  throw error;
}
