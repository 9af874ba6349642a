import { lstat, readFile, rename, rm, copyFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ParsedDocument } from "../data/block.ts";
import { SluiceError } from "../errors.ts";
import { siblingModule } from "../workers/package-root.ts";
import { openProcessPool, type ProcessPool } from "../workers/process-pool.ts";
import { detect } from "./detect.ts";
import { formats } from "./formats.ts";
import type { ParseTask, RenderTask } from "./parse-child.ts";
import type { Format, Parsers, ParseRequest } from "./parser.ts";

const megabyte = 2 ** 20;

export const ParsersOptions = z.strictObject({
  /** Processes at a time; as many as cores when not given. */
  size: z.number().int().positive().default(availableParallelism()),
  /** ms for one file, and for one that is read with OCR. */
  deadline: z.number().int().positive().default(120_000),
  ocrDeadline: z.number().int().positive().default(600_000),
  /** Resident bytes of one process. */
  memory: z.number().int().positive().default(1500 * megabyte),
  /** Files one process reads before it is replaced. */
  reuse: z.number().int().positive().default(50),
  /** Folder for the private folders of the processes; the system's own when not given. */
  spool: z.string().default(tmpdir()),
  limits: z
    .strictObject({
      pages: z.number().int().positive().default(5000),
      characters: z.number().int().positive().default(20_000_000),
      pixels: z.number().int().positive().default(100_000_000),
      unpackedBytes: z.number().int().positive().default(500 * megabyte),
      ratio: z.number().positive().default(200),
      entries: z.number().int().positive().default(10_000),
    })
    .prefault({}),
});
export type ParsersOptions = z.input<typeof ParsersOptions>;

/** Reads files in child processes; none is started before it is needed. */
export function openParsers(given: ParsersOptions = {}): Parsers {
  const options = ParsersOptions.parse(given);
  const module = fileURLToPath(siblingModule(import.meta.url, "parse-child"));
  const common = { module, spool: options.spool, reuse: options.reuse, idle: 30_000 };
  const plain = openProcessPool({ ...common, size: options.size, limits: { deadline: options.deadline, memory: options.memory } });
  const withOcr = openProcessPool({ ...common, size: options.size, limits: { deadline: options.ocrDeadline, memory: options.memory }, allowWorker: true });

  async function parse(request: Parameters<Parsers["parse"]>[0], signal: AbortSignal): Promise<ParsedDocument> {
    const limits = { ...options.limits, ...request.limits };
    const run = (pool: ProcessPool, ocr: boolean) =>
      pool.run<{ needsOcr: boolean }, ParsedDocument | null>({
        input: request.input,
        argument: (input, output): ParseTask => ({ task: "parse", ocr, request: { ...request, input, output, limits } }),
        collect: async (value, output) => (value.needsOcr ? null : collect(output, request)),
        signal,
      });
    const ocrFirst = request.ocrPictures || request.format.parser === "picture";
    const parsed = (ocrFirst ? null : await run(plain, false)) ?? (await run(withOcr, true));
    if (!parsed) throw failed();
    return parsed;
  }

  async function renderPage(input: string, format: Format, page: number, signal: AbortSignal): Promise<Buffer> {
    const renderable = ["pdf", "picture"].includes(format.parser);
    if (!renderable) throw new SluiceError("unsupported_type", `pages of ${format.id} files cannot be shown as pictures; pages of pdf, png and jpeg files can`);
    return plain.run({
      input,
      argument: (path, output): RenderTask => ({ task: "render", input: path, output, format: format.parser, page, pixels: options.limits.pixels }),
      collect: (_, output) => readFile(join(output, "page.png")),
      signal,
    });
  }

  return {
    formats,
    limits: options.limits,
    detect,
    parse,
    renderPage,
    close: async () => void (await Promise.all([plain.close(), withOcr.close()])),
  };
}

/** The process read a hostile file, so what it wrote is checked like a stranger's: its shape, and plain files only. */
async function collect(folder: string, request: Pick<ParseRequest, "output">): Promise<ParsedDocument> {
  const text = await readPlain(join(folder, "parsed.json"));
  const parsed = ParsedDocument.parse(JSON.parse(text));
  const files = [...new Set([...parsed.pictures, ...parsed.children].map((each) => each.file))];
  for (const file of files) {
    if (!/^[a-z]+-\d+(\.[a-z0-9]+)?$/.test(file)) throw failed();
    await plainFile(join(folder, file));
    await move(join(folder, file), join(request.output, file));
  }
  await move(join(folder, "parsed.json"), join(request.output, "parsed.json"));
  return parsed;
}

async function readPlain(path: string): Promise<string> {
  await plainFile(path);
  return readFile(path, "utf8");
}

async function plainFile(path: string): Promise<void> {
  const stat = await lstat(path).catch(() => null);
  if (!stat?.isFile() || stat.nlink !== 1) throw failed();
}

async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async () => {
    await copyFile(from, to);
    await rm(from);
  });
}

const failed = (): SluiceError => new SluiceError("unreadable", "the process that read the file gave back something that is no document; the file is damaged or hostile");
