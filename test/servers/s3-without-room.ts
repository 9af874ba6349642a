import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

const noRoom = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>';

/** Stands before an S3 service; while `full` is set, what would be kept there is refused as MinIO does when its disk is full. */
export async function startS3WithoutRoom(target: { port: number }): Promise<{ port: number; full: boolean; close(): Promise<void> }> {
  const state = { full: false };
  const relay = createServer((incoming, answer) => {
    if (state.full && incoming.method === "PUT") {
      incoming.resume().on("end", () => answer.writeHead(507, { "Content-Type": "application/xml" }).end(noRoom));
      return;
    }
    const { expect: _, ...headers } = incoming.headers;
    const passed = request({ port: target.port, host: "127.0.0.1", method: incoming.method, path: incoming.url, headers }, (reply) => {
      answer.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(answer).on("error", () => undefined);
      reply.on("error", () => answer.destroy());
    });
    passed.on("error", () => answer.destroy());
    incoming.on("error", () => passed.destroy()).pipe(passed);
  });
  await once(relay.listen(0, "127.0.0.1"), "listening");
  return Object.assign(state, {
    port: (relay.address() as AddressInfo).port,
    async close() {
      relay.closeAllConnections();
      await new Promise((resolve) => relay.close(resolve));
    },
  });
}
