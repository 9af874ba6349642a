import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { openCollections } from "./collections.ts";
import { type DescribedOperation, readDescription } from "./description.ts";
import { openLocalMode } from "./local-mode.ts";
import { RequestError } from "./request-error.ts";
import { openRoutes, type Route } from "./routes.ts";

/** The real server's bound on a request's body. */
const maxBytes = 32 * 1024 * 1024;
const version = { title: "qdrant (local mode of its Python client, for tests)", version: "1.18.3" };
const health: Record<string, string> = { "/healthz": "healthz check passed", "/livez": "healthz check passed", "/readyz": "all shards are ready" };

const [folder, port, apiKey] = [process.argv[2]!, Number(process.argv[3]), process.env.QDRANT_API_KEY!];
const operations = readDescription().sort((one, other) => parametersIn(one) - parametersIn(other));
const local = await openLocalMode(folder);
const collections = openCollections(folder, (await local.call("list", null)) as string[]);
collections.setAliases((await local.call("aliases", null)) as Record<string, string>);
const routes = openRoutes(local, collections);

createServer((request, response) => void answer(request, response)).listen(port, "127.0.0.1");
process.once("SIGTERM", () => {
  local.close();
  process.exit(0);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const begun = performance.now();
  const { pathname, searchParams } = new URL(request.url!, "http://localhost");
  if (health[pathname]) return void response.writeHead(200, { "content-type": "text/plain" }).end(health[pathname]);
  if (pathname === "/") return send(response, 200, version);
  if (request.headers["api-key"] !== apiKey && request.headers.authorization !== `Bearer ${apiKey}`) {
    request.resume();
    return void response.writeHead(401, { "content-type": "text/plain; charset=utf-8" }).end("Invalid API key or JWT");
  }
  const time = (): number => (performance.now() - begun) / 1000;
  const operation = operations.find((each) => each.name.startsWith(`${request.method} `) && each.pattern.test(pathname));
  try {
    if (!operation) throw new RequestError(501, `the test server does not serve ${request.method} ${pathname}`);
    const result = await perform(operation, routes[operation.name]!, request, pathname, searchParams);
    const body = { result, status: "ok", time: time(), usage: null };
    operation.checkAnswer(200, body);
    send(response, 200, body);
  } catch (error) {
    const status = error instanceof RequestError ? error.status : 500;
    if (status === 500) process.stderr.write(`${request.method} ${pathname}: ${(error as Error).stack}\n`);
    const body = { status: { error: (error as Error).message }, time: time(), usage: null };
    send(response, status, body);
  }
}

async function perform(operation: DescribedOperation, route: Route, request: IncomingMessage, path: string, query: URLSearchParams): Promise<unknown> {
  const groups = operation.pattern.exec(path)!.groups ?? {};
  const decoded = Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)]));
  const text = await readBody(request);
  const parameters = operation.parameters(decoded, query);
  const body = parseBody(text);
  operation.checkBody(body);
  return route({ parameters, body: (body ?? {}) as Record<string, unknown> });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
  }
  if (bytes > maxBytes) throw new RequestError(400, `JSON payload (${bytes} bytes) is larger than allowed (limit: ${maxBytes} bytes).`);
  return Buffer.concat(pieces).toString();
}

function parseBody(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestError(400, `Format error in JSON body: ${(error as Error).message}`);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function parametersIn(operation: DescribedOperation): number {
  return operation.name.split("{").length;
}
