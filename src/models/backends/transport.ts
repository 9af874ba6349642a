import type { LookupFunction, Socket } from "node:net";
import { lookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import { Failure } from "../failure.ts";
import { isPrivateAddress } from "../location.ts";

export interface WireRequest {
  method: "GET" | "POST";
  path: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
  signal: AbortSignal;
}

export interface WireReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: AsyncIterable<Uint8Array>;
}

export interface Transport {
  send(request: WireRequest): Promise<WireReply>;
  close(): void;
}

/**
 * HTTP without what makes `fetch` unfit here: it follows no redirect, asks no proxy, waits for headers as long as the
 * signal allows, and (`privateOnly`) refuses a public address at the moment it would connect.
 */
export function openTransport(options: { url: string; privateOnly: boolean }): Transport {
  const base = new URL(options.url);
  const secure = base.protocol === "https:";
  // A kept connection rests at most 4 s: most servers close theirs after 5, and a closed one looks like a failed call.
  const agent = secure ? new https.Agent({ keepAlive: true, timeout: 4000 }) : new http.Agent({ keepAlive: true, timeout: 4000 });
  const prefix = base.pathname.replace(/\/$/u, "");

  const guarded = new WeakSet<Socket>();

  /** An abort while a connection is given back destroys it when Node listens to it no more; that must not end the process. */
  function guard(socket: Socket): void {
    if (guarded.has(socket)) return;
    guarded.add(socket);
    socket.on("error", () => {});
  }

  function send(request: WireRequest): Promise<WireReply> {
    const { signal } = request;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const body = request.body === undefined ? null : Buffer.from(request.body as string);
      const call = (secure ? https : http).request({
        agent,
        method: request.method,
        hostname: base.hostname.replace(/^\[|\]$/gu, ""),
        port: base.port || (secure ? 443 : 80),
        path: prefix + request.path,
        headers: { accept: "application/json", ...(body ? { "content-type": "application/json", "content-length": body.length } : {}), ...request.headers },
        ...(options.privateOnly ? { lookup: privateLookup } : {}),
      });
      call.on("response", (response) => {
        // Whoever reads it sees its errors; one that comes when nobody reads any more must not end the process.
        response.on("error", () => {});
        response.on("end", keep);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
      });
      call.on("error", reject);
      call.on("socket", guard);
      const abort = () => void call.destroy(new Error("aborted", { cause: signal.reason }));
      const keep = () => signal.removeEventListener("abort", abort);
      signal.addEventListener("abort", abort, { once: true });
      call.on("close", keep);
      call.end(body);
    });
  }

  return {
    send,
    close: () => agent.destroy(),
  };
}

const privateLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "");
    if (addresses.some(({ address }) => !isPrivateAddress(address))) {
      return callback(new Failure("network", "its name resolves to a public address now; nothing was sent", { sent: false }), "");
    }
    if (options.all) return callback(null, addresses);
    return callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/** The whole body as text, at most `limit` characters. */
export async function readText(body: AsyncIterable<Uint8Array>, limit = 16 * 1024 * 1024): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    if (text.length > limit) throw new Failure("broken_stream", "its answer is longer than any answer may be");
  }
  return text;
}

/** An answer that had begun and whose connection ends is a broken answer, not an unreachable server. */
export async function* wholeBody(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Failure("broken_stream", "its answer broke off", { cause: error });
  }
}

/** Each line of a body as JSON. Throws `Failure` where it breaks off or a line is none. */
export async function* jsonLines<T>(body: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = "";
  const read = (line: string): T => {
    try {
      return JSON.parse(line) as T;
    } catch {
      throw new Failure("broken_stream", "its answer has a line that is not JSON");
    }
  };
  for await (const part of wholeBody(body)) {
    const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line.trim()) yield read(line);
  }
  if (rest.trim()) yield read(rest);
}
