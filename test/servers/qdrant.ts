import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface QdrantServer extends ServerProcess {
  url: string;
  port: number;
  apiKey: string;
}

/**
 * Qdrant's routes over the local mode of its Python client: the same semantics, slower, exact search. Every request and answer is
 * checked against Qdrant's API description, and filters need payload indexes as in strict mode. Quantisation and durability are
 * accepted and shown, but do nothing; a killed process keeps what it acknowledged.
 */
export async function startQdrant(): Promise<QdrantServer> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), "sluice-qdrant-")), await freePort()];
  const [apiKey, url] = [randomBytes(16).toString("hex"), `http://127.0.0.1:${port}`];
  const server = await startProcess({
    name: "Qdrant's local mode",
    command: process.execPath,
    arguments: [fileURLToPath(new URL("qdrant/server.ts", import.meta.url)), folder, `${port}`],
    folder,
    environment: { QDRANT_API_KEY: apiKey, NODE_OPTIONS: "" },
    probe: async () => {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
      if (!answer.ok) throw new Error(`readyz answers ${answer.status}`);
    },
    startMs: 60_000,
  });
  return Object.assign(server, { url, port, apiKey });
}
