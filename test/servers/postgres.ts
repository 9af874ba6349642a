import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { postgresProgram } from "./server-cache.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface PostgresServer extends ServerProcess {
  url: string;
  port: number;
  user: string;
  password: string;
}

const run = promisify(execFile);

/** PostgreSQL with its durability on (`fsync` as shipped), since tests kill it. It refuses root, so as root it runs as `postgres`. */
export async function startPostgres({ settings = {} }: { settings?: Record<string, string> } = {}): Promise<PostgresServer> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), "sluice-postgres-")), await freePort()];
  const [user, password] = ["sluice", randomBytes(12).toString("hex")];
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  const data = join(folder, "data");
  const asRoot = process.getuid?.() === 0;
  try {
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, password, { mode: 0o600 });
    const initialise = [postgresProgram("initdb")!, "-D", data, "-U", user, `--pwfile=${passwordFile}`, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"];
    if (asRoot) for (const path of [folder, passwordFile]) await chown(path, ...(await idsOf("postgres")));
    const [command, ...rest] = asRoot ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--", ...initialise] : initialise;
    await run(command!, rest, { cwd: folder });
    await rm(passwordFile);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const all = { port: `${port}`, listen_addresses: "127.0.0.1", unix_socket_directories: folder, shared_buffers: "32MB", max_connections: "200", ...settings };
  const server = await startProcess({
    name: "PostgreSQL",
    command: postgresProgram("postgres")!,
    arguments: ["-D", data, ...Object.entries(all).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
    folder,
    user: "postgres",
    probe: () => ping(url),
    // A fast shutdown: ends sessions instead of waiting for them.
    stopSignal: "SIGINT",
    startMs: 30_000,
  });
  return Object.assign(server, { url, port, user, password });
}

async function ping(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000 });
  // A connection that breaks while it is closed is not worth a crash.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    await client.end().catch(() => {});
  }
}

async function idsOf(user: string): Promise<[number, number]> {
  const [uid, gid] = await Promise.all([run("id", ["-u", user]), run("id", ["-g", user])]);
  return [Number(uid.stdout), Number(gid.stdout)];
}
