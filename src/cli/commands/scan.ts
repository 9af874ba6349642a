import { basename, resolve } from "node:path";
import { z } from "zod";
import type { Class, Signal } from "../../data/classification.ts";
import { isAbort, publicError } from "../../errors.ts";
import { addCommand, collectionOption, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { inOrder, inputLines } from "../input-lines.ts";

interface Options extends CommonOptions {
  collection: string;
  batch?: string;
}

const batchWidth = 8;

export function scanCommand(commands: Commands): void {
  addCommand(commands.program, "scan [files...]", "the privacy verdict on files or texts; nothing is stored")
    .addOption(collectionOption())
    .option("--batch <file>", 'lines { "id", "text" } in (- for stdin), one verdict a line out')
    .action((files: string[], options: Options) => {
      if ((options.batch === undefined) === (files.length === 0)) commands.program.error("error: give files or --batch FILE, one of the two", { exitCode: 2 });
      return withApp(commands, options, (run) => (options.batch === undefined ? scanFiles(files, options, run) : scanBatch(options.batch, options, run)));
    });
}

async function scanFiles(files: string[], { collection }: Options, { app, output, signal, parts, failed }: Run): Promise<void> {
  for (const file of files) {
    try {
      const path = resolve(parts.terminal.cwd, file);
      const verdict = await app.scan({ path, name: basename(path) }, { collection, signal });
      await output.result({ name: file, ...verdict }, () => verdictWords(file, verdict));
    } catch (error) {
      if (isAbort(error)) throw error;
      failed();
      const shown = publicError(error);
      output.note(`${file}: ${shown.message}`);
      if (output.json) await output.result({ name: file, error: shown }, () => "");
    }
  }
}

function verdictWords(name: string, verdict: { class: Class; spans: Signal[] }): string {
  const kinds = new Map<string, { class: Class; places: string[] }>();
  for (const { kind, start, end, class: its } of verdict.spans) {
    const row = kinds.get(kind) ?? { class: its, places: [] };
    row.places.push(`${start}–${end}`);
    kinds.set(kind, row);
  }
  const lines = [...kinds].map(([kind, { class: its, places }]) => `  ${kind} → ${its}: ${places.length}× at ${places.slice(0, 8).join(", ")}${places.length > 8 ? ", …" : ""}`);
  return [`${name}: ${verdict.class}${lines.length === 0 ? " (nothing found)" : ""}`, ...lines].join("\n");
}

async function scanBatch(file: string, { collection }: Options, { app, output, signal, parts, failed }: Run): Promise<void> {
  const Line = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });
  const verdicts = inOrder(inputLines(file, Line, parts.terminal), batchWidth, async (line) => {
    if ("error" in line) return { line: line.number, error: publicError(line.error) };
    const { id, text } = line.value;
    try {
      return { id, ...(await app.scan({ text }, { collection, signal })) };
    } catch (error) {
      if (isAbort(error)) throw error;
      return { id, error: publicError(error) };
    }
  });
  for await (const verdict of verdicts) {
    if ("error" in verdict) failed();
    await output.result(verdict, () => JSON.stringify(verdict));
  }
}
