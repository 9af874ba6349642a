import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openProcessPool } from "../../src/workers/process-pool.ts";

const module = fileURLToPath(new URL("./process-functions.ts", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "sluice-pool-test-"));
const spool = join(folder, "spool");
const limits = { deadline: 20_000, memory: 500 * 2 ** 20 };
const pool = openProcessPool({ module, size: 1, spool, limits, reuse: 3, idle: 30_000 });
afterAll(() => pool.close());

async function run(text: string, argument: (input: string, output: string) => unknown, collect: (value: unknown, output: string) => Promise<unknown> = async (value) => value): Promise<unknown> {
  const input = join(folder, `${text}.txt`);
  await writeFile(input, text);
  return pool.run({ input, argument, collect, signal: new AbortController().signal });
}

describe("a process pool", () => {
  test("lets a process read the one input and takes out what it wrote", async () => {
    expect(await run("one", (input) => ({ act: "read", argument: input }))).toBe("one");
    const written = await run("two", (_, output) => ({ act: "write", argument: join(output, "x") }), (_, output) => readFile(join(output, "x"), "utf8"));
    expect(written).toBe("written");
  });

  test("shows a process neither the input under its own path nor the one before", async () => {
    let before = "";
    await run("first", (input) => ((before = input), { act: "read", argument: input }));
    await expect(run("second", () => ({ act: "read", argument: join(folder, "second.txt") }))).rejects.toThrow();
    const outcome = await run("third", () => ({ act: "read", argument: before })).catch(() => "refused");
    expect(outcome).not.toBe("first");
  });

  test("goes on after a process was killed", async () => {
    const input = join(folder, "one.txt");
    const job = { input, argument: () => ({ act: "loop" }), collect: async () => null, limits: { deadline: 300 }, signal: new AbortController().signal };
    await expect(pool.run(job)).rejects.toMatchObject({ code: "timeout" });
    expect(await run("four", (path) => ({ act: "read", argument: path }))).toBe("four");
  });

  test("removes its folders when it is closed", async () => {
    await pool.close();
    expect(await readdir(spool)).toEqual([]);
  });
});
