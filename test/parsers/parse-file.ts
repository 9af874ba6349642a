import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll } from "vitest";
import type { ParsedDocument } from "../../src/data/block.ts";
import { openParsers, type ParsersOptions } from "../../src/parsers/parse.ts";
import type { Parsers } from "../../src/parsers/parser.ts";
import { saveAs } from "./sample-files.ts";

export interface ParsedFile extends ParsedDocument {
  output: string;
  mismatch: boolean;
}

/** Parsers for one test file, and a function that takes a file the whole way: saved, recognised, read. */
export function openTestParsers(options: ParsersOptions = {}): { parsers: Parsers; parseFile(name: string, bytes: Uint8Array | string, changes?: { ocrPictures?: boolean }): Promise<ParsedFile> } {
  const parsers = openParsers(options);
  afterAll(() => parsers.close());
  return {
    parsers,
    async parseFile(name, bytes, changes = {}) {
      const input = await saveAs(basename(name), bytes);
      const output = await mkdtemp(join(tmpdir(), "sluice-parsed-"));
      const { format, mismatch } = await parsers.detect(input, name);
      const request = { input, output, format, ocrPictures: false, ocrLanguages: ["eng"], ...changes };
      return { ...(await parsers.parse(request, new AbortController().signal)), output, mismatch };
    },
  };
}

export const textOf = (document: ParsedDocument): string => document.blocks.map((block) => block.text).join("\n");
