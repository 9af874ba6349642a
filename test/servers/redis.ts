import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface RedisServer extends ServerProcess {
  url: string;
  port: number;
  password: string;
}

/** Redis with an append-only file synced each second: what it acknowledged in the last second may be gone after a crash. */
export async function startRedis({ databases = 4096 }: { databases?: number } = {}): Promise<RedisServer> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), "sluice-redis-")), await freePort()];
  const password = randomBytes(12).toString("hex");
  const server = await startProcess({
    name: "Redis",
    command: "redis-server",
    arguments: ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--requirepass", password, "--databases", `${databases}`],
    folder,
    probe: () => ping(port, password),
    startMs: 20_000,
  });
  return Object.assign(server, { url: `redis://:${password}@127.0.0.1:${port}`, port, password });
}

async function ping(port: number, password: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    socket.setTimeout(1000, () => socket.destroy(new Error("no answer within 1 s")));
    socket.write(`AUTH ${password}\r\nPING\r\n`);
    let answer = "";
    while (!answer.includes("PONG")) {
      const [bytes] = (await once(socket, "data")) as [Buffer];
      answer += bytes.toString();
      if (answer.includes("-LOADING") || answer.includes("-ERR")) throw new Error(answer);
    }
  } finally {
    socket.destroy();
  }
}
