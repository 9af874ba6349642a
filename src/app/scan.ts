import { mkdir, rm } from "node:fs/promises";
import { type Class, type Signal, strictest } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import type { Parsers } from "../parsers/parser.ts";
import type { Passage, Privacy } from "../privacy/privacy.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { passagesOf, placedSignals } from "../steps/classify.ts";
import type { ParseOptions } from "../steps/parse-options.ts";

export interface ScanParts {
  files: Pick<FileStore, "temporary">;
  parsers: Parsers;
  privacy: Privacy;
  options: ParseOptions;
}

/** The verdict on a file or text; nothing is stored. Spans are offsets in the text, of a file: of all its blocks. */
export async function scan(input: { path: string; name: string } | { text: string }, scope: Scope, signal: AbortSignal, parts: ScanParts): Promise<{ class: Class; spans: Signal[] }> {
  const passages = "text" in input ? [{ text: input.text, role: "body", at: 0 }] : await readFilePassages(input, signal, parts);
  const verdicts = await parts.privacy.scan(passages, scope);
  return { class: strictest(...verdicts.map((each) => each.class)), spans: placedSignals(verdicts, passages) };
}

async function readFilePassages(input: { path: string; name: string }, signal: AbortSignal, parts: ScanParts): Promise<(Passage & { at: number | null })[]> {
  const { format } = await parts.parsers.detect(input.path, input.name);
  const output = await parts.files.temporary();
  await mkdir(output, { recursive: true, mode: 0o700 });
  try {
    const parsed = await parts.parsers.parse({ input: input.path, output, format, ocrPictures: true, ocrLanguages: parts.options.ocrLanguages }, signal);
    return passagesOf(parsed, input.name, []);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}
