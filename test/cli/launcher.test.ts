import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packageRoot } from "../../src/workers/package-root.ts";
import { temporaryFolder } from "./memory-app.ts";

const launcher = join(packageRoot, "bin/sluice.js");
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const module = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
/** Makes this Node call itself an older one, so that the launcher looks for the package's own. */
const older = ["--import", module('Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.9.0" } })')];

function start(argv: string[], options: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...options, launcher, ...argv], { cwd: folder.path, env: { ...process.env, NODE_OPTIONS: "", ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const written = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes) => (written.stdout += String(bytes)));
  child.stderr.on("data", (bytes) => (written.stderr += String(bytes)));
  return { child, written };
}
const ended = async (child: ChildProcess) => ((await once(child, "exit")) as [number | null])[0];

/** The address `serve --json` tells. */
async function listening({ child, written }: ReturnType<typeof start>): Promise<string> {
  while (!written.stdout.includes("\n")) {
    if (child.exitCode !== null) throw new Error(written.stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return (JSON.parse(written.stdout) as { url: string }).url;
}

it.each([["on this Node", []], ["on the package's own", older]])("hands exit codes and output through, %s", async (_, options) => {
  const help = start(["ingest", "--help"], options);
  expect(await ended(help.child)).toBe(0);
  expect(help.written.stdout).toContain("Usage: sluice ingest");
  const wrong = start(["nonsense"], options);
  expect(await ended(wrong.child)).toBe(2);
  expect(wrong.written.stderr).toContain("unknown command");
});

it("switches tracing off before anything is loaded, whatever the environment says", async () => {
  const names = ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"];
  const tell = module(`process.on("exit", () => process.stderr.write(JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name]))))`);
  const { child, written } = start(["--version"], ["--import", tell], Object.fromEntries(names.map((name) => [name, "true"])));
  expect(await ended(child)).toBe(0);
  expect(written.stderr).toBe('["false","false","false","false"]');
});

it("says what is missing where there is no Node that can run it", async () => {
  const elsewhere = module('Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.9.0" } }); Object.defineProperty(process, "arch", { value: "sparc" })');
  const { child, written } = start(["--version"], ["--import", elsewhere]);
  expect(await ended(child)).toBe(2);
  expect(written.stderr).toContain("needs Node 22.18 or newer; this is 20.9.0");
});

it("forwards a signal and waits for a clean end", async () => {
  const served = start(["serve", "--port", "0", "--json", "--data", "served"], older);
  const url = await listening(served);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  served.child.kill("SIGTERM");
  expect(await ended(served.child)).toBe(0);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

it("does not leave the program running when it is killed itself", async () => {
  const served = start(["serve", "--port", "0", "--json", "--data", "killed"], older);
  const url = await listening(served);
  served.child.kill("SIGKILL");
  for (;;) {
    const answers = await fetch(`${url}/health`).then(() => true, () => false);
    if (!answers) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
