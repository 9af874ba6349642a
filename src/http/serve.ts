import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { SluiceError } from "../errors.ts";
import { requestIdOf } from "./request-context.ts";
import { problemResponse } from "./problem.ts";

export interface Served {
  url: string;
  port: number;
  /** Takes no new connections, lets running answers end for `graceMs`, then closes what is left. */
  close(graceMs?: number): Promise<void>;
}

/** Serves the app on a socket of its own; `port` 0 takes a free one. */
export async function serve(app: { fetch: (request: Request) => Response | Promise<Response> }, { host, port }: { host: string; port: number }): Promise<Served> {
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => problemResponse(new SluiceError("invalid_input", "the request line or its Host header is not well formed"), requestIdOf(undefined)),
  });
  // A large upload over a slow line takes long; the head of a request does not.
  const server = createServer({ requestTimeout: 3_600_000, headersTimeout: 30_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is in use; choose another with server.port" : `cannot be listened on (${error.code})`;
      reject(new SluiceError("config", `port ${port} on ${host} ${why}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: (graceMs = 2000) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
