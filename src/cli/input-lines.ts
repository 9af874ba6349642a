import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import type { z } from "zod";
import { SluiceError } from "../errors.ts";
import type { Terminal } from "./cli-app.ts";

export type Line<T> = { value: T } | { error: SluiceError; number: number };

/** Lines of a JSONL file (`-` is stdin), read as they are asked for; blank ones are left out, wrong ones say which. */
export async function* inputLines<T>(file: string, schema: z.ZodType<T>, terminal: Terminal): AsyncGenerator<Line<T>> {
  const source = file === "-" ? terminal.stdin : createReadStream(resolve(terminal.cwd, file), "utf8");
  const broken = new Promise<never>((_, reject) => {
    source.once("error", (cause: unknown) => reject(new SluiceError("invalid_input", `${file} cannot be read`, { cause })));
  });
  broken.catch(() => undefined);
  const lines = createInterface({ input: source, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (let number = 1; ; number++) {
    const { done, value } = await Promise.race([lines.next(), broken]);
    if (done) break;
    if (value.trim() !== "") yield readLine(value, number, schema);
  }
}

function readLine<T>(text: string, number: number, schema: z.ZodType<T>): Line<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { number, error: new SluiceError("invalid_input", `line ${number} is not JSON`) };
  }
  const read = schema.safeParse(json);
  if (read.success) return { value: read.data };
  const words = read.error.issues.map(({ path, message }) => `${path.join(".") || "value"}: ${message}`).join("; ");
  return { number, error: new SluiceError("invalid_input", `line ${number}: ${words}`) };
}

/** Applies `work` to up to `width` inputs at once; results come in the order of the inputs, which are read no faster. */
export async function* inOrder<T, R>(source: AsyncIterable<T>, width: number, work: (input: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const input of source) {
    const result = work(input);
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= width) yield await running.shift()!;
  }
  while (running.length > 0) yield await running.shift()!;
}
