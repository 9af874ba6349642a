import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that answers with what it is given; `received` are the bodies, by path. */
export async function startBareServer(answer: (path: string, body: string) => { status?: number; body: string } | "hang-up") {
  const received: { path: string; body: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = request.url ?? "";
      received.push({ path, body, authorization: request.headers.authorization });
      const given = answer(path, body);
      if (given === "hang-up") return response.destroy();
      response.writeHead(given.status ?? 200).end(given.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, close };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) body += String(part);
  return body;
}

/** An Ollama cloud with one model, whose last line of every answer is the given one. */
export const bareCloud = (content: string, last: Record<string, unknown>) => (path: string) => {
  if (path === "/api/tags") return { body: JSON.stringify({ models: [{ name: "gpt-oss:20b" }] }) };
  if (path !== "/api/chat") return { body: JSON.stringify({ capabilities: ["completion"], model_info: {} }) };
  const lines = [{ message: { role: "assistant", content }, done: false }, { message: { role: "assistant", content: "" }, done: true, done_reason: "stop", ...last }];
  return { body: lines.map((line) => `${JSON.stringify({ model: "gpt-oss:20b", ...line })}\n`).join("") };
};
