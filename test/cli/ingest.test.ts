import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { interruption } from "../../src/cli/exit-code.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();
const file = (name: string, content = name) => writeFile(join(fresh.folder, name), content);
const ingest = (argv: string[], options: Parameters<typeof sluice>[2] = {}) => sluice(fresh.memory, ["ingest", ...argv], { cwd: fresh.folder, ...options });

it("reads files and folders; keys are paths below the working directory", async () => {
  await mkdir(join(fresh.folder, "docs/deep"), { recursive: true });
  await Promise.all([file("a.txt"), file("docs/b.txt"), file("docs/deep/c.txt"), file("docs/.hidden")]);
  await symlink(fresh.folder, join(fresh.folder, "docs/loop"));
  const { code, stdout, stderr } = await ingest(["docs", "a.txt"]);
  expect(code).toBe(0);
  expect(fresh.memory.state.uploads.map(({ key, name, content }) => [key, name, String(content)])).toEqual([["docs/b.txt", "b.txt", "docs/b.txt"], ["docs/deep/c.txt", "c.txt", "docs/deep/c.txt"], ["a.txt", "a.txt", "a.txt"]]);
  expect(stdout).toMatch(/^3 documents: 3 done\. 6 chunks, 9 entities, 3 relations; 0 model calls/);
  expect(stderr).toContain("docs/b.txt: parse\ndocs/b.txt: classify\ndocs/b.txt: store\ndocs/b.txt: done");
  expect(await fresh.memory.state.left()).toBe(0);
  expect(fresh.memory.opened[0]).toMatchObject({ workers: true });
});

it("keys what lies outside the working directory by its absolute path", async () => {
  await file("a.txt");
  await ingest([join(fresh.folder, "a.txt")], { cwd: "/" });
  expect(fresh.memory.state.uploads[0]!.key).toBe(join(fresh.folder, "a.txt").slice(1));
  await ingest([join(fresh.folder, "a.txt")], { cwd: join(fresh.folder, "..", "elsewhere") });
  expect(fresh.memory.state.uploads[1]!.key).toBe(join(fresh.folder, "a.txt"));
});

it("--json tells a job a line and then the summary", async () => {
  await Promise.all([file("a.txt"), file("b.txt")]);
  const { lines } = await ingest([".", "--json", "--class", "internal", "--collection", "c"]);
  expect(lines().map((line) => Object.keys(line).includes("summary") ? "summary" : line["status"])).toEqual(["done", "done", "summary"]);
  expect(lines().at(-1)!["summary"]).toMatchObject({ documents: 2, done: 2, failed: 0, chunks: 4, entities: 6, relations: 2, calls: 0, usd: 0 });
  expect(fresh.memory.state.uploads[0]).toMatchObject({ collection: "c", class: "internal" });
});

it("says that nothing changed the second time", async () => {
  await file("a.txt");
  await ingest(["."]);
  const { code, stdout, lines } = await ingest(["."]);
  expect([code, stdout]).toEqual([0, "Nothing has changed: 1 document already here.\n"]);
  expect(() => lines()).toThrow();
});

it("goes on after what cannot be read, names it, and ends with 1", async () => {
  await Promise.all([file("a.txt"), file("empty.txt", "")]);
  const { code, stdout, stderr } = await ingest(["missing.txt", "empty.txt", "a.txt"]);
  expect(code).toBe(1);
  expect(stderr).toContain("missing.txt: not accepted: there is no such file or folder");
  expect(stderr).toContain("empty.txt: not accepted: the file is empty");
  expect(stdout).toContain("3 documents: 1 done, 2 failed");
  expect(await fresh.memory.state.left()).toBe(0);
});

it("skips a format nothing reads when it was met in a folder, and fails when it was named", async () => {
  await Promise.all([file("a.txt"), file("b.exe")]);
  fresh.memory.state.refuse = ({ name }) => {
    if (name.endsWith(".exe")) throw new SluiceError("unsupported_type", "nothing reads this");
  };
  const met = await ingest(["."]);
  expect([met.code, met.stdout]).toEqual([0, expect.stringContaining("1 file of other formats skipped")]);
  expect(met.stderr).toContain("b.exe: skipped: nothing reads this");
  expect((await ingest(["b.exe"])).code).toBe(1);
});

it("waits where the queue is full", async () => {
  await file("a.txt");
  let full = 2;
  fresh.memory.state.refuse = () => {
    if (full-- > 0) throw new SluiceError("overloaded", "wait", { retryAfter: 0.01 });
  };
  expect((await ingest(["a.txt"])).code).toBe(0);
});

it("a failed job ends with 1 and its error", async () => {
  await file("a.txt");
  fresh.memory.outcome.error = { code: "unreadable", message: "the file is damaged" };
  const { code, stderr } = await ingest(["a.txt"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("failed: the file is damaged")]);
});

it("leaves the data folder and control characters out", async () => {
  await mkdir(join(fresh.folder, "data"));
  await Promise.all([file("data/original"), file("a\u001b[31m.txt", "x")]);
  fresh.memory.app.directory = join(fresh.folder, "data");
  const { stderr } = await ingest(["."]);
  expect(fresh.memory.state.uploads).toHaveLength(1);
  expect(stderr).not.toContain("\u001b");
});

it("ends with 130 when it is interrupted, and says that work goes on", async () => {
  await file("a.txt");
  const controller = new AbortController();
  fresh.memory.app.jobs.events = async () => {
    controller.abort(interruption("SIGINT"));
    return null;
  };
  const { code, stderr } = await ingest(["a.txt"], { signal: controller.signal });
  expect([code, stderr]).toEqual([130, expect.stringContaining("goes on at the next start")]);
  expect(fresh.memory.closed()).toBe(1);
});

it("--watch reads a file again when it changes", async () => {
  await mkdir(join(fresh.folder, "docs"));
  await file("docs/a.txt", "one");
  const controller = new AbortController();
  const done = ingest(["docs", "--watch"], { signal: controller.signal });
  const until = async (n: number) => {
    while (fresh.memory.state.uploads.length < n) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await file("b.tmp", "two");
  await rename(join(fresh.folder, "b.tmp"), join(fresh.folder, "docs/a.txt"));
  await until(2);
  controller.abort(interruption("SIGINT"));
  expect((await done).code).toBe(130);
  expect(fresh.memory.state.uploads.map(({ key, content }) => [key, String(content)])).toEqual([["docs/a.txt", "one"], ["docs/a.txt", "two"]]);
});
