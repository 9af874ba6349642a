import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../../src/workers/run-process.ts";

const module = fileURLToPath(new URL("./process-functions.ts", import.meta.url));
const limits = { deadline: 20_000, memory: 500 * 2 ** 20 };
let folder: string;
let server: Server;
let port: string;
let connections = 0;

function run(act: string, argument?: string, changes: Partial<typeof limits> = {}, signal = new AbortController().signal): Promise<unknown> {
  return runProcess({ module, argument: { act, argument }, read: [join(folder, "in.txt")], write: [folder], limits: { ...limits, ...changes }, signal });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  await writeFile(join(folder, "in.txt"), "the input");
  await writeFile(join(folder, "other.txt"), "another document");
  server = createServer(() => connections++).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  port = String((server.address() as AddressInfo).port);
});
afterAll(() => server.close());

describe("a child process", () => {
  test("reads its input, writes its output and answers", async () => {
    expect(await run("read", join(folder, "in.txt"))).toBe("the input");
    await run("write", join(folder, "out.txt"));
    expect(await readFile(join(folder, "out.txt"), "utf8")).toBe("written");
  });

  test("has an empty environment", async () => {
    expect(await run("environment")).toEqual({ isMainThread: true });
  });

  test("reads nothing else: no other document, no system file", async () => {
    await expect(run("read", join(folder, "other.txt"))).rejects.toMatchObject({ code: "unreadable", cause: { message: expect.stringContaining("restricted") } });
    await expect(run("read", "/etc/passwd")).rejects.toMatchObject({ cause: { message: expect.stringContaining("restricted") } });
  });

  test("writes nowhere else and starts or signals no program", async () => {
    await expect(run("write", join(tmpdir(), "sluice-escaped.txt"))).rejects.toThrow();
    await expect(run("spawn")).rejects.toThrow();
    await expect(run("killParent")).rejects.toThrow();
  });

  test.each(["connect", "socket", "http", "fetch", "dns"])("is refused the network through %s", async (act) => {
    await expect(run(act, port)).rejects.toMatchObject({ cause: { message: expect.stringContaining("no network here") } });
    expect(connections).toBe(0);
  });

  test("is killed at its deadline", async () => {
    await expect(run("loop", "", { deadline: 500 })).rejects.toMatchObject({ code: "timeout" });
  });

  test("is killed when it takes too much memory", async () => {
    await expect(run("hoard", "", { memory: 200 * 2 ** 20 })).rejects.toMatchObject({ code: "too_large" });
  });

  test("is killed when its caller gives up", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await expect(run("loop", "", {}, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
  });

  test("that crashes ends with a clear error", async () => {
    await expect(run("exit")).rejects.toMatchObject({ code: "unreadable" });
  });

  test("passes our own errors through and hides a foreign message in the cause", async () => {
    await expect(run("refuse")).rejects.toMatchObject({ code: "too_large", message: "more than 10 pages; split the file" });
    const error: Error = await run("quote").then(String, (thrown) => thrown);
    expect(error.message).not.toContain("secret");
  });
});
