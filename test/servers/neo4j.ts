import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import neo4j from "neo4j-driver";
import { freePort } from "./free-port.ts";
import { neo4jJars } from "./server-cache.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface Neo4jServer extends ServerProcess {
  url: string;
  port: number;
  user: string;
  password: string;
}

/** Neo4j Community 5.26 from its Maven jars; about 400 MB and 8 s. It has one database, so tests on a shared server keep apart by tenant. */
export async function startNeo4j({ settings = {} }: { settings?: Record<string, string> } = {}): Promise<Neo4jServer> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), "sluice-neo4j-")), await freePort()];
  const [user, password, url] = ["neo4j", randomBytes(12).toString("hex"), `bolt://127.0.0.1:${port}`];
  const all = {
    "server.default_listen_address": "127.0.0.1",
    "server.bolt.listen_address": `127.0.0.1:${port}`,
    "server.bolt.advertised_address": `127.0.0.1:${port}`,
    "server.http.enabled": "false",
    "dbms.security.auth_enabled": "true",
    "dbms.usage_report.enabled": "false",
    "server.memory.pagecache.size": "64m",
    // Without it an orderly stop takes 10 s.
    "internal.server.bolt.thread_pool_shutdown_wait_time": "0s",
    ...settings,
  };
  await mkdir(join(folder, "conf"));
  await writeFile(join(folder, "conf", "neo4j.conf"), Object.entries(all).map(([key, value]) => `${key}=${value}\n`).join(""));
  let owned = false;
  const server = await startProcess({
    name: "Neo4j",
    command: "java",
    arguments: ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", join(neo4jJars, "*"), "org.neo4j.server.CommunityEntryPoint", `--home-dir=${folder}`, `--config-dir=${join(folder, "conf")}`, "--console-mode"],
    folder,
    environment: { NEO4J_HOME: folder, NEO4J_CONF: join(folder, "conf") },
    probe: async () => {
      if (!owned) await setPassword(url, user, password);
      owned = true;
      await query(url, user, password, "neo4j", "RETURN 1");
    },
    startMs: 120_000,
  });
  return Object.assign(server, { url, port, user, password });
}

/** Through the server itself: its admin tool would start a second Java machine. */
const setPassword = (url: string, user: string, password: string): Promise<void> => query(url, user, "neo4j", "system", "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", { password });

async function query(url: string, user: string, password: string, database: string, text: string, parameters: Record<string, unknown> = {}): Promise<void> {
  const driver = neo4j.driver(url, neo4j.auth.basic(user, password), { connectionTimeout: 2000, maxTransactionRetryTime: 0, telemetryDisabled: true });
  try {
    const session = driver.session({ database });
    await session.run(text, parameters);
    await session.close();
  } finally {
    await driver.close();
  }
}
