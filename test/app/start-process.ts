import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait-for-job.ts";

const launcher = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

/** A command that ends by itself. */
export async function runCommand(argv: string[], environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [launcher, ...argv], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output };
}

/** A command of the product as a process of its own; resolves with its first JSON line once it runs. `--json` is added. */
export async function startProcess(argv: string[], environment: Record<string, string> = {}): Promise<{ first: Record<string, unknown>; child: ChildProcess; ended: Promise<number | null>; output(): string }> {
  const child = spawn(process.execPath, [launcher, ...argv, "--json"], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  const line = await waitFor(() => output.split("\n").find((each) => each.startsWith("{") && each.endsWith("}")), (found) => {
    if (found === undefined && child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output}`);
    return found !== undefined;
  });
  return { first: JSON.parse(line!) as Record<string, unknown>, child, ended, output: () => output };
}
