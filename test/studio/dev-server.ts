import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot } from "../../src/workers/package-root.ts";

export const launcher = join(packageRoot, "bin/sluice.js");

/** Counts every byte that anybody sends it, and answers nothing. */
export async function openRecorder() {
  let bytes = 0;
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    });
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => bytes,
    async close() {
      server.close();
      await once(server, "close");
    },
  };
}

/** Everything that makes LangChain trace by itself, to that address. */
export const traceTo = (url: string): Record<string, string> => ({
  LANGSMITH_TRACING: "true",
  LANGSMITH_TRACING_V2: "true",
  LANGCHAIN_TRACING: "true",
  LANGCHAIN_TRACING_V2: "true",
  LANGSMITH_ENDPOINT: url,
  LANGCHAIN_ENDPOINT: url,
  LANGSMITH_API_KEY: "lsv2_pt_recorder",
  LANGCHAIN_API_KEY: "lsv2_pt_recorder",
});

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface Program {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

/** A program in a process group of its own. */
export function start(argv: string[], options: { cwd: string; env?: Record<string, string> }): Program {
  const child = spawn(process.execPath, argv, { cwd: options.cwd, env: { ...process.env, NODE_OPTIONS: "", ...options.env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (text += String(bytes)));
  return { child, output: () => text, ended: once(child, "exit").then(([code]) => code as number | null) };
}

/** Its whole group, for when a test failed half way. */
export function killGroup({ child }: Program): void {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It has ended.
  }
}

export async function answers(url: string, program: Program): Promise<void> {
  while (!(await fetch(url).then(({ ok }) => ok, () => false))) {
    if (program.child.exitCode !== null) throw new Error(`the server ended:\n${program.output()}`);
    await sleep(100);
  }
}

/** Waits until nobody answers there any more. */
export async function silent(url: string): Promise<void> {
  while (await fetch(url).then(() => true, () => false)) await sleep(50);
}
