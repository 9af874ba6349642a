import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const answer = `${JSON.stringify({ model: "m", message: { role: "assistant", content: "It was extended." }, done: false })}\n${JSON.stringify({ model: "m", message: { role: "assistant", content: "" }, done: true, done_reason: "stop", prompt_eval_count: 1000, eval_count: 4 })}\n`;
const replies: Record<string, string> = {
  "/api/tags": JSON.stringify({ models: [{ name: "m:latest", size: 2e9, digest: "1" }] }),
  "/api/show": JSON.stringify({ capabilities: ["completion"], model_info: {} }),
  "/api/chat": answer,
};

export interface InstantServer {
  url: string;
  close(): void;
}

/** An Ollama, local or cloud, that answers every call at once with the same words: what is measured is the caller's own. */
export async function startInstantServer(): Promise<InstantServer> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end(replies[request.url ?? ""] ?? "{}"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The same in a process of its own, so that this one's processor time is the caller's alone. */
export async function startInstantServerApart(): Promise<InstantServer> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const url of createInterface(child.stdout)) return { url, close: () => void child.kill() };
  throw new Error("the server's process ended early");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${(await startInstantServer()).url}\n`);
