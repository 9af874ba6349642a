import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { describe, test } from "vitest";
import type { ServerName } from "./server-cache.ts";

export interface RealServers {
  neo4j: { url: string; user: string; password: string };
  qdrant: { url: string; apiKey: string };
  redis: { url: string };
  postgres: { url: string };
  s3: { endpoint: string; region: string; bucket: string; accessKeyId: string; secretAccessKey: string };
}

const variables: { [Name in ServerName]: Record<keyof RealServers[Name], string> } = {
  neo4j: { url: "SLUICE_TEST_NEO4J_URL", user: "SLUICE_TEST_NEO4J_USER", password: "SLUICE_TEST_NEO4J_PASSWORD" },
  qdrant: { url: "SLUICE_TEST_QDRANT_URL", apiKey: "SLUICE_TEST_QDRANT_KEY" },
  redis: { url: "SLUICE_TEST_REDIS_URL" },
  postgres: { url: "SLUICE_TEST_POSTGRES_URL" },
  s3: { endpoint: "SLUICE_TEST_S3_ENDPOINT", region: "SLUICE_TEST_S3_REGION", bucket: "SLUICE_TEST_S3_BUCKET", accessKeyId: "SLUICE_TEST_S3_KEY_ID", secretAccessKey: "SLUICE_TEST_S3_SECRET" },
};

/** The server that `scripts/with-servers.ts` (or a person) has named in the environment; undefined when its variables are not set. */
export function realServer<Name extends ServerName>(name: Name): RealServers[Name] | undefined {
  const entries = Object.entries<string>(variables[name]).map(([field, variable]) => [field, process.env[variable]] as const);
  const missing = entries.filter(([, value]) => !value).length;
  if (missing === entries.length) return undefined;
  if (missing) throw new Error(`set all of ${Object.values(variables[name]).join(", ")}, or none`);
  return Object.fromEntries(entries) as unknown as RealServers[Name];
}

/** A suite on a real server. Without one a single skipped test stands for it, so that it is counted, and says how to run it. */
export function describeOn<Name extends ServerName>(name: Name, title: string, suite: (server: RealServers[Name]) => void): void {
  const server = realServer(name);
  if (server) describe(title, () => suite(server));
  else test.skip(`${title} (needs ${Object.values(variables[name]).join(", ")}: node scripts/with-servers.ts --only ${name} -- npx vitest run …)`, () => {});
}

/** As `describeOn`, for a suite that needs several servers. */
export function describeOnAll<Name extends ServerName>(names: readonly Name[], title: string, suite: (servers: Pick<RealServers, Name>) => void): void {
  const servers = names.map((name) => [name, realServer(name)] as const);
  if (servers.every(([, server]) => server)) describe(title, () => suite(Object.fromEntries(servers) as Pick<RealServers, Name>));
  else test.skip(`${title} (needs servers: node scripts/with-servers.ts --only ${names.join(",")} -- npx vitest run …)`, () => {});
}

/** A name that no other test has; lower case, letters and digits: good for a tenant, a collection, a prefix, a bucket or a database. */
export const ownName = (prefix = "test"): string => `${prefix}${randomBytes(8).toString("hex")}`;

/**
 * Waits until no other test on this machine holds the server, then holds it: for tests that change all of it, as in Neo4j Community,
 * which has one database only. A test that dies lets go.
 */
export async function holdServer(name: ServerName, server: { url: string } | { endpoint: string }): Promise<{ close(): Promise<void> }> {
  const { host } = new URL("url" in server ? server.url : server.endpoint);
  // An abstract socket: one listener at a time, gone with its process. Elsewhere than on Linux nothing is held.
  if (process.platform !== "linux") return { close: async () => {} };
  for (;;) {
    const socket = createServer().listen(`\0sluice-test-${name}-${host}`);
    try {
      await once(socket, "listening");
      return { close: () => new Promise((resolve) => socket.close(() => resolve())) };
    } catch {
      await sleep(50);
    }
  }
}

/** An empty database of its own on the shared PostgreSQL; `close` ends its sessions and drops it. */
export async function ownPostgres(server: RealServers["postgres"]): Promise<{ url: string; close(): Promise<void> }> {
  const database = ownName("sluice_");
  const administer = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await administer(`create database ${database}`);
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return { url: url.href, close: () => administer(`drop database if exists ${database} with (force)`) };
}

/** An empty numbered database of its own on the shared Redis (which has 4,096 of them). Publish and subscribe reach across numbers: prefix channels. */
export async function ownRedis(server: RealServers["redis"]): Promise<{ url: string; prefix: string; close(): Promise<void> }> {
  const client = new Redis(server.url);
  const [, databases] = (await client.config("GET", "databases")) as [string, string];
  const number = 1 + (((await client.incr("databases given out")) - 1) % (Number(databases) - 1));
  await client.select(number);
  await client.flushdb();
  const url = new URL(server.url);
  url.pathname = `/${number}`;
  return {
    url: url.href,
    prefix: ownName("sluice"),
    close: async () => {
      await client.flushdb();
      await client.quit();
    },
  };
}
