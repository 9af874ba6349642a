import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelServer } from "../../servers/model-server/model-server.ts";

const preload = new URL("./kill-at-write.ts", import.meta.url).href;
const child = fileURLToPath(new URL("./ingest-child.ts", import.meta.url));

/** Runs the application on `file` in a process of its own, which is killed at its n-th durable write; false: it ended before that. `work`: a folder of the test. */
export async function runKilledAt(n: number, data: string, file: string, server: ModelServer, work: string): Promise<boolean> {
  const environment = { ...process.env, SLUICE_TEST_COUNTER: `${data}.counter`, SLUICE_TEST_KILL_AT: String(n), NODE_COMPILE_CACHE: join(work, "compiled") };
  const running = spawn(process.execPath, ["--import", preload, child, data, file, server.url], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  running.stderr.on("data", (text: Buffer) => (complaint += text.toString()));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => running.on("close", (...ended) => resolve(ended)));
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`the child failed: ${complaint}`);
  return signal === "SIGKILL";
}
